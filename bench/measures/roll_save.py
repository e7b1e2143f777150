"""Saving a roll of sixty, against a bare floor: the same rows written in one raw transaction by the driver alone."""

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any

from bench.frame import Result, World, compare
from learnhub.attendance import service
from learnhub.attendance.queries import roll_sheet
from learnhub.attendance.rules import LeaveReason, Outcome, RollMark
from learnhub.attendance.service import Saving
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.records.rules import CreditKind

HEADS = 60
AWAY = {1: RollMark(Outcome.LEAVE, LeaveReason.SICK), 2: RollMark(Outcome.ABSENT)}
BRANCH = 3
_MARK = (
    "INSERT INTO attendance (occasion_id, member_id, outcome, leave_reason, reason, noted_at, noted_by) "
    "VALUES (?, ?, ?, ?, '', ?, 1)"
)
_ENTRY = (
    "INSERT INTO audit_entry (at, actor_id, action, subject, organization_id, details, key, previous_hash, hash) "
    "VALUES (?, 1, 'occasion.roll', ?, 3, '{}', ?, ?, ?)"
)


def measure(world: World) -> Iterator[Result]:
    """`roll-save`: reading the sheet, the rows, the version and the trail, committed; each time another occasion."""
    rounds = max(world.rounds, 10)
    with world.app.app_context():
        fresh = iter(_occasions(world, 2 * rounds + 4))
        numbers = itertools.count()

        def ours() -> None:
            occasion = next(fresh)
            with world.session() as session:
                act = Act(1, clock.now(), f"bench-roll-{occasion}")
                sheet = roll_sheet(session, occasion, act.key)
                assert sheet is not None
                _save(session, act, sheet)
                session.commit()

        def by_hand() -> None:
            _floor(world, next(fresh), next(numbers))

        yield compare("roll-save", ours, by_hand, rounds)


def _save(session: Any, act: Act, sheet: Any) -> None:
    expected = tuple(range(1, HEADS + 1))
    whole = type(sheet)(sheet.occasion, expected, sheet.standing, sheet.names, sheet.clients, sheet.repeated)
    service.save_roll(session, act, sheet=whole, saving=Saving(AWAY, 0))


def _occasions(world: World, count: int) -> list[int]:
    starts = clock.now() - dt.timedelta(days=1)
    with world.session() as session:
        found = [
            service.open_occasion(
                session,
                Act(1, clock.now()),
                organization_id=BRANCH,
                title="会",
                place="会议室",
                starts_at=starts,
                ends_at=starts + dt.timedelta(hours=2),
                credit_kind=CreditKind.THEME_DAY,
            )
            for _ in range(count)
        ]
        session.commit()
    return found


def _floor(world: World, occasion: int, number: int) -> None:
    at = clock.now() if not world.is_sqlite else f"{clock.now():%Y-%m-%d %H:%M:%S.%f}"
    rows = [
        (occasion, member, mark.outcome.value, mark.leave_reason and mark.leave_reason.value, at)
        for member in range(1, HEADS + 1)
        if (mark := AWAY.get(member, RollMark(Outcome.PRESENT)))
    ]
    hashes = (f"{number:064x}", f"bench{number:059x}")
    entry = (at, f"occasion:{occasion}", f"floor-{occasion}", *hashes)
    version = "UPDATE occasion SET roll_version = 1 WHERE id = ?"
    raw = world.raw
    if world.is_sqlite:
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(_MARK, rows)
        raw.execute(version, (occasion,))
        raw.execute(_ENTRY, entry)
        raw.execute("COMMIT")
        return
    with raw.transaction(), raw.cursor() as cursor:
        cursor.executemany(_MARK.replace("?", "%s"), rows)
        cursor.execute(version.replace("?", "%s"), (occasion,))
        cursor.execute(_ENTRY.replace("?", "%s"), entry)
