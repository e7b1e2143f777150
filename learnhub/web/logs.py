"""The log: where a failure arose, and nothing of what people typed, who they are or where they sit."""

import logging
import re
import secrets
import traceback
from types import TracebackType
from typing import Any

import psycopg
from flask import Flask, g
from flask.logging import default_handler
from jinja2 import TemplateError
from sqlalchemy.exc import DBAPIError

# Messages of these are made by Python or Jinja from names of the program. Every other message may quote what was typed.
_ABOUT_THE_PROGRAM = (AttributeError, ImportError, NameError, TemplateError, TypeError)
_PLAIN = re.compile(r"[\x20-\x7e]{1,200}")
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class SafeFormatter(logging.Formatter):
    """Writes the frames and the class of every exception, and its message only where that can hold no data."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of `record`; what another formatter made of its exception is not taken over."""
        record.exc_text = None
        return super().format(record)

    def formatException(self, ei: _ExcInfo) -> str:
        return describe_error(ei[1]) if ei[1] is not None else ""


class Application(Flask):
    """Flask, without its own line in the log for a failure: that names the address, which can hold a secret link."""

    def log_exception(self, exc_info: Any) -> None:
        """Leave the log to the handlers of `web.errors`, which see every failure."""


def init_app(app: Flask) -> None:
    """Send what `app` and its libraries log to the standard error, in the safe form."""
    default_handler.setFormatter(SafeFormatter("[%(asctime)s] %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(default_handler)


def request_id() -> str:
    """The random number of this request, the same in the log and on the page. None is taken from the client."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    number: str = g.request_id
    return number


def describe_error(error: BaseException) -> str:
    """The traceback of `error` and of what it arose from, with frames and classes; messages only where they are safe."""
    parts = []
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        parts += [describe_error(before), "\nThe above led to:\n"]
    frames = traceback.extract_tb(error.__traceback__)
    parts += ["Traceback (most recent call last):\n", *traceback.format_list(frames), name_error(error)]
    return "".join(parts)


def name_error(error: BaseException) -> str:
    """The class of `error` with what says more about it and is safe: a code of the database or the system."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{name} {detail}" if (detail := _detail(error)) else name


def _detail(error: BaseException) -> str:
    if isinstance(error, DBAPIError) and error.orig is not None:
        return f"({name_error(error.orig)})"
    if isinstance(error, psycopg.Error):
        return error.sqlstate or ""
    if isinstance(error, OSError):
        return f"errno {error.errno}" if error.errno else ""
    if isinstance(error, _ABOUT_THE_PROGRAM) and _PLAIN.fullmatch(str(error)):
        return f": {error}"
    return str(getattr(error, "sqlite_errorname", ""))
