"""`make bench-rolls`: every branch saves its roll within one minute while a hundred people read.

The server is the one that is shipped, with two workers; this program is the phones. It prints how many were answered,
how many went wrong, and how long they took; and it ends with 1 when anything went wrong or the slow ones were too slow.
"""

import argparse
import asyncio
import contextlib
import dataclasses
import datetime as dt
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer

from bench import generate
from config import Config
from learnhub.accounts.models import Account, RoleBinding, SignIn
from learnhub.accounts.rules import Role, digest
from learnhub.app import create_app
from learnhub.attendance.models import Occasion
from learnhub.content import publish
from learnhub.core import clock
from learnhub.core.orm import FOREVER
from learnhub.meetings.models import Meeting, MeetingKindOf
from learnhub.meetings.rules import MeetingKind
from learnhub.records.rules import CreditKind
from learnhub.start import GRANIAN
from learnhub.web.db import db

ROOT = Path(__file__).resolve().parent.parent
SECONDS, READERS, PAUSE, MOST_MS = 60.0, 100, 3.0, 500.0
PAGES = ("/", "/months/2026-11", "/my-record", "/courses")


@dataclasses.dataclass
class Outcome:
    """Milliseconds of what was answered, and what went wrong."""

    times: list[float] = dataclasses.field(default_factory=list)
    wrong: list[str] = dataclasses.field(default_factory=list)

    def line(self, name: str) -> str:
        """As it is printed."""
        cuts = statistics.quantiles(self.times, n=100)
        return (
            f"{name}: {len(self.times)} answered, {len(self.wrong)} wrong, p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, "
            f"p99 {cuts[98]:.0f} ms, longest {max(self.times):.0f} ms"
        )


@dataclasses.dataclass
class Phones:
    """The address of the server and what each phone needs: cookie, token, the body of each roll."""

    port: int
    cookies: list[str]
    token: str
    bodies: list[tuple[str, str]]
    rolls: Outcome = dataclasses.field(default_factory=Outcome)
    pages: Outcome = dataclasses.field(default_factory=Outcome)


def main() -> int:
    """Fill a database, start the server, let the phones loose; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.rolls_minute", description=__doc__)
    parser.add_argument("--database", default="", help="an empty database (default: a new SQLite file)")
    parser.add_argument("--branches", type=int, default=2000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="learnhub-rolls-") as folder:
        given = {
            "LEARNHUB_SECRET_KEY": secrets.token_urlsafe(48),
            "LEARNHUB_IDENTITY_KEY": secrets.token_urlsafe(48),
            "DATABASE_URL": asked.database or f"sqlite:///{folder}/rolls.sqlite3",
            "LEARNHUB_INSTANCE": folder,
            "LEARNHUB_SECURE_COOKIES": "0",
        }
        settings = Config.from_environment(given)
        publish.publish(ROOT / "content", settings.published_content)
        app = create_app(settings)
        with app.app_context():
            phones = _fill(app, asked.branches)
            db.session.remove()
            db.engine.dispose()
        with _server(given, phones.port):
            asyncio.run(_minute(phones))
        with app.app_context():
            saved = db.session.scalar(sa.select(sa.func.count()).where(Occasion.roll_version == 1))
            db.session.remove()
            db.engine.dispose()
    print(phones.rolls.line("rolls"))
    print(phones.pages.line("pages"))
    print(f"rolls in the database: {saved}", *phones.rolls.wrong[:3], *phones.pages.wrong[:3], sep="\n")
    slow = statistics.quantiles(phones.rolls.times, n=100)[94] > MOST_MS
    return int(slow or bool(phones.rolls.wrong or phones.pages.wrong) or saved != asked.branches)


def _fill(app: Flask, count: int) -> Phones:
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
    return _phones(app, tokens, _expected(session, first, count, today))


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


def _phones(app: Flask, tokens: list[str], expected: dict[int, list[int]]) -> Phones:
    raw = secrets.token_hex(20)
    cookies = SecureCookieSessionInterface().get_signing_serializer(app)
    assert cookies is not None
    signed = [str(cookies.dumps({"_user_id": each, "_fresh": True, "csrf_token": raw})) for each in tokens]
    token = str(URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(raw))
    bodies = []
    for number, members in expected.items():
        away = members[:2]
        fields = [("csrf_token", token), ("key", secrets.token_urlsafe(12)), ("base_version", "0"), ("base", "")]
        fields += [("member", str(each)) for each in members] + [("here", str(each)) for each in members[2:]]
        fields += [(f"why-{each}", "leave:sick") for each in away]
        bodies.append((f"/meetings/{number + 1}/roll", urllib.parse.urlencode(fields)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Phones(port, signed, token, bodies)


@contextlib.contextmanager
def _server(given: dict[str, str], port: int) -> Any:
    program = str(Path(sys.executable).parent / "granian")
    environment = {**os.environ, **given}
    running = subprocess.Popen([program, *GRANIAN, "--port", str(port), "wsgi:app"], cwd=ROOT, env=environment)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        time.sleep(1)
        yield running
    finally:
        running.terminate()
        running.wait(30)


async def _minute(phones: Phones) -> None:
    """Rolls evenly over the minute, each on a connection of its own; readers with a pause between their pages."""
    begun = time.perf_counter()
    count = len(phones.bodies)

    async def save(number: int) -> None:
        await asyncio.sleep(max(0.0, begun + number * SECONDS / count - time.perf_counter()))
        path, body = phones.bodies[number]
        await _ask(phones, phones.rolls, number, f"POST {path}", body)

    async def read(number: int) -> None:
        await asyncio.sleep(number * PAUSE / READERS)
        step = number
        while time.perf_counter() < begun + SECONDS:
            await _ask(phones, phones.pages, number % count, f"GET {PAGES[step % len(PAGES)]}")
            step += 1
            await asyncio.sleep(PAUSE)

    await asyncio.gather(*(save(each) for each in range(count)), *(read(each) for each in range(READERS)))


async def _ask(phones: Phones, outcome: Outcome, who: int, line: str, body: str = "") -> None:
    started = time.perf_counter()
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if body else ""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", phones.port)
        writer.write(
            f"{line} HTTP/1.1\r\nHost: 127.0.0.1:{phones.port}\r\nOrigin: http://127.0.0.1:{phones.port}\r\n"
            f"Cookie: learnhub={phones.cookies[who]}\r\n{kind}Connection: close\r\n\r\n{body}".encode()
        )
        answer = await reader.read()
        writer.close()
    except OSError as error:
        outcome.wrong.append(f"{line}: {error}")
        return
    status = answer[9:12].decode()
    if status != ("303" if body else "200"):
        outcome.wrong.append(f"{line}: {status or 'nothing'}")
    outcome.times.append((time.perf_counter() - started) * 1000)


if __name__ == "__main__":
    sys.exit(main())
