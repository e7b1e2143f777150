"""A lesson's page as a signed-in member reads it, against the floor of such a page, at two web processes and 16 connections."""

import datetime as dt
import secrets
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select

from bench.frame import Result, World, result
from bench.serving import Phones, pages_a_second, side_by_side
from config import ROOT
from learnhub.accounts.models import Account, SignIn
from learnhub.accounts.rules import digest
from learnhub.content.publish import publish
from learnhub.content.shelf import Shelf
from learnhub.study.models import Mark

SECONDS = 2.0
MONTH = "2026-11"
PAGE = f"/months/{MONTH}/lesson"


def measure(world: World) -> Iterator[Result]:
    """`lesson-page`: pages a second of each in turn; the ratio is ours to the floor's, so more is better."""
    settings = world.app.config["SETTINGS"]
    outcome = publish(ROOT / "content", settings.published_content)
    assert outcome.version, outcome.first_error(ROOT / "content")
    token = signed_in_member(world)
    with world.session() as session:
        mark = {"unit": f"month:{MONTH}:lesson", "marked_at": dt.datetime.now(dt.UTC), "content_hash": "0" * 64}
        session.add(Mark(account_id=session.scalars(select(func.max(Account.id))).one(), **mark))
        session.commit()
    lesson = Path(settings.instance_folder, "lesson.html")
    lesson.write_text(Shelf(settings.published_content).current().unit(MONTH).lesson.html, encoding="utf-8")
    phones = Phones(world.app)
    cookie = phones.cookies(token)
    times: tuple[list[float], list[float]] = ([], [])
    with side_by_side(world, BENCH_LESSON=str(lesson)) as (port, floor_port):
        for number in range(max(2, world.rounds // 3) + 1):
            found = (
                pages_a_second(port, [PAGE], cookie, SECONDS),
                pages_a_second(floor_port, ["/lesson"], cookie, SECONDS),
            )
            if number:  # the first warms up
                for row, each in zip(times, found, strict=True):
                    row.append(each)
    yield result("lesson-page", times[0], times[1], "pages/s")


def signed_in_member(world: World) -> str:
    """Sign a new account in; gives the token. The servers live now, whatever day is measured elsewhere."""
    now, token = dt.datetime.now(dt.UTC), secrets.token_urlsafe(24)
    with world.session() as session:
        account = Account(name="党员", created_at=now)
        session.add(account)
        session.flush()
        session.add(SignIn(token_hash=digest(token), account_id=account.id, started_at=now, seen_at=now, agent="bench"))
        session.commit()
    return token
