"""Nobody sees or changes what is not theirs: every person of the cast × every route × own, foreign and absent things."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from learnhub.accounts.guards import policy
from learnhub.web.db import SAFE
from tests import cast
from tests.pages import PageClient
from tests.security import world

Clients = Callable[..., PageClient]
# Who holds each permission, and at which organization: written by hand, not read from the code under test.
HOLDERS = {
    "run-meetings": {"recorder": cast.WILLOW, "second_recorder": cast.WILLOW, "foreign_recorder": cast.DAM},
    "see-meetings": {
        "recorder": cast.WILLOW, "second_recorder": cast.WILLOW, "foreign_recorder": cast.DAM, "organizer": cast.COUNTY,
        "town_organizer": cast.WILLOW_TOWN, "foreign_organizer": cast.EAST_TOWN, "reader": cast.COUNTY,
        "foreign_reader": cast.EAST_TOWN,
    },
    "run-training": {
        "organizer": cast.COUNTY, "town_organizer": cast.WILLOW_TOWN, "foreign_organizer": cast.EAST_TOWN,
    },
    "read-reports": {
        "organizer": cast.COUNTY, "town_organizer": cast.WILLOW_TOWN, "foreign_organizer": cast.EAST_TOWN,
        "reader": cast.COUNTY, "foreign_reader": cast.EAST_TOWN,
    },
    "manage-roster": {
        "organizer": cast.COUNTY, "town_organizer": cast.WILLOW_TOWN, "foreign_organizer": cast.EAST_TOWN,
        "system_admin": cast.COUNTY,
    },
    "answer-complaints": {
        "organizer": cast.COUNTY, "town_organizer": cast.WILLOW_TOWN, "foreign_organizer": cast.EAST_TOWN,
    },
    "publish-packs": {
        "organizer": cast.COUNTY, "town_organizer": cast.WILLOW_TOWN, "foreign_organizer": cast.EAST_TOWN,
    },
    "preview-packs": {
        "organizer": cast.COUNTY, "town_organizer": cast.WILLOW_TOWN, "foreign_organizer": cast.EAST_TOWN,
        "author": cast.COUNTY,
    },
    "read-question-figures": {
        "organizer": cast.COUNTY, "town_organizer": cast.WILLOW_TOWN, "foreign_organizer": cast.EAST_TOWN,
        "author": cast.COUNTY,
    },
    "correct-questions": {"author": cast.COUNTY},
    "see-content-faults": {"author": cast.COUNTY, "system_admin": cast.COUNTY},
}  # fmt: skip
# Tested where their owner is known, and why not here.
ELSEWHERE = {
    "jobs.file": "only while its job is done: tests/jobs",
    "accounts.sign_out": "would end this very sign-in: tests/accounts",
    "accounts.set_password": "would end this very sign-in: tests/accounts",
    "meetings.picture": "only while its file is there: tests/meetings/test_attachment_pages",
    "meetings.claim": "found by the secret token of a scan: tests/attendance",
    **dict.fromkeys(
        ("meetings.packs", "meetings.pack", "meetings.pack_preview", "meetings.publish_pack", "meetings.withdraw_pack"),
        "asked of an organization above branches: tests/meetings/test_pack_pages",
    ),
    **dict.fromkeys(
        ("meetings.explain", "meetings.withdraw_explanation"),
        "asked of a kind of meeting and its period: tests/meetings/test_duties",
    ),
    **dict.fromkeys(
        ("quiz.erratum_questions", "quiz.erratum"), "asked of a quiz and a question: tests/quiz/test_errata"
    ),
    "members.confirm": "found by the secret name of an upload: tests/members",
    "members.preview": "found by the secret name of an upload: tests/members",
    "members.answer": "found by the secret name of an upload: tests/members",
    "members.set_columns": "found by the secret name of an upload: tests/members",
    "reports.own_why": "only for whom the task may be: tests/reports",
    "training.reflection": "only for who has a place in the reading class: tests/training",
    "training.reflections": "only for the organizer of the class itself: tests/training",
    "training.take_test": "only for who has a place in the batch: tests/training",
}
EVERYBODY = [None, *cast.PEOPLE]
# Who has the role of somebody else at another place, or one that opens next to nothing: left to `make long` and CI.
ALIKE = {
    "second_recorder", "town_organizer", "foreign_organizer", "foreign_reader", "foreign_member", "security_admin",
    "audit_admin",
}  # fmt: skip
MEMBERS = {name for name, row in cast.PEOPLE.items() if row[2] is not None}


def covers(top: int, place: int) -> bool:
    """Whether `place` hangs below `top` in the cast's county."""
    above = {row[0]: row[4] for row in cast.ORGANIZATIONS}
    step: int | None = place
    while step is not None and step != top:
        step = above[step]
    return step == top


@dataclasses.dataclass
class Case:
    """A request and what is owned by the place it is about."""

    rule: Rule
    method: str
    path: str
    branch: int
    committee: int


@pytest.fixture
def things(session: Session) -> dict[str, tuple[world.Things, int, int]]:
    """What stands in the recorder's branch, and what elsewhere, each with its branch and committee."""
    own = world.build(session, cast.WILLOW, cast.WILLOW_TOWN, member_id=4, account_id=2)
    foreign = world.build(session, cast.DAM, cast.EAST_TOWN, member_id=17, account_id=11)
    session.commit()
    absent = dataclasses.replace(own, **{field.name: 999_999 for field in dataclasses.fields(world.Things)})
    return {
        "own": (own, cast.WILLOW, cast.WILLOW_TOWN),
        "foreign": (foreign, cast.DAM, cast.EAST_TOWN),
        "absent": (absent, 0, 0),
    }


def requests(app: Flask, where: str, things: tuple[world.Things, int, int]) -> list[Case]:
    """Every route and method, about the things of one place."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        placed = rule.arguments & {field.name for field in dataclasses.fields(world.Things)}
        by_query = " at asked" in policy(app.view_functions[rule.endpoint])
        if not placed and (where == "absent" or (where == "foreign" and not by_query)):
            continue  # the same address as for one's own things
        with app.test_request_context():
            built = rule.build(things[0].arguments(set(rule.arguments)))
        assert built is not None
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            path = built[1] + (f"?organization={things[0].organization_id}&class=heads" if by_query else "")
            found.append(Case(rule, method, path, things[1], things[2]))
    return found


def may_at_all(person: str | None, words: str) -> bool:
    """Whether the policy lets this person in anywhere."""
    if words == "public" or person is None:
        return words == "public"
    if words == "signed-in":
        return True
    return person in (MEMBERS if words == "member" else HOLDERS[words.partition(" at ")[0]])


def expected(person: str | None, words: str, case: Case) -> set[int] | None:
    """The statuses that the policy allows; None when the person may come in (anything but a refusal)."""
    if words == "public":
        return None
    if person is None:
        return {303} if case.method in SAFE else {401}
    if words == "signed-in":
        return _owner(person, case) if case.rule.arguments & {"attempt_id", "job_id"} else None
    if words == "member":
        own = case.rule.arguments & {"certificate_id", "completion_id", "objection_id"}
        return {403} if person not in MEMBERS else _owner(person, case) if own else None
    permission, _, resolver = words.partition(" at ")
    held = HOLDERS[permission].get(person)
    if held is None:
        return {403}
    if case.branch == 0:
        return {404}
    if resolver == "top":
        return None if covers(held, cast.COUNTY) else {404}
    of_branch = resolver == "asked" or any(
        each in resolver for each in ("meeting", "follow_up", "branch", "recognition")
    )
    place = case.branch if of_branch else case.committee
    return None if covers(held, place) else {404}


def _owner(person: str, case: Case) -> set[int] | None:
    owner = {cast.WILLOW: "recorder", cast.DAM: "foreign_recorder"}.get(case.branch)
    return None if person == owner else {404}


@pytest.mark.one_database  # who may is asked of roles and the tree, whose queries have tests of their own on both
@pytest.mark.parametrize(
    "person",
    [pytest.param(each, marks=pytest.mark.long if each in ALIKE else (), id=str(each)) for each in EVERYBODY],
)
def test_everybody_gets_what_is_theirs_and_nothing_else(
    app: Flask, client_as: Clients, things: dict[str, Any], person: str | None
) -> None:
    browser = client_as(person)
    token = browser.token()
    browser.checks = False  # who gets in is asked here; each room's tests look at its pages
    wrong = []
    for where, placed in things.items():
        for case in requests(app, where, placed):
            if case.rule.endpoint in ELSEWHERE:
                continue
            words = policy(app.view_functions[case.rule.endpoint])
            if where != "own" and not may_at_all(person, words):
                continue  # refused before the place is looked at: once is enough
            fields = {
                "csrf_token": token,
                "unit": "month:2026-11:lesson",
                "set": "1",
                "year": "2026",
                "member": placed[0].member_id,
            }
            data = fields if case.method not in SAFE else None
            status = browser.open(
                case.path, method=case.method, data=data, headers={"Origin": "http://localhost"}
            ).status_code
            allowed = expected(person, words, case)
            refused = status in {401, 403} or (
                status == 404 and where != "absent" and allowed is None and words != "public"
            )
            if (allowed is None and refused and where != "absent") or (allowed is not None and status not in allowed):
                wrong.append(f"{where} {case.method} {case.path}: {status}, expected {allowed or 'in'} ({words})")
            if status >= 500:
                wrong.append(f"{where} {case.method} {case.path}: {status}")
    assert not wrong, "\n".join(wrong)
