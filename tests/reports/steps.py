"""Steps of random histories, taken by the verbs themselves on the cast's tree, with days that pass and acts undone."""

import datetime as dt
import itertools
import random
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.orm import touched
from learnhub.members import service as members
from learnhub.members.models import Member
from learnhub.members.rules import CircumstanceKind, PostKind, Sex
from learnhub.organizations import service as tree
from learnhub.organizations.rules import Domain, OrganizationKind
from learnhub.records import service as records
from learnhub.records.rules import CompletionWay, NewCompletion
from learnhub.reports import service as reports
from learnhub.training.enrolment import service as enrolment_service
from tests import cast

BRANCHES = (cast.WILLOW, cast.BRIDGE, cast.MILL)
_numbers = itertools.count(1)


class Steps:
    """A session, the tasks and the batch of a history, and what may happen in it."""

    def __init__(self, session: Session, tasks: list[int], batch: int) -> None:
        self.session, self.tasks, self.batch = session, tasks, batch
        self.chance = random.Random()
        self.kinds: list[Callable[[Act, int], object]] = [
            self.admit,
            self.amend,
            self.transfer,
            self.leave,
            self.post,
            self.circumstance,
            self.describe,
            self.move,
            self.complete,
            self.withdraw,
            self.place,
            self.withdraw_place,
        ]

    def take(self, kind: int) -> None:
        """One step; what a verb refuses is undone, and so is every fifth that it does not."""
        member_id = self.chance.choice(self.session.scalars(select(Member.id).order_by(Member.id)).all())
        try:
            with self.session.begin_nested():
                self.kinds[kind % len(self.kinds)](Act(1, clock.now()), member_id)
                if self.chance.random() < 0.2:
                    raise DomainError("undone")
        except DomainError:
            self.session.expire_all()

    def end(self) -> None:
        """The transaction ends, for good or as if it had never been."""
        if self.chance.random() < 0.2:
            self.session.rollback()
            assert not touched(self.session), "what was not done concerns nobody"
        else:
            self.session.commit()

    def pass_days(self, days: int) -> None:
        """Days go by; the roll-up may follow."""
        clock.fix(clock.now() + dt.timedelta(days=days))
        if self.chance.random() < 0.7:
            reports.advance(self.session, clock.today())
            self.session.commit()

    def on(self) -> dt.date:
        """Today, or a day somewhat before or after it."""
        return clock.today() + dt.timedelta(days=self.chance.choice([0, 0, 0, -3, 2]))

    def particulars(self) -> members.Particulars:
        """What may be known of somebody."""
        return members.Particulars(
            code=f"H{next(_numbers)}",
            name="甲",
            sex=self.chance.choice(list(Sex)),
            birth_month=self.chance.choice(["1965-10", "1965-11", "1965-12", "1990-01"]),
            joined_on=dt.date(2020, 1, 1),
            full_on=self.chance.choice([None, dt.date(2021, 1, 1), clock.today() + dt.timedelta(days=2)]),
        )

    def admit(self, act: Act, member_id: int) -> None:
        branch = self.chance.choice(BRANCHES)
        members.admit(self.session, act, particulars=self.particulars(), organization_id=branch, on=self.on())

    def amend(self, act: Act, member_id: int) -> None:
        members.amend(self.session, act, member_id=member_id, particulars=self.particulars())

    def transfer(self, act: Act, member_id: int) -> None:
        to = self.chance.choice(BRANCHES)
        members.transfer(self.session, act, member_id=member_id, organization_id=to, on=self.on())

    def leave(self, act: Act, member_id: int) -> None:
        members.leave(self.session, act, member_id=member_id, on=self.on())

    def post(self, act: Act, member_id: int) -> None:
        verb = self.chance.choice([members.hold_post, members.leave_post])
        kind, where = self.chance.choice(list(PostKind)), self.chance.choice(BRANCHES)
        verb(self.session, act, member_id=member_id, organization_id=where, kind=kind, on=self.on())

    def circumstance(self, act: Act, member_id: int) -> None:
        kind = self.chance.choice(list(CircumstanceKind))
        if self.chance.random() < 0.6:
            members.note_circumstance(self.session, act, member_id=member_id, kind=kind, reason="", on=self.on())
        else:
            members.end_circumstance(self.session, act, member_id=member_id, kind=kind, on=self.on())

    def describe(self, act: Act, member_id: int) -> None:
        branch, domain = self.chance.choice(BRANCHES), self.chance.choice([None, *Domain])
        name = self.chance.choice(["改名", "又改名"])
        kind = self.chance.choice([None, OrganizationKind.JOINT_BRANCH])
        tree.describe(self.session, act, organization_id=branch, name=name, domain=domain, kind=kind, on=self.on())

    def move(self, act: Act, member_id: int) -> None:
        parent = self.chance.choice([cast.COUNTY, cast.WILLOW_TOWN, cast.EAST_TOWN])
        branch = self.chance.choice([*BRANCHES, cast.FIRMS])
        tree.move(self.session, act, organization_id=branch, parent_id=parent, on=self.on())

    def complete(self, act: Act, member_id: int) -> None:
        task, way = self.chance.choice(self.tasks), self.chance.choice(list(CompletionWay))
        source = f"higher:{self.chance.randrange(3)}"
        new = NewCompletion(member_id, f"task:{task}", source, way, self.on(), "班")
        records.complete(self.session, act, completions=[new])

    def withdraw(self, act: Act, member_id: int) -> None:
        ids, source = self.session.scalars(select(Member.id)).all(), f"higher:{self.chance.randrange(3)}"
        records.withdraw_completions(self.session, act, source=source, member_ids=ids, reason="更正")

    def place(self, act: Act, member_id: int) -> None:
        enrolment_service.place(self.session, act, batch_id=self.batch, member_id=member_id)

    def withdraw_place(self, act: Act, member_id: int) -> None:
        enrolment_service.withdraw_place(self.session, act, batch_id=self.batch, member_id=member_id, reason="出差")
