"""The marks of a roll: those that stand, those that stood, and all that saving one needs in a single statement."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from learnhub.attendance.models import Attendance, Guest, Occasion
from learnhub.attendance.queries.occasions import OCCASION, OccasionValue
from learnhub.attendance.rules import Outcome, RollMark
from learnhub.attendance.rules.marks import ATTENDED
from learnhub.audit import queries as trail

MARK = (Attendance.outcome, Attendance.leave_reason, Attendance.reason)


@dataclasses.dataclass(frozen=True, slots=True)
class PastMark:
    """One mark of a roll's history: from when it stood, and until when and why not any longer."""

    member_id: int
    mark: RollMark
    noted_at: dt.datetime
    noted_by: int
    withdrawn_at: dt.datetime | None
    withdrawn_because: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class RollSheet:
    """An occasion with all that saving its roll asks for: who is expected, what stands, and what was saved before.

    `clients` is the last revision of each phone, `repeated` whether the act's key has come before.
    """

    occasion: OccasionValue
    expected: tuple[int, ...]
    standing: Mapping[int, RollMark]
    names: tuple[str, ...]
    clients: Mapping[str, int]
    repeated: bool


def sheet_statement(occasion: ColumnElement[int], expected: Select[Any] | None) -> Select[Any]:
    """Selects all that saving a roll asks for; `occasion` is SQL for its id, and the parameter `key` is the act's.

    `expected` selects the ids of those expected; without it the caller knows them. A room builds it once and hands it to
    `roll_sheet` each time: building it takes longer than either database needs to answer it.
    """
    stands = Attendance.withdrawn_at.is_(None)
    parts: list[Select[Any]] = [
        select(literal("mark").label("part"), Attendance.member_id, *MARK).where(
            Attendance.occasion_id == occasion, stands
        ),
        select(literal("guest"), null(), null(), null(), Guest.name).where(
            Guest.occasion_id == occasion, Guest.withdrawn_at.is_(None)
        ),
    ]
    if expected is not None:
        listed = expected.subquery("listed")
        parts.append(select(literal("expected"), listed.c[0], null(), null(), null()))
    people = union_all(*parts).subquery("people")
    seen = trail.subject_of(bindparam("key", type_=String)).label("seen")
    return (
        select(*OCCASION, Occasion.roll_clients, seen, *people.c)
        .outerjoin(people, true())
        .where(Occasion.id == occasion)
    )


_OF_OCCASION = sheet_statement(bindparam("occasion", type_=Integer), None)


def roll_sheet(session: Session, occasion_id: int, key: str | None) -> RollSheet | None:
    """The sheet of an occasion, without who is expected; None when there is none. One statement."""
    return asked_sheet(session, _OF_OCCASION, key, occasion=occasion_id)


def asked_sheet(session: Session, statement: Select[Any], key: str | None, **values: int) -> RollSheet | None:
    """The sheet that a `sheet_statement` finds with `values` for its parameters."""
    session.flush()
    rows = session.connection().execute(statement, {"key": key or "", **values}).all()
    return _sheet(rows) if rows else None


def _sheet(rows: Sequence[Any]) -> RollSheet:
    wide = len(OCCASION)
    expected, standing, names = list[int](), dict[int, RollMark](), list[str]()
    for part, member_id, outcome, leave_reason, words in (row[wide + 2 :] for row in rows):
        if part == "mark":
            standing[member_id] = RollMark(outcome, leave_reason, words)
        elif part == "guest":
            names.append(words)
        elif part == "expected":
            expected.append(member_id)
    clients, seen = rows[0][wide], rows[0][wide + 1]
    return RollSheet(
        OccasionValue(*rows[0][:wide]), tuple(expected), standing, tuple(names), clients or {}, seen is not None
    )


def guest_names(session: Session, occasion_id: int) -> tuple[str, ...]:
    """The people who are no members and sat in, in the order they were noted."""
    return guest_names_of(session, [occasion_id]).get(occasion_id, ())


def guest_names_of(session: Session, occasion_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The people who are no members and sat in, by occasion, in the order they were noted."""
    found: dict[int, list[str]] = defaultdict(list)
    statement = select(Guest.occasion_id, Guest.name).where(
        Guest.occasion_id.in_(occasion_ids), Guest.withdrawn_at.is_(None)
    )
    for occasion_id, name in session.execute(statement.order_by(Guest.id)):
        found[occasion_id].append(name)
    return {occasion_id: tuple(each) for occasion_id, each in found.items()}


def rolls(session: Session, occasion_ids: Sequence[int]) -> dict[int, dict[int, RollMark]]:
    """The standing marks of several occasions: occasion id -> member id -> mark; an uncalled one has no entry."""
    found: dict[int, dict[int, RollMark]] = defaultdict(dict)
    statement = select(Attendance.occasion_id, Attendance.member_id, *MARK).where(
        Attendance.occasion_id.in_(occasion_ids), Attendance.withdrawn_at.is_(None)
    )
    for occasion_id, member_id, *mark in session.execute(statement):
        found[occasion_id][member_id] = RollMark(*mark)
    return dict(found)


def taken_part(
    session: Session, member_ids: Sequence[int], first: dt.date, last: dt.date
) -> tuple[tuple[int, int, dt.date], ...]:
    """Who of `member_ids` took part in which occasion on which day from `first` to `last`, sitting in included.

    Member id, occasion id and civil day, in order of time.
    """
    statement = (
        select(Attendance.member_id, Occasion.id, Occasion.day)
        .join(Occasion, Occasion.id == Attendance.occasion_id)
        .where(
            Attendance.member_id.in_(member_ids),
            Attendance.outcome.in_(ATTENDED),
            Attendance.withdrawn_at.is_(None),
            Occasion.cancelled_at.is_(None),
            Occasion.day.between(first, last),
        )
        .order_by(Occasion.starts_at, Occasion.id)
    )
    return tuple((member_id, occasion_id, day) for member_id, occasion_id, day in session.execute(statement))


def roll(session: Session, occasion_id: int) -> dict[int, RollMark]:
    """The standing marks of one occasion by member id; empty before the roll is called."""
    return rolls(session, [occasion_id]).get(occasion_id, {})


def roll_at(session: Session, occasion_id: int, at: dt.datetime) -> dict[int, RollMark]:
    """The marks as they stood at the instant `at`."""
    statement = select(Attendance.member_id, *MARK).where(
        Attendance.occasion_id == occasion_id,
        Attendance.noted_at <= at,
        or_(Attendance.withdrawn_at.is_(None), Attendance.withdrawn_at > at),
    )
    return {member_id: RollMark(*mark) for member_id, *mark in session.execute(statement)}


def history(session: Session, occasion_id: int) -> tuple[PastMark, ...]:
    """Every mark ever noted on the roll, the withdrawn ones with their reason, oldest first."""
    return histories(session, [occasion_id]).get(occasion_id, ())


def histories(session: Session, occasion_ids: Sequence[int]) -> dict[int, tuple[PastMark, ...]]:
    """Every mark ever noted on several rolls, by occasion, oldest first."""
    found: dict[int, list[PastMark]] = defaultdict(list)
    statement = (
        select(
            Attendance.occasion_id,
            Attendance.member_id,
            *MARK,
            Attendance.noted_at,
            Attendance.noted_by,
            Attendance.withdrawn_at,
            Attendance.withdrawn_because,
        )
        .where(Attendance.occasion_id.in_(occasion_ids))
        .order_by(Attendance.id)
    )
    for occasion_id, *row in session.execute(statement):
        found[occasion_id].append(PastMark(row[0], RollMark(*row[1:4]), *row[4:]))
    return {occasion_id: tuple(each) for occasion_id, each in found.items()}


def outcome_counts(session: Session, occasion_ids: Sequence[int]) -> dict[int, dict[Outcome, int]]:
    """How many members have which outcome, by occasion; an uncalled one has no entry."""
    found: dict[int, dict[Outcome, int]] = defaultdict(dict)
    statement = (
        select(Attendance.occasion_id, Attendance.outcome, func.count())
        .where(Attendance.occasion_id.in_(occasion_ids), Attendance.withdrawn_at.is_(None))
        .group_by(Attendance.occasion_id, Attendance.outcome)
    )
    for occasion_id, outcome, count in session.execute(statement):
        found[occasion_id][outcome] = count
    return dict(found)
