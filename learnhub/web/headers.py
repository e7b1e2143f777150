"""Headers on every answer: nothing inline, nothing from elsewhere, nothing framed, nothing personal cached."""

from flask import Flask, Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),  # not no-referrer: the CSRF check reads it over HTTPS
    ("Permissions-Policy", "geolocation=(), camera=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)


def init_app(app: Flask) -> None:
    """Put the headers on every answer of `app`; a view may have set its own."""
    app.after_request(_set)


def _set(response: Response) -> Response:
    present = {name.lower() for name, _ in response.headers}
    for name, value in _HEADERS:
        if name.lower() not in present:
            response.headers.add(name, value)
    return response
