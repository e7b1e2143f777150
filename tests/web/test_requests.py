"""What a request may bring: odd ids, days and characters harm nothing, wherever they stand."""

import dataclasses
import datetime as dt
import time
from collections.abc import Callable

import pytest
from flask import Flask, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import DateField, DecimalField, IntegerField

from learnhub.core.text import MOST_MARKS, drop_unstorable, is_storable, normal_name, normalize
from learnhub.web.form import Form
from tests import cast
from tests.pages import PageClient
from tests.security import world

Clients = Callable[..., PageClient]
HUGE = (2**31, 2**63, 2**64, 10**40)
ODD = "\0\x07\x1b\ud800\ufffe\U0001ffff"


class _Sums(Form):
    class Meta(Form.Meta):
        csrf = False

    count = IntegerField()
    hours = DecimalField()
    day = DateField()


@pytest.mark.parametrize("number", HUGE)
def test_an_address_with_an_id_that_no_table_reaches_is_no_page(app: Flask, client_as: Clients, number: int) -> None:
    browsers = [client_as(person) for person in (None, "recorder", "organizer")]
    for rule in app.url_map.iter_rules():
        numbers = {name for name in rule.arguments if name.endswith("_id")}
        if not numbers:
            continue
        values = world.Things(*[1] * len(dataclasses.fields(world.Things))).arguments(set(rule.arguments) - numbers)
        longest = "7" * 9
        with app.test_request_context():
            built = rule.build(values | dict.fromkeys(numbers, int(longest)))
        assert built is not None
        for browser in browsers:
            browser.checks = False
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                headers = {"Origin": "http://localhost"}
                data = {"csrf_token": browser.token()} if method == "POST" else None
                answer = browser.open(built[1].replace(longest, str(number)), method=method, data=data, headers=headers)
                assert answer.status_code in {404, 405}, f"{method} {answer.request.path}"


@pytest.mark.parametrize("address", ["/calendars/%00.ics", "/courses/a%00b", "/%00", "/meetings/1%00", "/pages/%07"])
def test_an_address_with_a_sign_that_nothing_can_hold_is_no_page(client_as: Clients, address: str) -> None:
    for person in (None, "recorder"):
        assert "没有找到这一页" in client_as(person).page(address, 404)


def test_signs_that_nothing_can_hold_are_taken_out_of_query_form_files_and_cookies(app: Flask) -> None:
    with app.test_request_context(
        "/?q=%00a%07b", method="POST", data={"na\0me": "two\0\r\nlines\tand\x1b tab"}, headers={"Cookie": "mode=a%00"}
    ):
        assert request.args["q"] == "ab"
        assert request.form["name"] == "two\r\nlines\tand tab"
        assert all(is_storable(value) for value in request.cookies.values())


@pytest.mark.parametrize("typed", ["9" * 5000, str(2**31), "-" + str(2**63), "٣" * 400])
def test_a_number_beyond_the_database_is_refused_beside_its_field(app: Flask, typed: str) -> None:
    with app.test_request_context():
        form = _Sums(MultiDict({"count": typed}))
        assert not form.validate() and form.count.errors and form.count.data is None
        assert typed in form.count()  # what was typed stands there still


@pytest.mark.parametrize("typed", ["NaN", "sNaN", "Infinity", "-inf", "1e999999"])
def test_a_decimal_that_is_no_number_is_refused_beside_its_field(app: Flask, typed: str) -> None:
    with app.test_request_context():
        form = _Sums(MultiDict({"hours": typed}))
        assert not form.validate() and form.hours.errors and form.hours.data is None


@pytest.mark.parametrize("typed", ["0000-01-01", "0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31", "2026-13-01"])
def test_a_day_that_nobody_means_is_refused_beside_its_field(app: Flask, typed: str) -> None:
    with app.test_request_context():
        form = _Sums(MultiDict({"day": typed}))
        assert not form.validate() and form.day.errors and form.day.data is None
        good = _Sums(MultiDict({"day": "2026-06-01"}))
        good.validate()
        assert good.day.data == dt.date(2026, 6, 1) and not good.day.errors


def test_what_is_storable_is_told_and_the_rest_dropped() -> None:
    assert is_storable("党员\t\r\n吴䶮\U00030edd") and not any(map(is_storable, ODD))
    assert drop_unstorable(f"党{ODD}员") == "党员"


def test_a_heap_of_marks_on_one_letter_costs_no_more_than_other_text() -> None:
    """Putting them in order costs Unicode's way the square of their number: two megabytes would take an hour."""
    heap = "a" + "\u0301\u0316" * 200_000
    started = time.process_time()
    assert len(normalize("NFC", heap)) <= MOST_MARKS + 1
    assert len(normal_name(heap)) <= MOST_MARKS + 1
    assert time.process_time() - started < 5
    assert normalize("NFC", "é" * 100) == "é" * 100 and normalize("NFKC", "Ａ" * 100) == "A" * 100


def test_a_guest_who_does_not_exist_is_refused_and_the_next_roll_is_saved(client_as: Clients, session: Session) -> None:
    own = world.build(session, cast.WILLOW, cast.WILLOW_TOWN, member_id=4, account_id=2)
    session.commit()
    browser = client_as("recorder")
    for guest in ("999999", "0", str(2**31), str(2**64), "-1", "x"):
        fields = {"base_version": "0", "guest": guest, "names": "某人\0", "do": "save"}
        answer = browser.send(f"/meetings/{own.meeting_id}/roll", fields)
        assert answer.status_code < 500
    assert browser.page(f"/meetings/{own.meeting_id}/roll")
