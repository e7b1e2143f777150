"""Keeping the roll-up of coverage: a write marks what it touched, a sweep counts that anew by the SQL of the live count.

A roll-up holds for the day that stands beside it. Verbs say whom they concern (`core.orm.changed`); before the
transaction ends this is marked, which costs one INSERT. Pages count what is marked from the facts, so they are never
older than these. `sweep` counts the marked organizations anew and takes the marks away. A new day is begun by
`advance`; until then pages of the new day are counted from the facts.
"""

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Compiled, Dialect, delete, event, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, SessionTransaction

from learnhub.core.orm import forget_touched, touched
from learnhub.organizations import queries as organizations
from learnhub.reports.models import CoverageRollup, RollupDay, RollupMark
from learnhub.reports.queries import keeping, marks
from learnhub.reports.queries.boundaries import organizations_between
from learnhub.reports.queries.keeping import Kept
from learnhub.reports.queries.marks import Marks
from learnhub.reports.rules import Column
from learnhub.training.tasks.queries import TaskValue

# How many organizations one statement counts: what both databases take as parameters.
CHUNK = 5000
# For how long after its last day a task is still kept up: batches are closed late, and reports are read later still.
KEPT_AFTER = dt.timedelta(days=92)
_MARKS = RollupMark.metadata.tables[RollupMark.__tablename__]
_NEW_MARKS = insert(_MARKS).inline()
_TAKE_MARKS = delete(_MARKS).returning(_MARKS.c.kind, _MARKS.c.subject_id)


def keep() -> None:
    """Let every session of this process mark what it touched before it commits."""
    for name, listener in (("before_commit", _before_commit), ("after_transaction_end", _after_transaction_end)):
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)


def _before_commit(session: Session) -> None:
    """The end of a savepoint decides nothing yet: what stands is known when the transaction itself ends."""
    if touched(session) and not session.in_nested_transaction():
        session.connection().execute(_NEW_MARKS, marks.rows_of(touched(session)))
        forget_touched(session)


def _after_transaction_end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        forget_touched(session)


def sweep(session: Session, day: dt.date) -> int:
    """Count anew what is marked; returns how many organizations were counted. `day` is what new roll-ups hold for.

    Nothing when another process is just counting.
    """
    if not marks.waiting(session) or not marks.alone(session, wait=False):
        return 0
    return _count_marked(session, day)


def _take_marks(session: Session) -> Marks:
    """Take all marks away. One that is made meanwhile is not read, and stays for the next sweep.

    What is counted later in the same transaction sees at least the facts of every mark that was taken.
    """
    return marks.gathered(session.execute(_TAKE_MARKS))


def _count_marked(session: Session, day: dt.date) -> int:
    found = _take_marks(session)
    if not found:
        return 0
    lasting = {each.id: each for each in keeping.lasting(session, day - KEPT_AFTER)}
    _forget(session, found.tasks.difference(lasting))
    counted = sum(recount(session, lasting[each], day) for each in sorted(found.tasks.intersection(lasting)))
    kept = [each for each in keeping.kept(session) if each.task.id not in found.tasks]
    ids = found.organizations | keeping.organizations_of(session, found.members)
    for kept_day in {each.day for each in kept}:
        tasks = [each.task for each in kept if each.day == kept_day]
        pairs = organizations.below_tops(session, {each.organization_id for each in tasks}, ids, kept_day)
        for task in tasks:
            inside = sorted(pairs.get(task.organization_id, ()))
            _count(session, task, kept_day, inside)
            counted += len(inside)
    return counted


def advance(session: Session, day: dt.date) -> int:
    """Move every roll-up to `day`; returns how many organizations were counted.

    Only those are counted that are marked, or whose figures may have changed meanwhile; a task without a roll-up is
    counted whole, and one that ended long ago is left to the facts.
    """
    marks.alone(session)
    counted = _count_marked(session, day)
    _drop_old(session, day)
    known = {each.task.id: each for each in keeping.kept(session)}
    for task in keeping.lasting(session, day - KEPT_AFTER):
        if task.id in known and known[task.id].day <= day:
            counted += _move(session, known[task.id], day)
        else:
            counted += recount(session, task, day)
    return counted


def _move(session: Session, kept: Kept, day: dt.date) -> int:
    if kept.day == day:
        return 0
    ids = organizations_between(session, kept.task, kept.day, day)
    pairs = organizations.below_tops(session, {kept.task.organization_id}, ids, day)
    inside = sorted(pairs.get(kept.task.organization_id, ()))
    _count(session, kept.task, day, inside)
    session.execute(update(RollupDay).where(RollupDay.task_id == kept.task.id).values(day=day))
    return len(inside)


def recount(session: Session, task: TaskValue, day: dt.date) -> int:
    """Count a task's roll-up for `day` anew from the facts, whole; returns how many organizations it has."""
    _forget(session, [task.id])
    session.add(RollupDay(task_id=task.id, day=day))
    session.flush()
    ids = organizations.ids_on(session, task.organization_id, day)
    _count(session, task, day, ids)
    return len(ids)


def recount_all(session: Session, day: dt.date) -> int:
    """Count every roll-up for `day` anew from the facts; returns how many organizations were counted."""
    marks.alone(session)
    _take_marks(session)
    _drop_old(session, day)
    return sum(recount(session, task, day) for task in keeping.lasting(session, day - KEPT_AFTER))


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """A figure of the roll-up that is not what the facts say."""

    task_id: int
    organization_id: int
    column: Column
    kept: int
    counted: int


def check(session: Session, sample: int | None = None, *, seed: int = 0) -> Iterator[Difference]:
    """Compare the roll-up with a recount, each task's on `sample` organizations drawn by `seed` (all, for None).

    What is marked is not compared: pages do not read it there.
    """
    for kept in keeping.kept(session):
        ids = keeping.drawn(organizations.ids_on(session, kept.task.organization_id, kept.day), sample, seed)
        for some in _chunks(ids):
            for organization_id, stored, counted in keeping.compared(session, kept, some):
                yield from _differences(kept.task.id, organization_id, stored, counted)


def _differences(
    task_id: int, organization_id: int, stored: Sequence[int], counted: Sequence[int]
) -> Iterator[Difference]:
    for column, had, has in zip(Column, stored, counted, strict=True):
        if had != has:
            yield Difference(task_id, organization_id, column, had, has)


def _count(session: Session, task: TaskValue, day: dt.date, organization_ids: Sequence[int]) -> None:
    """Write the figures of these organizations in a task on a day, in one statement for each few thousand of them."""
    connection = session.connection()
    statement = _writing(task, day, connection.dialect)
    for some in _chunks(organization_ids):
        connection.execute(statement, {"organizations": some})  # type: ignore[call-overload]  # compiled statements run


@functools.lru_cache(maxsize=512)
def _writing(task: TaskValue, day: dt.date, dialect: Dialect) -> Compiled:
    """What is counted, into the roll-up: compiled once for a task and a day, which takes longer than to run it.

    SQLAlchemy keeps no compiled form of an INSERT that says what to do about a conflict.
    """
    insert = (postgresql.insert if dialect.name == "postgresql" else sqlite.insert)(CoverageRollup.__table__)  # type: ignore[arg-type]
    names = [column.value for column in Column]
    counted = insert.from_select(["task_id", "organization_id", *names], keeping.counting(task, day))
    news = {name: counted.excluded[name] for name in names}
    written = counted.on_conflict_do_update(index_elements=["task_id", "organization_id"], set_=news)
    return written.compile(dialect=dialect)


def _drop_old(session: Session, day: dt.date) -> None:
    known = {each.task.id for each in keeping.kept(session)}
    _forget(session, known.difference(each.id for each in keeping.lasting(session, day - KEPT_AFTER)))


def _forget(session: Session, task_ids: Iterable[int]) -> None:
    ids = list(task_ids)
    if ids:
        session.execute(delete(CoverageRollup).where(CoverageRollup.task_id.in_(ids)))
        session.execute(delete(RollupDay).where(RollupDay.task_id.in_(ids)))


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
