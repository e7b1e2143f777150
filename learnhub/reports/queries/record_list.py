"""The list of records of a year: every meeting and every class at and below an organization, one line each."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.models import Attendance
from learnhub.attendance.rules import CAME, Outcome
from learnhub.meetings.models import Meeting, MeetingKindOf
from learnhub.meetings.rules import MeetingKind
from learnhub.organizations import queries as organizations
from learnhub.organizations.models import FormerDescription
from learnhub.training.batches import queries as batches_queries
from learnhub.training.batches.queries import BatchValue
from learnhub.training.tasks import queries as tasks_queries

_EXPECTED = (*CAME, Outcome.LEAVE, Outcome.ABSENT)
_CHUNK = 10_000


@dataclasses.dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting as the list tells it; `former` is what its branch was called then, if it is called otherwise now."""

    organization: str
    former: str | None
    day: dt.date
    kinds: tuple[MeetingKind, ...]
    theme: str
    expected: int
    came: int
    finished_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class RecordList:
    """The finished meetings of a year until `day` by organization order and day, and the classes begun in it."""

    day: dt.date
    meetings: tuple[MeetingLine, ...]
    classes: tuple[BatchValue, ...]


def record_list(session: Session, organization_id: int, day: dt.date) -> RecordList:
    """The records of the year of `day`, until `day`.

    Of the organizations that hang below on `day`, and of those that did earlier in the year, on the days when they did:
    what a branch recorded before it was dissolved stays on the list.
    """
    first = dt.date(day.year, 1, 1)
    tree = [row.value.id for row in organizations.whole_tree(session, organization_id, day)]
    earlier = sorted(set(organizations.ids_below(session, [organization_id], first)) - set(tree))
    names = _names(session, [*tree, *earlier], day)
    former = organizations.former_descriptions(session, [*tree, *earlier])
    found: dict[int, list[MeetingLine]] = defaultdict(list)
    for branch, line in _meetings(session, [*tree, *earlier], first, day, names=names, former=former):
        if branch in tree or organizations.covers(session, [organization_id], branch, line.day):
            found[branch].append(line)
    tasks = [each.id for each in tasks_queries.tasks_for(session, [organization_id], day)]
    batches = batches_queries.batches(session, tasks, organization_id, day) if tasks else ()
    return RecordList(
        day,
        tuple(line for branch in (*tree, *earlier) for line in found.get(branch, ())),
        tuple(each for each in batches if first <= each.starts_on <= day),
    )


def _names(session: Session, ids: Sequence[int], day: dt.date) -> dict[int, str]:
    known = organizations.names(day)
    found: dict[int, str] = {}
    for start in range(0, len(ids), _CHUNK):
        statement = select(known.c.id, known.c.name).where(known.c.id.in_(ids[start : start + _CHUNK]))
        found.update(session.execute(statement).tuples().all())
    return found


def _meetings(
    session: Session,
    ids: Sequence[int],
    first: dt.date,
    day: dt.date,
    *,
    names: Mapping[int, str],
    former: Mapping[int, Sequence[FormerDescription]],
) -> Iterator[tuple[int, MeetingLine]]:
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        kinds: dict[int, list[MeetingKind]] = defaultdict(list)
        chosen = _finished(some, first, day).with_only_columns(Meeting.id)
        of_kind = select(MeetingKindOf.meeting_id, MeetingKindOf.kind).where(MeetingKindOf.meeting_id.in_(chosen))
        for meeting_id, kind in session.execute(of_kind):
            kinds[meeting_id].append(kind)
        for row in session.execute(_counted(_finished(some, first, day))):
            branch, on = row.organization_id, row.day
            then = next((each.name for each in former.get(branch, ()) if each.valid_from <= on < each.valid_to), None)
            name = names[branch]
            yield (
                branch,
                MeetingLine(
                    organization=name,
                    former=then if then != name else None,
                    day=on,
                    kinds=tuple(each for each in MeetingKind if each in kinds[row.id]),
                    theme=row.theme,
                    expected=row.expected or 0,
                    came=row.came or 0,
                    finished_at=row.finished_at,
                ),
            )


def _finished(ids: Sequence[int], first: dt.date, day: dt.date) -> Select[Any]:
    occasion = attendance.occasion_rows()
    return (
        select(
            Meeting.id,
            Meeting.organization_id,
            Meeting.theme,
            Meeting.occasion_id,
            occasion.c.day,
            occasion.c.finished_at,
        )
        .join(occasion, occasion.c.id == Meeting.occasion_id)
        .where(Meeting.organization_id.in_(ids), occasion.c.finished_at.is_not(None))
        .where(occasion.c.day >= first, occasion.c.day <= day)
    )


def _counted(chosen: Select[Any]) -> Select[Any]:
    """The meetings with how many were expected and came, by day."""
    found = chosen.subquery("finished")
    marks = (
        select(
            Attendance.occasion_id,
            func.sum(case((Attendance.outcome.in_(_EXPECTED), 1), else_=0)).label("expected"),
            func.sum(case((Attendance.outcome.in_(CAME), 1), else_=0)).label("came"),
        )
        .where(Attendance.withdrawn_at.is_(None), Attendance.occasion_id.in_(select(found.c.occasion_id)))
        .group_by(Attendance.occasion_id)
        .subquery("marks")
    )
    columns = (*found.c, marks.c.expected, marks.c.came)
    statement = select(*columns).outerjoin(marks, marks.c.occasion_id == found.c.occasion_id)
    return statement.order_by(found.c.day, found.c.id)
