"""Random histories of a small county, made by the verbs themselves: the machine, and what must hold after each step."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.members import queries as roster
from learnhub.members import service as members
from learnhub.members.rules import CircumstanceKind, PostKind, Sex
from learnhub.organizations import queries as tree
from learnhub.organizations import service as organizations
from learnhub.organizations.rules import Domain, OrganizationKind
from learnhub.records import service as records
from learnhub.records.rules import CompletionWay, NewCompletion
from learnhub.reports import queries, service
from learnhub.reports.queries import differences, freezing
from learnhub.reports.rules import SIX, Column
from learnhub.training.batches import queries as batches
from learnhub.training.batches.models import Batch
from learnhub.training.closing import service as closing_service
from learnhub.training.enrolment import service as enrolment_service
from learnhub.training.sessions import service as sessions_service
from tests import cast
from tests.reports.test_frozen import VOICE
from tests.training.test_service import a_batch, a_task

BRANCHES = (cast.WILLOW, cast.BRIDGE, cast.MILL, cast.DAM)
TOPS = (cast.COUNTY, cast.WILLOW_TOWN, cast.EAST_TOWN, cast.WILLOW)
WHO = st.integers(1, 20)
WHERE = st.sampled_from(BRANCHES)
# How many days before the present one an act begins to hold: corrections reach back.
BACK = st.sampled_from([0, 0, 0, 1, 3, 40])


class Histories(RuleBasedStateMachine):
    """Acts of organizers, one after another in time; reports are issued in between."""

    session: Session  # set by the test, rolled back after each example

    def __init__(self) -> None:
        super().__init__()
        self.issued: list[int] = []
        self.batches: list[int] = []
        self.founded: list[int] = []
        self.number = 0

    def act(self) -> Act:
        """An act of the county's organizer, a little later than the one before."""
        clock.fix(clock.now() + dt.timedelta(minutes=7))
        return Act(4, clock.now())

    def tries(self, verb: Callable[..., Any], **facts: Any) -> Any:
        """The verb as the pages call it: what it refuses has not happened."""
        try:
            with self.session.begin_nested():
                return verb(self.session, self.act(), **facts)
        except DomainError:
            return None

    @initialize()
    def task(self) -> None:
        clock.fix(cast.NOW)
        self.task_id = a_task(self.session, self.act())

    @rule(hours=st.sampled_from([2, 20, 30]))
    def time_goes_by(self, hours: int) -> None:
        clock.fix(clock.now() + dt.timedelta(hours=hours))

    @rule(top=st.sampled_from(TOPS), back=BACK, domain=st.sampled_from([None, None, Domain.RURAL]))
    def issue(self, top: int, back: int, domain: Domain | None) -> None:
        day = clock.today() - dt.timedelta(days=back)
        try:
            question = queries.ask(self.session, self.task_id, top, day, domain)
        except NotFound:  # merged away: it stands in the tree neither on that day nor today
            for seen in (day, clock.today()):
                assert not tree.covers(self.session, [cast.COUNTY], top, seen)
            return
        self.issued.append(service.freeze(self.session, self.act(), question=question, voice=VOICE, forms=()))
        self.act()

    @rule(where=WHERE, sex=st.sampled_from(Sex), back=BACK)
    def join(self, where: int, sex: Sex, back: int) -> None:
        self.number += 1
        new = members.Particulars(f"H-{self.number}", "新人", sex, "1990-01", clock.today())
        on = clock.today() - dt.timedelta(days=back)
        self.tries(members.admit, particulars=new, organization_id=where, on=on)

    @rule(who=WHO, where=WHERE, back=BACK)
    def transfer(self, who: int, where: int, back: int) -> None:
        on = clock.today() - dt.timedelta(days=back)
        self.tries(members.transfer, member_id=who, organization_id=where, on=on)

    @rule(who=WHO, back=BACK)
    def leave(self, who: int, back: int) -> None:
        self.tries(members.leave, member_id=who, on=clock.today() - dt.timedelta(days=back))

    @rule(who=WHO, kind=st.sampled_from(CircumstanceKind), back=BACK)
    def circumstance(self, who: int, kind: CircumstanceKind, back: int) -> None:
        on = clock.today() - dt.timedelta(days=back)
        if self.tries(members.end_circumstance, member_id=who, kind=kind, on=on) is None:
            self.tries(members.note_circumstance, member_id=who, kind=kind, reason="心脏病", on=on)

    @rule(who=WHO, where=WHERE, kind=st.sampled_from(PostKind), back=BACK)
    def post(self, who: int, where: int, kind: PostKind, back: int) -> None:
        on = clock.today() - dt.timedelta(days=back)
        self.tries(members.hold_post, member_id=who, organization_id=where, kind=kind, on=on)

    @rule(who=WHO, sex=st.sampled_from(Sex), full=st.sampled_from([None, 0, 30, 900]))
    def correct(self, who: int, sex: Sex, full: int | None) -> None:
        joined = clock.today() - dt.timedelta(days=1000)
        full_on = None if full is None else clock.today() - dt.timedelta(days=full)
        particulars = members.Particulars(f"M{who:06}", "更正", sex, "1965-11", joined, full_on)
        self.tries(members.amend, member_id=who, particulars=particulars)

    @rule(who=WHO, way=st.sampled_from(CompletionWay), back=BACK)
    def recognize(self, who: int, way: CompletionWay, back: int) -> None:
        done = clock.today() - dt.timedelta(days=back)
        new = NewCompletion(who, f"task:{self.task_id}", f"list:{way.value}", way, done, "上级调训名单")
        self.tries(records.complete, completions=[new])

    @rule(who=WHO, way=st.sampled_from(CompletionWay))
    def take_recognition_back(self, who: int, way: CompletionWay) -> None:
        self.tries(records.withdraw_completions, source=f"list:{way.value}", member_ids=[who], reason="名单有误")

    @rule(where=st.sampled_from((cast.COUNTY, cast.WILLOW_TOWN)))
    def open_batch(self, where: int) -> None:
        self.batches.append(a_batch(self.session, self.act(), self.task_id, organization_id=where))

    @precondition(lambda self: self.batches)
    @rule(which=st.integers(0, 9), who=WHO, out=st.booleans())
    def place(self, which: int, who: int, out: bool) -> None:
        batch_id = self.batches[which % len(self.batches)]
        if out:
            self.tries(enrolment_service.withdraw_place, batch_id=batch_id, member_id=who, reason="请假")
        else:
            self.tries(enrolment_service.place, batch_id=batch_id, member_id=who)

    @precondition(lambda self: self.batches)
    @rule(which=st.integers(0, 9))
    def close(self, which: int) -> None:
        """The rolls are called, whoever has a place is there, and the batch is closed by its verb."""
        batch_id = self.batches[which % len(self.batches)]
        if self.session.get_one(Batch, batch_id).closed_at is not None:
            return
        for each in batches.sessions(self.session, batch_id):
            self.tries(sessions_service.call_roll, session_id=each.id, marks={}, base_version=0, register=True)
        self.tries(closing_service.close, batch_id=batch_id)

    @rule(what=st.sampled_from((*BRANCHES, cast.EAST_TOWN)), below=st.sampled_from(TOPS[:3]), back=BACK)
    def move(self, what: int, below: int, back: int) -> None:
        on = clock.today() - dt.timedelta(days=back)
        self.tries(organizations.move, organization_id=what, parent_id=below, on=on)

    @rule(source=WHERE, into=WHERE)
    def merge(self, source: int, into: int) -> None:
        """Everybody of one branch goes to another, and the empty branch is dissolved."""
        if source == into:
            return
        for each in range(1, 21):
            standing = self._branch_of(each)
            if standing == source:
                self.tries(members.transfer, member_id=each, organization_id=into, on=clock.today())
        self.tries(members.dissolve, organization_id=source, on=clock.today())

    @rule(below=st.sampled_from(TOPS[:3]), back=BACK)
    def found(self, below: int, back: int) -> None:
        self.number += 1
        on = clock.today() - dt.timedelta(days=back)
        self.tries(
            organizations.found, code=f"H-{self.number}", name="新党支部", kind=OrganizationKind.BRANCH,
            domain=Domain.RURAL, parent_id=below, on=on,
        )  # fmt: skip

    @rule(
        what=WHERE,
        domain=st.sampled_from([None, Domain.RURAL, Domain.SCHOOL]),
        kind=st.sampled_from([None, OrganizationKind.BRANCH, OrganizationKind.JOINT_BRANCH]),
        back=BACK,
    )
    def describe(self, what: int, domain: Domain | None, kind: OrganizationKind | None, back: int) -> None:
        self.number += 1
        name, on = f"党支部 {self.number}", clock.today() - dt.timedelta(days=back)
        self.tries(organizations.describe, organization_id=what, name=name, domain=domain, kind=kind, on=on)

    def _branch_of(self, member_id: int) -> int | None:
        found = roster.member(self.session, member_id, clock.today())
        return found.organization_id if found else None

    @invariant()
    def issued_answers_change_only_by_corrections(self) -> None:
        for report_id in self.issued[-3:]:
            self.session.flush()
            report = freezing.frozen(self.session, report_id)
            people = freezing.frozen_people(self.session, report_id)
            check_sums(report.total.figures, report.rows, people)
            question = queries.ask(self.session, report.task_id, report.organization_id, report.day, report.domain)
            run = differences.run_again(self.session, report, question)
            unexplained = [each for each in run.differences if not each.causes]
            assert not unexplained, f"no cause for {unexplained}"
            again = queries.counted_live(self.session, question)
            assert run.figures == dict(again.total.figures.heads)
            check_sums(again.total.figures, again.rows, freezing.people(self.session, question))


def check_sums(total: Any, rows: Any, people: dict[int, freezing.Standing]) -> None:
    """Six classes sum to the heads, rows to their total, and each number is as long as its list."""
    assert sum(total[column] for column in SIX) == total[Column.HEADS]
    assert sum(1 for _each in people) == total[Column.HEADS]
    listed = Counter((each.row_id, column) for each in people.values() for column in each.counted)
    for column in Column:
        assert sum(number for (_row, each), number in listed.items() if each is column) == total[column]
        if rows:
            assert sum(row.figures[column] for row in rows) == total[column]
            assert all(listed[row.organization_id, column] == row.figures[column] for row in rows)
