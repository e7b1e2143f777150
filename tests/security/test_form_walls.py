"""Walls hold for what is sent: every form and link that people find, with each id replaced by one of something foreign.

What is sent is read from the pages themselves, and which names a view reads from the view at work, so that no form and no
field is forgotten. In a place that is foreign to everybody each thing has the same number, whatever it is; so one number
put into a field stands for a foreign organization, member, meeting, task, file and all else at once.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, request
from sqlalchemy.orm import Session

from learnhub.meetings.views import roll
from learnhub.members.models import Member
from learnhub.web.db import SAFE, db
from tests.pages import PageClient
from tests.read_fields import ReadFields
from tests.security import world
from tests.security.walls import OWN, Walls, add_what_waits, build_foreign

Clients = Callable[..., PageClient]


@pytest.fixture
def reading(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests note what names are asked for."""
    monkeypatch.setattr(app.request_class, "parameter_storage_class", ReadFields)
    monkeypatch.setattr(ReadFields, "names", defaultdict(set))


@pytest.fixture
def walls_of(app: Flask, session: Session, client_as: Clients, reading: None) -> Callable[[str], Walls]:
    """`walls_of("recorder")`: the browser of that person, with things of their own and of others."""

    def make(person: str) -> Walls:
        branch, committee, member, account = OWN[person]
        things = world.build(session, branch, committee, member_id=member, account_id=account)
        add_what_waits(session, things, member, account)
        build_foreign(session)
        session.commit()
        return Walls(app, client_as(person), things)

    return make


# What the recorder, who is a member too, and the town's organizer have no form for, and why.
NO_FORM = {
    "feedback.answer": "the whole county's: nothing is foreign to who may",
    "meetings.new_duty": "the whole county's: nothing is foreign to who may",
    "quiz.erratum": "the whole county's: nothing is foreign to who may",
    "records.new_hour_rule": "the whole county's: nothing is foreign to who may",
    "training.holiday": "the whole county's: nothing is foreign to who may",
    "training.holidays": "the whole county's: nothing is foreign to who may",
    "meetings.claim": "found by the secret token of a scan: tests/attendance",
    "members.confirm": "found by the secret name of an upload: tests/members",
    "members.set_columns": "found by the secret name of an upload: tests/members",
    "notices.confirm": "found by a signed token: tests/notices",
    "notices.unsubscribe": "found by a signed token: tests/notices",
    "notices.notices": "about one's own account alone, and only where mail can be sent: tests/notices",
    "notices.state": "about one's own account alone, and only where mail can be sent: tests/notices",
    "meetings.dismiss_hint": "takes months of absences: tests/meetings/test_work_lists",
    "meetings.restore_hint": "takes months of absences: tests/meetings/test_work_lists",
    "meetings.withdraw_explanation": "takes an explanation of the branch's own: tests/meetings/test_duties",
    "meetings.withdraw_pack": "takes a published pack: tests/meetings/test_pack_pages",
    "members.undo": "names nothing: it is about the newest import below the place: tests/members",
    "training.confirm_recognition_list": "names people by code; strangers are refused: tests/training/test_recognition_pages",
    "training.reflection": "only for who has a place in a reading class: tests/training",
    "training.reopen": "takes a closed class: tests/training",
}


def forgotten(app: Flask, endpoints: set[str]) -> set[str]:
    """What changes something, but stands neither among the `endpoints` that were sent nor in NO_FORM."""
    changing = {rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) - SAFE}
    return changing - endpoints - NO_FORM.keys()


def sent_by(walls: Walls) -> set[str]:
    """Whatever this person's pages offer to send."""
    return {each.endpoint for each in walls.harvest() if each.method not in SAFE}


@pytest.mark.one_database
def test_no_form_is_forgotten(app: Flask, client_as: Clients, walls_of: Callable[[str], Walls]) -> None:
    """Everything that changes something is sent below, or is named above with the reason why it is not."""
    walls = walls_of("recorder")
    endpoints = sent_by(walls) | sent_by(Walls(app, client_as("town_organizer"), walls.things))
    assert not forgotten(app, endpoints)
    assert not NO_FORM.keys() & endpoints
    assert forgotten(app, endpoints - {"meetings.roll"}) == {"meetings.roll"}


@pytest.mark.one_database  # the same statements of the same views; who is let in is asked of both elsewhere
@pytest.mark.parametrize(
    "person", [pytest.param(each, marks=pytest.mark.long if each != "member" else ()) for each in OWN]
)
def test_no_id_put_into_a_form_or_a_link_reaches_over_the_wall(walls_of: Callable[[str], Walls], person: str) -> None:
    walls = walls_of(person)
    sendings = walls.harvest()
    assert not walls.try_all(sendings), "\n".join(walls.deviations)


# The forms in which people are named, by whose they are: tried by `make test` too.
NAMING = {
    "recorder": (
        "meetings.roll",
        "meetings.missed",
        "meetings.follow_ups",
        "training.branch_recognise",
        "records.entries",
    ),
    "town_organizer": ("training.places", "training.place", "training.results", "training.recognise"),
}


@pytest.mark.one_database
@pytest.mark.parametrize("person", NAMING)
def test_no_stranger_gets_into_a_form_that_names_people(walls_of: Callable[[str], Walls], person: str) -> None:
    walls = walls_of(person)
    sendings = walls.harvest(*NAMING[person])
    assert {each.endpoint for each in sendings} == set(NAMING[person])
    assert not walls.try_all(sendings), "\n".join(walls.deviations)


def _names_anybody(view: Callable[..., Any]) -> Callable[..., Any]:
    def planted(**arguments: Any) -> Any:
        answer = view(**arguments)
        number = int(request.args.get("whoever", "0"))
        return f"{answer}{db.session().scalar(sa.select(Member.name).where(Member.id == number))}"

    planted.__dict__.update(view.__dict__)
    return planted


@pytest.mark.one_database
def test_a_field_that_names_anybody_is_noticed(
    app: Flask, walls_of: Callable[[str], Walls], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though no form has that field: that the view reads it is enough."""
    monkeypatch.setitem(
        app.view_functions, "meetings.meetings", _names_anybody(app.view_functions["meetings.meetings"])
    )
    walls = walls_of("recorder")
    wrong = walls.try_all(walls.harvest("meetings.meetings"))
    assert any("whoever=777: reads 隐名" in each for each in wrong)


@pytest.mark.one_database
def test_a_roll_that_takes_anybody_is_noticed(
    walls_of: Callable[[str], Walls], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roll, "_known_guests", lambda _session, _meeting, sent: set(sent.guests))
    walls = walls_of("recorder")
    wrong = walls.try_all(walls.harvest("meetings.roll"))
    assert any("reads 隐名" in each for each in wrong) and any("writes attendance" in each for each in wrong)
