"""Calling the roll and correcting it. A mark is never overwritten: it is withdrawn and another is noted."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, bindparam, case, insert, update
from sqlalchemy.orm import Session

from learnhub.attendance import queries
from learnhub.attendance.models import Attendance, Guest, Occasion
from learnhub.attendance.queries import OccasionValue, RollSheet
from learnhub.attendance.rules import (
    Outcome,
    RollChanged,
    RollMark,
    RollSaved,
    Sender,
    check_roll_open,
    has_ended,
    merge,
    whole_roll,
)
from learnhub.attendance.service.credits import settle
from learnhub.attendance.service.steps import noted
from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.orm import Base
from learnhub.core.text import N_

# How many phones one roll remembers; a branch has two recorders.
_CLIENTS = 20
_MARKS, _OCCASIONS = (Base.metadata.tables[each.__tablename__] for each in (Attendance, Occasion))
# Built once: composing a statement takes longer than running it.
_NEW_MARKS = insert(_MARKS).inline()
_ADVANCE = (
    update(_OCCASIONS)
    .where(
        _OCCASIONS.c.id == bindparam("of"),
        _OCCASIONS.c.roll_version == bindparam("from"),
        _OCCASIONS.c.cancelled_at.is_(None),
        case((_OCCASIONS.c.finished_at.is_(None), 0), else_=1) == bindparam("finished"),
    )
    .values(roll_version=bindparam("to"), roll_clients=bindparam("clients"))
)


class Overtaken(Exception):
    """Another transaction saved the same roll a moment ago: read the sheet again."""


@dataclasses.dataclass(frozen=True, slots=True)
class Saving:
    """What a recorder wants saved: marks of those expected and of guests, from which version, and why.

    `base` is the roll the recorder began from, for merging it with another recorder's; `names` are the people who are
    no members, None where the page does not ask; `sender` is the phone and the number of its saving. `found` are the
    members of elsewhere whom the recorder found by name: they may sit in beside those who stand on the roll already.
    """

    marks: Mapping[int, RollMark]
    base_version: int
    because: str = ""
    base: Mapping[int, RollMark] | None = None
    names: tuple[str, ...] | None = None
    sender: Sender | None = None
    found: Collection[int] = ()


def call_roll(
    session: Session,
    act: Act,
    *,
    occasion_id: int,
    expected: Sequence[int],
    marks: Mapping[int, RollMark],
    base_version: int,
    because: str = "",
) -> RollSaved:
    """Save the whole roll: every `expected` member (id) as marked, present where there is no mark.

    Once it was called, those `expected` who do not stand on it are added only with a mark of their own.

    `base_version` is the version the recorder started from. When another recorder saved a different roll since, nothing
    is saved and RollChanged carries theirs; the same roll twice is one. After the occasion is finished a change is a
    correction: it needs `because`, and credits follow it. Raises DomainError for a mark of somebody not expected, and
    StrangerOnRoll for somebody who is to sit in and does not yet.
    """
    saving = Saving(marks, base_version, because)
    while True:
        sheet = queries.roll_sheet(session, occasion_id, act.key)
        if sheet is None:
            raise NotFound(N_("没有这次活动。"))
        try:
            return save_roll(session, act, sheet=dataclasses.replace(sheet, expected=tuple(expected)), saving=saving)
        except Overtaken:
            continue


def save_roll(session: Session, act: Act, *, sheet: RollSheet, saving: Saving) -> RollSaved:
    """Save what the recorder wants on the sheet just read: an update of the occasion, an insert of the marks, the trail.

    A repeated act, and a revision of a phone that is not newer than its last, change nothing. When another recorder
    saved meanwhile, both rolls are united; where they contradict each other RollChanged says about whom, and nothing
    is saved. Raises TooEarly before the roll opens, Overtaken when somebody was faster by a moment: read the sheet again.
    """
    occasion = sheet.occasion
    to_finish = occasion.finished_at is None and has_ended(occasion, act.at)
    if sheet.repeated or _known(sheet, saving.sender):
        return RollSaved(occasion.roll_version, to_finish=to_finish)
    if occasion.cancelled_at:
        raise DomainError(N_("这次活动已经取消。"))
    check_roll_open(occasion, act.at)
    wanted, adopted = _wanted(sheet, saving)
    names = _wanted_names(sheet, saving)
    if occasion.called and wanted == sheet.standing and set(names) == set(sheet.names):
        return RollSaved(occasion.roll_version, adopted, to_finish)
    _check_reason(occasion, saving.because)
    _advance(session, sheet, saving.sender)
    _write_marks(session, act, occasion, standing=sheet.standing, wanted=wanted, because=saving.because)
    _write_names(session, act, sheet, names, saving.because)
    version = occasion.roll_version + 1
    noted(session, act, "roll", occasion, version=version, members=len(wanted))
    return RollSaved(version, adopted, to_finish)


def correct(session: Session, act: Act, *, occasion_id: int, member_id: int, mark: RollMark, reason: str) -> RollSaved:
    """Correct one member's mark, with a reason; credits of a finished occasion follow."""
    if earlier(session, act.key):
        return RollSaved(queries.held(session, occasion_id).roll_version)
    queries.held(session, occasion_id)
    sheet = queries.roll_sheet(session, occasion_id, None)
    if sheet is None or member_id not in sheet.standing:
        raise DomainError(N_("这个人不在点名的名单里。"))
    if sheet.occasion.cancelled_at:
        raise DomainError(N_("这次活动已经取消。"))
    if not reason.strip():
        raise DomainError(N_("更正要写明理由。"), field="because")
    version = sheet.occasion.roll_version
    if sheet.standing[member_id] != mark:
        wanted = {**sheet.standing, member_id: mark}
        _advance(session, sheet, None)
        _write_marks(session, act, sheet.occasion, standing=sheet.standing, wanted=wanted, because=reason)
        version += 1
        noted(session, act, "correct", sheet.occasion, version=version, member=member_id)
    return RollSaved(version)


def _known(sheet: RollSheet, sender: Sender | None) -> bool:
    return sender is not None and sheet.clients.get(sender.client, -1) >= sender.revision


def _wanted(sheet: RollSheet, saving: Saving) -> tuple[dict[int, RollMark], frozenset[int]]:
    """The roll to stand, and whose marks in it another recorder saved; raises RollChanged over a contradiction."""
    listed = _listed(sheet, saving.marks)
    as_it_stands = {member: sheet.standing[member] for member in listed if member not in sheet.expected}
    mine = whole_roll(listed, {**as_it_stands, **saving.marks}, {*sheet.standing, *saving.found})
    version, standing = sheet.occasion.roll_version, sheet.standing
    if saving.base_version == version or mine == standing:
        return mine, frozenset()
    if saving.base is None:
        raise RollChanged(standing, version)
    merged = merge(saving.base, mine, standing)
    if merged.conflicts:
        raise RollChanged(standing, version, merged.roll, merged.conflicts)
    expected = set(listed)
    union = {
        member: mark for member, mark in merged.roll.items() if member in expected or mark.outcome is Outcome.NON_VOTING
    }
    return union, merged.adopted


def _listed(sheet: RollSheet, marks: Mapping[int, RollMark]) -> tuple[int, ...]:
    """Whom this saving lists: at first everybody expected; afterwards those on the roll, and whom the recorder adds.

    The roster may list somebody else for a past day meanwhile. Nobody came or stayed away by that: whoever is listed
    later needs a mark of their own, and whoever no longer is stays on a finished roll.
    """
    occasion, expected = sheet.occasion, set(sheet.expected)
    if not occasion.called:
        return sheet.expected
    on_roll = [
        member
        for member, mark in sheet.standing.items()
        if mark.outcome is not Outcome.NON_VOTING and (occasion.finished_at or member in expected)
    ]
    added = [member for member in sheet.expected if member in marks and member not in on_roll]
    return (*on_roll, *added)


def _wanted_names(sheet: RollSheet, saving: Saving) -> tuple[str, ...]:
    if saving.names is None:
        return sheet.names
    stale = saving.base_version != sheet.occasion.roll_version
    return tuple(dict.fromkeys([*sheet.names, *saving.names])) if stale else saving.names


def _check_reason(occasion: OccasionValue, because: str) -> None:
    if occasion.finished_at and not because.strip():
        raise DomainError(N_("这次活动已经完成记录。改动点名是更正，请写明理由。"), field="because")


def _advance(session: Session, sheet: RollSheet, sender: Sender | None) -> None:
    """Raise the version from the one that was read: whoever reads the same one waits here, and is then too late."""
    occasion = sheet.occasion
    clients = dict(sheet.clients)
    if sender is not None:
        clients.pop(sender.client, None)
        clients = dict([*clients.items(), (sender.client, sender.revision)][-_CLIENTS:])
    values = {
        "of": occasion.id,
        "from": occasion.roll_version,
        "to": occasion.roll_version + 1,
        "finished": int(occasion.finished_at is not None),
        "clients": clients or None,
    }
    session.flush()
    result = session.connection().execute(_ADVANCE, values)
    if result.rowcount != 1:
        raise Overtaken


def _write_marks(
    session: Session,
    act: Act,
    occasion: OccasionValue,
    *,
    standing: Mapping[int, RollMark],
    wanted: Mapping[int, RollMark],
    because: str,
) -> None:
    """Withdraw the marks that no longer hold, note the new ones, and let the credits of a finished occasion follow."""
    gone = [member for member, mark in standing.items() if wanted.get(member) != mark]
    fresh = {member: mark for member, mark in wanted.items() if standing.get(member) != mark}
    if gone:
        of_gone = and_(Attendance.occasion_id == occasion.id, Attendance.member_id.in_(gone))
        _withdraw(session, act, Attendance, of_gone, because)
    if fresh:
        rows = [_row(act, occasion.id, member, mark) for member, mark in fresh.items()]
        session.connection().execute(_NEW_MARKS, rows)
    if occasion.finished_at:
        settle(session, act, occasion, standing=standing, wanted=wanted, because=because)


def _write_names(session: Session, act: Act, sheet: RollSheet, names: Collection[str], because: str) -> None:
    gone, fresh = set(sheet.names) - set(names), [each for each in names if each not in sheet.names]
    if gone:
        of_gone = and_(Guest.occasion_id == sheet.occasion.id, Guest.name.in_(gone))
        _withdraw(session, act, Guest, of_gone, because)
    if fresh:
        noted_now = {"occasion_id": sheet.occasion.id, "noted_at": act.at, "noted_by": act.actor_id}
        session.execute(insert(Guest), [{"name": each, **noted_now} for each in fresh])


def _withdraw(
    session: Session, act: Act, table: type[Attendance] | type[Guest], whose: ColumnElement[bool], because: str
) -> None:
    values = {"withdrawn_at": act.at, "withdrawn_by": act.actor_id, "withdrawn_because": because or None}
    statement = update(table).where(whose, table.withdrawn_at.is_(None)).values(values)
    session.execute(statement.execution_options(synchronize_session=False))


def _row(act: Act, occasion_id: int, member_id: int, mark: RollMark) -> dict[str, object]:
    return {
        "occasion_id": occasion_id,
        "member_id": member_id,
        "outcome": mark.outcome,
        "leave_reason": mark.leave_reason,
        "reason": mark.reason,
        "noted_at": act.at,
        "noted_by": act.actor_id,
    }
