"""What every `flask` command has in common: wrong use, and a machine that is not ready, are answered with one line."""

from collections.abc import Callable
from functools import partial
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from learnhub.core.errors import DomainError

# The id of a row, as both databases keep it.
ID = click.IntRange(1, 2**31 - 1)
# PostgreSQL's undefined_table, undefined_column and invalid_schema_name; SQLite has words only.
_NO_SCHEMA = ("42P01", "42703", "3F000")
_NO_SCHEMA_WORDS = ("no such table", "no such column")


def init_app(app: Flask) -> None:
    """Make every command of `app`, and those of the migrations, end in one line where it cannot be carried out."""
    for command in app.cli.commands.values():
        if not isinstance(command.invoke, partial):  # those of the migrations belong to all applications of a process
            command.invoke = partial(_invoke, command.invoke)  # type: ignore[method-assign]


def _invoke(command: Callable[[click.Context], Any], context: click.Context) -> Any:
    """Turn what a command cannot help into one line and exit code 1; `flask --debug` shows the trace instead.

    A fault of the program passes: its trace is what has to be reported.
    """
    try:
        return command(context)
    except (DomainError, DBAPIError, OSError, UnicodeError) as error:
        app = context.ensure_object(ScriptInfo).load_app()
        if isinstance(error, BrokenPipeError) or app.debug:
            raise
        raise click.ClickException(describe(error, app)) from None


def describe(error: DomainError | DBAPIError | OSError | UnicodeError, app: Flask) -> str:
    """What `error` means to whoever typed a command of `app`, in one line."""
    if isinstance(error, DBAPIError):
        return _describe_database(error, make_url(app.config["SQLALCHEMY_DATABASE_URI"]))
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    if isinstance(error, UnicodeError):
        return f"this is not text in UTF-8: {error}"
    return str(error)


def _describe_database(error: DBAPIError, address: URL) -> str:
    database = address.render_as_string(hide_password=True)
    words = next(iter(str(error.orig).strip().splitlines()), type(error.orig).__name__)
    state = getattr(error.orig, "sqlstate", None)
    if state in _NO_SCHEMA or words.startswith(_NO_SCHEMA_WORDS):
        return f"{database} has no schema, or not the one of this program: run `flask db upgrade`"
    if isinstance(error, IntegrityError):
        return f"nothing was changed: something named here does not exist, or exists already ({words})"
    if isinstance(error, DataError):
        return f"nothing was changed: {words}"
    return f"{database} cannot be used: {words}"
