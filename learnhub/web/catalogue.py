"""The catalogue that serves: one version for the whole of a request, so no page mixes two."""

from flask import Flask, current_app, g

from learnhub.content.schema import Catalogue
from learnhub.content.shelf import Shelf


def init_app(app: Flask, shelf: Shelf) -> None:
    """Serve content from `shelf`."""
    app.extensions["shelf"] = shelf


def shelf() -> Shelf:
    """The shelf of the running app, with the fault of the last publication, if it had one."""
    found: Shelf = current_app.extensions["shelf"]
    return found


def catalogue() -> Catalogue:
    """The catalogue of this request."""
    if "catalogue" not in g:
        g.catalogue = shelf().current()
    found: Catalogue = g.catalogue
    return found
