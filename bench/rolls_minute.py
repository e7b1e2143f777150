"""`make bench-rolls`: every branch saves its roll within one minute while a hundred people read.

The server is the one that is shipped, with two workers; this program is the phones. It prints how many were answered,
how many went wrong, and how long they took; and it ends with 1 when anything went wrong or the slow ones were too slow.
"""

import argparse
import asyncio
import dataclasses
import datetime as dt
import secrets
import sys
import tempfile
import time
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from bench import generate
from bench.minute import SECONDS, Outcome, ask, evenly
from bench.serving import Phones, environment, publish_content, request, served
from config import Config
from learnhub.accounts.models import Account, RoleBinding, SignIn
from learnhub.accounts.rules import Role, digest
from learnhub.app import create_app
from learnhub.attendance.models import Occasion
from learnhub.core import clock
from learnhub.core.orm import FOREVER
from learnhub.meetings.models import Meeting, MeetingKindOf
from learnhub.meetings.rules import MeetingKind
from learnhub.records.rules import CreditKind
from learnhub.web.db import db

READERS, PAUSE, MOST_MS = 100, 3.0, 500.0
PAGES = ("/", "/months/2026-11", "/my-record", "/courses")


@dataclasses.dataclass
class Branches:
    """What each branch's phone needs: the cookie, and the address and body of its roll."""

    cookies: list[str]
    rolls: list[tuple[str, str]]


def main() -> int:
    """Fill a database, start the server, let the phones loose; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.rolls_minute", description=__doc__)
    parser.add_argument("--database", default="", help="an empty database (default: a new SQLite file)")
    parser.add_argument("--branches", type=int, default=2000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="learnhub-rolls-") as folder:
        given = environment(asked.database or f"sqlite:///{folder}/rolls.sqlite3", folder)
        settings = Config.from_environment(given)
        publish_content(settings)
        app = create_app(settings)
        with app.app_context():
            branches = _fill(app, asked.branches)
            db.session.remove()
            db.engine.dispose()
        with served("wsgi:app", given, "/healthz") as port:
            rolls, pages = asyncio.run(_minute(branches, port))
        with app.app_context():
            saved = db.session.scalar(sa.select(sa.func.count()).where(Occasion.roll_version == 1))
            db.session.remove()
            db.engine.dispose()
    print(rolls.line("rolls"), pages.line("pages"), sep="\n")
    print(f"rolls in the database: {saved}", *rolls.wrong[:3], *pages.wrong[:3], sep="\n")
    return int(rolls.percentile(95) > MOST_MS or bool(rolls.wrong or pages.wrong) or saved != asked.branches)


def _fill(app: Flask, count: int) -> Branches:
    size = generate.Size(1, max(1, count // 80), min(80, count), 22)
    upgrade()
    with db.engine.begin() as connection:
        generate.fill(connection, size)
    first = generate.FIRST_COUNTY + size.counties + size.in_towns
    now, today = clock.now(), clock.today()
    starts = now - dt.timedelta(hours=2)
    session = db.session()
    branches = range(1, count + 1)
    tokens = [secrets.token_urlsafe(24) for _ in branches]
    plain: dict[str, Any] = {"theme": "主题党日", "chair": "书记", "scheduled_at": now, "scheduled_by": 1}
    rows: list[tuple[Any, list[dict[str, Any]]]] = [
        (
            Account,
            [{"id": n, "name": f"记录人{n}", "member_id": (n - 1) * 22 + 1, "created_at": now} for n in branches],
        ),
        (
            RoleBinding,
            [
                {
                    "account_id": n,
                    "role": Role.RECORDER,
                    "organization_id": first + n - 1,
                    "valid_from": generate.FIRST,
                    "valid_to": FOREVER,
                }
                for n in branches
            ],
        ),
        (
            SignIn,
            [
                {"token_hash": digest(token), "account_id": n, "started_at": now, "seen_at": now, "agent": "bench"}
                for n, token in zip(branches, tokens, strict=True)
            ],
        ),
        (
            Occasion,
            [
                {
                    "id": n,
                    "organization_id": first + n - 1,
                    "title": "主题党日",
                    "place": "会议室",
                    "starts_at": starts,
                    "ends_at": now,
                    "day": today,
                    "credit_kind": CreditKind.THEME_DAY,
                    "quarters": 3,
                    "basis": "",
                    "roll_version": 0,
                }
                for n in branches
            ],
        ),
        (
            Meeting,
            [
                {"id": n, "organization_id": first + n - 1, "occasion_id": n, "month": clock.month_of(today), **plain}
                for n in branches
            ],
        ),
        (MeetingKindOf, [{"meeting_id": n, "kind": MeetingKind.THEME_DAY} for n in branches]),
    ]
    for table, values in rows:
        session.execute(sa.insert(table), values)
    session.commit()
    return _branches(app, tokens, _expected(session, first, count, today))


def _expected(session: Any, first: int, count: int, day: dt.date) -> dict[int, list[int]]:
    """The members of each branch on the day."""
    found: dict[int, list[int]] = {n: [] for n in range(count)}
    rows = session.execute(
        sa.text("SELECT organization_id, member_id FROM membership WHERE valid_from <= :day AND valid_to > :day"),
        {"day": day.isoformat() if db.engine.dialect.name == "sqlite" else day},
    )
    for organization_id, member_id in rows:
        found[organization_id - first].append(member_id)
    return found


def _branches(app: Flask, tokens: list[str], expected: dict[int, list[int]]) -> Branches:
    phones, rolls = Phones(app), []
    for number, members in expected.items():
        away = members[:2]
        fields = [("key", secrets.token_urlsafe(12)), ("base_version", "0"), ("base", "")]
        fields += [("member", str(each)) for each in members] + [("here", str(each)) for each in members[2:]]
        fields += [(f"why-{each}", "leave:sick") for each in away]
        rolls.append((f"/meetings/{number + 1}/roll", phones.form(fields)))
    return Branches([phones.cookie(each) for each in tokens], rolls)


async def _minute(branches: Branches, port: int) -> tuple[Outcome, Outcome]:
    """Rolls evenly over the minute, each on a connection of its own; readers with a pause between their pages."""
    rolls, pages = Outcome(), Outcome()
    until = time.perf_counter() + SECONDS
    count = len(branches.rolls)

    async def save(number: int) -> None:
        path, body = branches.rolls[number]
        await ask(port, rolls, request(port, f"POST {path}", branches.cookies[number], body), 303)

    async def read(number: int) -> None:
        await asyncio.sleep(number * PAUSE / READERS)
        step = number
        while time.perf_counter() < until:
            page = request(port, f"GET {PAGES[step % len(PAGES)]}", branches.cookies[number % count])
            await ask(port, pages, page, 200)
            step += 1
            await asyncio.sleep(PAUSE)

    await asyncio.gather(evenly(count, save), *(read(each) for each in range(READERS)))
    return rolls, pages


if __name__ == "__main__":
    sys.exit(main())
