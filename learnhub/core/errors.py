"""What the domain says when it cannot do what it was asked. The web turns each into a page; nothing is lost."""

from typing import Any


class DomainError(Exception):
    """A refusal in the user's words.

    `message` is a Chinese message id (marked with `N_`), `values` fill its `%(name)s` places after translation.
    `field` names the form field it belongs to, where there is one.
    """

    status = 422

    def __init__(self, message: str, *, field: str | None = None, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values
        self.field = field


class NotFound(DomainError):
    """There is no such thing, or the person asking may not know that there is."""

    status = 404


class Conflict(DomainError):
    """Somebody else changed the same thing meanwhile; the page shows theirs and asks for a confirmation."""

    status = 409


class Forbidden(DomainError):
    """The person may see the thing, but not do this with it."""

    status = 403
