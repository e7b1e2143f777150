"""What somebody of another subtree is told or lets in when every id of every form and link is a foreign one."""

import contextlib
import dataclasses
import datetime as dt
import io
import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from learnhub.accounts.models import Account, RoleBinding, SignIn
from learnhub.accounts.rules import Role
from learnhub.attendance.models import Attendance, CheckInSwitch
from learnhub.attendance.rules import Outcome
from learnhub.core.orm import FOREVER, Base
from learnhub.core.text import search_key
from learnhub.meetings.models import HelpRequest
from learnhub.members.models import Member, Membership
from learnhub.members.rules import Sex
from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.organizations.rules import Domain, OrganizationKind
from learnhub.records.models import Completion, Objection
from learnhub.records.rules import CompletionWay
from learnhub.web.db import SAFE, db
from tests import cast
from tests.pages import PageClient
from tests.read_fields import ReadFields
from tests.security import world
from tests.security.forms import Page, Sending, text_of, variations

# The numbers of everything foreign: a town's committee, then its branch, member, account, meeting, task and all the rest.
TOWN, BRANCH = FOREIGN = (776, 777)
# What only the foreign place says: the name of the place, its members' names and codes, the words of its things.
MARK = re.compile(r"远山|隐名|M000777")


# Whose pages are looked at; and the branch, the committee, the member and the account of what is their own.
OWN = {
    "recorder": (cast.WILLOW, cast.WILLOW_TOWN, 4, 2),
    "town_organizer": (cast.WILLOW, cast.WILLOW_TOWN, 4, 5),
    "member": (cast.WILLOW, cast.WILLOW_TOWN, 1, 1),
    "foreign_recorder": (cast.DAM, cast.EAST_TOWN, 17, 11),
    "foreign_organizer": (cast.DAM, cast.EAST_TOWN, 17, 12),
    "foreign_reader": (cast.DAM, cast.EAST_TOWN, 17, 13),
    "foreign_member": (cast.DAM, cast.EAST_TOWN, 19, 14),
}


# How often pages and sendings of one shape are looked at: they differ in the thing they are about alone.
ALIKE = 2


def build_foreign(session: Session) -> None:
    """A town with a branch, its member and an account, and one of each thing, all with the numbers of FOREIGN."""
    counts = Counter[type]()

    def number(_session: Session, _context: object, _instances: object) -> None:
        for row in list(_session.new):
            if "id" in sa.inspect(type(row)).columns and row.id is None:
                row.id = BRANCH + counts[type(row)]
                counts[type(row)] += 1

    dated = {"valid_from": cast.SINCE, "valid_to": FOREVER}
    kinds = (
        (TOWN, "远山镇党委", OrganizationKind.COMMITTEE, None),
        (BRANCH, "远山村党支部", OrganizationKind.BRANCH, Domain.RURAL),
    )
    for id_, name, kind, domain in kinds:
        session.add(
            Organization(
                id=id_, code=f"ORG-{id_}", name=name, kind=kind, domain=domain, position=9, founded_on=cast.SINCE,
                dissolved_on=FOREVER,
            )
        )  # fmt: skip
    name = "隐名甲"
    member = Member(
        id=BRANCH, code="M000777", name=name, search_key=search_key(name), sort_key="000777", sex=Sex.FEMALE,
        birth_month="1977-07", joined_on=dt.date(2019, 7, 1), full_on=dt.date(2020, 7, 1),
    )  # fmt: skip
    session.add(member)
    session.flush()
    session.add(Account(id=BRANCH, name=name, login_name="yin", member_id=BRANCH, created_at=cast.NOW))
    session.flush()
    event = sa.event
    event.listen(session, "before_flush", number)
    try:
        session.add_all(
            [
                OrganizationLink(organization_id=TOWN, parent_id=cast.COUNTY, **dated),
                OrganizationLink(organization_id=BRANCH, parent_id=TOWN, **dated),
                Membership(member_id=BRANCH, organization_id=BRANCH, **dated),
                RoleBinding(account_id=BRANCH, role=Role.RECORDER, organization_id=BRANCH, **dated),
            ]
        )
        session.flush()
        things = world.build(session, BRANCH, TOWN, member_id=BRANCH, account_id=BRANCH, mark="远山")
    finally:
        event.remove(session, "before_flush", number)
    second_of_their_kind = {"raised_id"}
    others = {field.name for field in dataclasses.fields(things) if getattr(things, field.name) not in FOREIGN}
    assert others == second_of_their_kind


def add_what_waits(session: Session, things: world.Things, member_id: int, account_id: int) -> None:
    """What lets more forms appear: an absence without a follow-up, an overdue objection, a completion to certify…"""
    noted = world.NOTED
    absent = Attendance(
        occasion_id=things.occasion_id, member_id=member_id + 1, outcome=Outcome.ABSENT, reason="", **noted
    )  # fmt: skip
    overdue = Objection(
        member_id=member_id, organization_id=things.organization_id, above=False, subject="credit:0", about="标记",
        words="标记", raised_at=cast.NOW, raised_by=0, due_on=cast.SINCE,
    )  # fmt: skip
    done = Completion(
        member_id=member_id, subject=f"task:{things.task_id}", source=f"batch:{things.batch_id}",
        way=CompletionWay.CENTRALIZED, completed_on=cast.TODAY, title="标记", **noted,
    )  # fmt: skip
    other = SignIn(token_hash="0" * 64, account_id=account_id, started_at=cast.NOW, seen_at=cast.NOW, agent="test")
    help_ = HelpRequest(organization_id=things.organization_id, words="标记", **noted)
    session.add_all(
        [absent, overdue, done, other, help_, CheckInSwitch(organization_id=things.organization_id, **noted)]
    )
    session.flush()


class Walls:
    """One person's browser, which looks at what is theirs and sends what is not."""

    def __init__(self, app: Flask, browser: PageClient, things: world.Things) -> None:
        self.app, self.browser, self.things = app, browser, things
        self.routes = app.url_map.bind("localhost")
        self.seen = Counter[tuple[Any, ...]]()
        self.sent = set[Sending]()
        self.deviations: list[str] = []
        with app.app_context():
            self.connection = db.engine
        self.browser.token()
        self.browser.checks = False
        self.cookies = dict(browser._cookies)

    def harvest(self, *only: str) -> list[Sending]:
        """Everything that the pages of this person offer to send, beginning at every address of what is theirs.

        With names of endpoints `only` what these pages offer each other.
        """
        found: list[Sending] = []
        waiting = [each for each in self._addresses() if not only or each.endpoint in only]
        while waiting:
            sending = waiting.pop()
            if self.seen[sending.shape] >= ALIKE or sending in self.sent:
                continue
            self.sent.add(sending)
            answer, _writes = self.send(sending)
            if sending.method in SAFE and answer.status_code in {403, 404}:
                continue  # not theirs, or of something that was undone
            self.seen[sending.shape] += 1
            found.append(sending)
            for page in self._pages(answer, sending):
                offered = [*page.links(), *page.forms()]
                waiting += [each for each in offered if (not only or each.endpoint in only) and _is_told(each)]
        return found

    def _pages(self, answer: TestResponse, sending: Sending) -> Iterator[Page]:
        if answer.mimetype == "text/html" and answer.data and answer.status_code not in {301, 302, 303}:
            yield Page(answer.text, answer.request.full_path.rstrip("?"), self.routes)

    def _addresses(self) -> Iterator[Sending]:
        for rule in self.app.url_map.iter_rules():
            if rule.endpoint != "static" and "GET" in (rule.methods or set()):
                with self.app.test_request_context():
                    chosen = {name: _FORMAT.get(name, value) for name, value in self._arguments(rule).items()}
                    built = rule.build(chosen)
                assert built is not None
                yield Sending(rule.endpoint, "GET", built[1], (), ())

    def _arguments(self, rule: Rule) -> dict[str, Any]:
        return self.things.arguments(set(rule.arguments))

    @contextlib.contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever is written inside is taken back."""
        inner = self.connection.begin_nested()
        try:
            yield
        finally:
            inner.rollback()

    def send(self, sending: Sending) -> tuple[TestResponse, set[str]]:
        """The answer, also that of the page it leads to, and what it wrote about something foreign; then undone."""
        files = {name: (io.BytesIO("姓名,党员编号\n隐名甲,M000777\n".encode()), "list.csv") for name in sending.files}
        token = {"csrf_token": self.browser.token(), "key": uuid.uuid4().hex} if sending.method not in SAFE else {}
        body: dict[str, Any] = defaultdict(list)
        for name, value in sending.body:
            body[name].append(value)
        body |= token | files
        self.browser._cookies = dict(self.cookies)  # whatever was sent before, signing out included
        with self.undone(), written() as statements:
            answer = self.browser.open(
                sending.address,
                method=sending.method,
                data=body if sending.method not in SAFE else None,
                headers={"Origin": "http://localhost"},
                follow_redirects=True,
            )
            changed = self.foreign_rows() - self.before if statements else set()
            gone = self.before - self.foreign_rows() if statements else set()
        return answer, changed | gone

    @property
    def before(self) -> set[str]:
        """The foreign rows as they stand."""
        if not hasattr(self, "_before"):
            self._before = self.foreign_rows()
        return self._before

    def foreign_rows(self) -> set[str]:
        """Every row of every table that names something foreign, in full."""
        rows = set()
        for table in Base.metadata.sorted_tables:
            for row in self.connection.execute(sa.select(table)):
                if any(_is_foreign(name, value) for name, value in row._mapping.items()):
                    rows.add(f"{table.name} {dict(row._mapping)}")
        return rows

    def try_all(self, sendings: list[Sending]) -> list[str]:
        """What was wrong when each sending went off with each foreign id in each place."""
        self.before  # noqa: B018 (as it stands before anything is sent)
        tried = set[Sending]()
        for sending in sendings:
            for words, varied in variations(sending, TOWN, BRANCH, ReadFields.names[sending.endpoint, sending.method]):
                if varied in tried:
                    continue
                tried.add(varied)
                answer, writes = self.send(varied)
                self._check(f"{varied.method} {sending.address}: {words}", answer, writes)
        return self.deviations

    def _check(self, words: str, answer: TestResponse, writes: set[str]) -> None:
        if answer.status_code >= 500:
            self.deviations.append(f"{words}: {answer.status_code}")
        if mark := MARK.search(text_of(answer)):
            self.deviations.append(f"{words}: reads {mark[0]}")
        self.deviations += [f"{words}: writes {row[:200]}" for row in sorted(writes)]


# Of the formats of one report the quickest; what a PDF says is hard to read, and the same value feeds them all.
_FORMAT = {"form": "docx"}


def _is_told(sending: Sending) -> bool:
    return not sending.path.endswith(".pdf")


# Numbers in the details of the trail that count something.
_AMOUNTS = {"capacity"}


def _is_foreign(name: str, value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int):
        return value in FOREIGN and (name == "id" or name.endswith(("_id", "_by")))
    if isinstance(value, str):
        return bool(re.search(r"(?<=[a-z]:)77[67]\b", value))
    if isinstance(value, dict):
        return any(_is_foreign("id", each) for key, each in value.items() if key not in _AMOUNTS)
    return any(_is_foreign("id", each) for each in value) if isinstance(value, list) else False


@contextlib.contextmanager
def written() -> Iterator[list[str]]:
    """The statements that write, but for the one that notes when somebody was last seen."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if (
            statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
            and "sign_in SET seen" not in statement
        ):
            seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
