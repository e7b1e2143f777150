"""A change of one member's facts with the roll-up kept in its transaction, against the same change without it."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from bench.frame import Result, World, compare
from learnhub.audit.rules import Act
from learnhub.core import clock, orm
from learnhub.members import service as members
from learnhub.members.rules import CircumstanceKind
from learnhub.reports import service as reports


def measure(world: World) -> Iterator[Result]:
    """`rollup-write`: noting a circumstance and ending it again, each with its own commit."""
    numbers = iter(range(world.size.members * 7, world.size.in_all, 101))

    def write(kept: bool) -> None:
        member_id = next(numbers, None) or 1
        for verb in (_begin, _end):
            with world.session() as session:
                verb(session, member_id)
                if not kept:
                    orm.forget_touched(session)  # nothing to count anew
                session.commit()

    rounds = min(world.rounds * 3, (world.size.in_all // 101 - world.size.members) // 2)
    yield compare("rollup-write", lambda: write(True), lambda: write(False), max(rounds, 1))
    with world.session() as session:
        reports.recount_all(session, clock.today())
        session.commit()


def _begin(session: Session, member_id: int) -> None:
    kind = CircumstanceKind.SUSPENDED
    members.note_circumstance(session, Act(0, clock.now()), member_id=member_id, kind=kind, reason="", on=clock.today())


def _end(session: Session, member_id: int) -> None:
    members.end_circumstance(
        session, Act(0, clock.now()), member_id=member_id, kind=CircumstanceKind.SUSPENDED, on=clock.today()
    )
