"""What the tests of the roll-up share: a world with tasks that have one, and its comparison with the facts."""

import contextlib
import copy
import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.members import service as members
from learnhub.members.rules import CircumstanceKind, Sex
from learnhub.organizations.rules import Domain
from learnhub.records import service as records
from learnhub.records.rules import CompletionWay, NewCompletion
from learnhub.reports import queries, service
from learnhub.reports.queries import marks
from learnhub.training.enrolment import service as enrolment_service
from learnhub.training.tasks.rules import Audience
from tests import cast
from tests.training.test_service import a_batch, a_task, roll_all

ACT = Act(1, cast.NOW)
DAY = dt.timedelta(days=1)


class World:
    """Tasks with a roll-up of today: one for all, one for a town, one for the countryside; and a batch with places."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.task = a_task(session, ACT)
        self.town = a_task(session, ACT, organization_id=cast.WILLOW_TOWN)
        self.rural = a_task(session, ACT, audience=Audience(domains=frozenset({Domain.RURAL})))
        self.batch = a_batch(session, ACT, self.task)
        enrolment_service.place(session, ACT, batch_id=self.batch, member_id=10)
        roll_all(session, ACT, self.batch)
        records.complete(session, ACT, completions=[self.completion(11)])
        members.note_circumstance(
            session, ACT, member_id=1, kind=CircumstanceKind.MOBILE, reason="", on=cast.TODAY - DAY
        )
        session.commit()
        service.recount_all(session, cast.TODAY)
        session.commit()

    def settle(self) -> None:
        """What was done so far stands, and nothing is marked any more."""
        self.session.commit()
        service.sweep(self.session, cast.TODAY)
        self.session.commit()

    def completion(self, member_id: int) -> NewCompletion:
        way = CompletionWay.HIGHER_LEVEL
        return NewCompletion(member_id, f"task:{self.task}", "higher:1", way, cast.TODAY, "班")


@contextlib.contextmanager
def tried(world: World) -> Iterator[World]:
    """The same world in a session of its own; whatever is done there is undone at the end."""
    world.session.commit()
    connection = world.session.connection()
    whole = connection.begin_nested()
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        other = copy.copy(world)
        other.session = session
        yield other
    whole.rollback()


def differences(session: Session) -> list[service.Difference]:
    """Where the roll-up is neither right nor marked."""
    return list(service.check(session))


def pages_are_right(
    session: Session, tasks: list[int], tops: tuple[int, ...] = (cast.COUNTY, cast.WILLOW_TOWN)
) -> bool:
    """Whether the pages of today show what the facts say."""
    asked = [queries.ask(session, task, top, clock.today()) for task in tasks for top in tops]
    return all(queries.coverage(session, each) == queries.counted_live(session, each) for each in asked)


def swept(session: Session) -> bool:
    """Sweep; whether nothing is marked afterwards, and the whole roll-up is right."""
    service.sweep(session, clock.today())
    session.commit()
    return not marks.waiting(session) and not differences(session)


def particulars(**changes: object) -> members.Particulars:
    facts = {
        "code": "N1",
        "name": "新人",
        "sex": Sex.FEMALE,
        "birth_month": "1960-01",
        "joined_on": dt.date(2020, 1, 1),
    }
    return members.Particulars(**(facts | changes))  # type: ignore[arg-type]
