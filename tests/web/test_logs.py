"""What a failure leaves in the log: where it arose and its number, never what people typed or who they are."""

import io
import logging
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, request
from sqlalchemy import insert, text

from learnhub.accounts.models import Account
from learnhub.web.db import db
from learnhub.web.logs import SafeFormatter, describe_error
from tests import cast
from tests.pages import PageClient

NAME, PASSWORD, ADDRESS = "阿依古丽·买买提", "secret-password-77", "203.0.113.77"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, as the server's standard error shows it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(SafeFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def break_statement() -> None:
    """A statement that the database refuses; PostgreSQL repeats the values in its DETAIL."""
    row = {"id": cast.PEOPLE["member"][0], "name": request.form["name"], "created_at": cast.NOW}
    db.session.execute(insert(Account).values(row))


def break_text() -> None:
    db.session.execute(text(f"SELECT * FROM no_such_table WHERE name = '{request.form['name']}'"))


def break_value() -> None:
    int(request.form["name"])


def break_key() -> None:
    raise KeyError(request.form["password"])


def break_chain() -> None:
    try:
        break_value()
    except ValueError as error:
        raise RuntimeError(f"{request.form['name']} is not good") from error


def break_program() -> None:
    _ = None.theme  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "fault",
    [break_statement, break_text, break_value, break_key, break_chain, break_program],
    ids=lambda it: it.__name__,
)
def test_a_failure_is_logged_with_its_place_and_number_only(
    own_app: Flask, log: io.StringIO, fault: Callable[[], None]
) -> None:
    own_app.view_functions["home.set_mode"] = fault
    browser = PageClient(own_app, own_app.response_class)
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = cast.token("member"), True
    answer = browser.send(
        "/mode",
        {"name": NAME, "password": PASSWORD, "mode": "elder"},
        environ_overrides={"REMOTE_ADDR": ADDRESS},
        headers={"X-Request-ID": "chosen-by-client"},
    )
    said = log.getvalue()
    number = answer.headers["X-Request-ID"]
    assert answer.status_code == 500
    assert re.fullmatch(r"[0-9a-f]{12}", number)
    assert number in answer.text and f"request {number}: failed at POST /mode" in said
    assert fault.__name__ in said and "test_logs.py" in said, "where it arose"
    for secret in (NAME, PASSWORD, ADDRESS, cast.token("member"), "赵甲", "elder", "chosen-by-client"):
        assert secret not in said
    assert "Traceback" not in answer.text and "test_logs" not in answer.text


def test_a_fault_in_a_hook_or_in_an_error_page_is_answered_and_logged_alike(
    own_app: Flask, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flask's own line would name the address, which can hold a secret link."""

    def fail(_response: object) -> None:
        raise ValueError(NAME)

    own_app.after_request_funcs.setdefault(None, []).insert(0, fail)
    answer = PageClient(own_app, own_app.response_class).get("/sign-in/link/secret-token-of-somebody")
    own_app.after_request_funcs[None].remove(fail)
    assert answer.status_code == 500 and answer.headers["X-Request-ID"] in log.getvalue()
    assert NAME not in log.getvalue() and "secret-token" not in log.getvalue()


def test_messages_about_the_program_are_kept(log: io.StringIO) -> None:
    """They are what a fault is mended by, and name nothing but the program."""
    try:
        break_program()
    except AttributeError as error:
        assert "'NoneType' object has no attribute 'theme'" in describe_error(error)


def test_what_libraries_log_is_written_safely_too(own_app: Flask, log: io.StringIO) -> None:
    try:
        raise ValueError(NAME)
    except ValueError:
        logging.getLogger("any.library").exception("it failed")
    assert "it failed" in log.getvalue() and "ValueError" in log.getvalue() and NAME not in log.getvalue()
    assert any(isinstance(each.formatter, SafeFormatter) for each in logging.getLogger().handlers)
