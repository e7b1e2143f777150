"""The catalogue that serves: one version for the whole of a request, so no page mixes two."""

from flask import Flask, current_app, g

from learnhub.content.schema import Catalogue
from learnhub.content.shelf import Shelf


def init_app(app: Flask, shelf: Shelf) -> None:
    """Serve content from `shelf`."""
    app.extensions["shelf"] = shelf
    app.jinja_env.globals["has_page"] = has_page


def shelf() -> Shelf:
    """The shelf of the running app, with the fault of the last publication, if it had one."""
    found: Shelf = current_app.extensions["shelf"]
    return found


def has_page(slug: str) -> bool:
    """Whether the content that serves has the single page of that slug, so that it can be linked to."""
    return any(page.slug == slug for page in catalogue().pages)


def catalogue() -> Catalogue:
    """The catalogue of this request."""
    if "catalogue" not in g:
        g.catalogue = shelf().current()
    found: Catalogue = g.catalogue
    return found
