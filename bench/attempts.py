"""Open attempts at one quiz of ten questions, each of somebody else who is signed in."""

import dataclasses
import datetime as dt
import secrets
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from learnhub.accounts.models import Account, SignIn
from learnhub.accounts.rules import digest
from learnhub.content.schema import Kind, Option, Question
from learnhub.quiz import rules
from learnhub.quiz.models import Attempt

QUESTIONS = 10
KEYS = ("k0", "k1", "k2", "k3")
RIGHT = "k1"
_OPTIONS = tuple(Option(key=key, html=word, text=word) for key, word in zip(KEYS, "甲乙丙丁", strict=True))


@dataclasses.dataclass(frozen=True, slots=True)
class Open:
    """An open attempt, and the token its owner is signed in with."""

    account_id: int
    attempt_id: int
    token: str


def open_attempts(session: Session, count: int) -> list[Open]:
    """Begin `count` attempts and commit them. The servers live now, whatever day is measured elsewhere."""
    now = dt.datetime.now(dt.UTC)
    questions = [_question(number) for number in range(QUESTIONS)]
    snapshots = [rules.snapshot(each, rules.shown(each, "")) for each in questions]
    account, attempt = _after(session, Account.id), _after(session, Attempt.id)
    found = [Open(account + number, attempt + number, secrets.token_urlsafe(24)) for number in range(count)]
    signed_in: dict[str, Any] = {"started_at": now, "seen_at": now, "agent": "bench"}
    begun: dict[str, Any] = {
        "unit": "course:bench",
        "title": "练习",
        "content_hash": "0" * 32,
        "questions": snapshots,
        "carried": [],
        "started_at": now,
    }
    for table, rows in (
        (Account, [{"id": each.account_id, "name": f"党员{each.account_id}", "created_at": now} for each in found]),
        (
            SignIn,
            [{"token_hash": digest(each.token), "account_id": each.account_id, **signed_in} for each in found],
        ),
        (Attempt, [{"id": each.attempt_id, "account_id": each.account_id, **begun} for each in found]),
    ):
        session.execute(insert(table), rows)
    session.commit()
    return found


def _after(session: Session, column: Any) -> int:
    return (session.scalar(select(func.max(column))) or 0) + 1


def _question(number: int) -> Question:
    return Question(
        id=f"q{number}",
        kind=Kind.SINGLE,
        title=f"第{number}题",
        stem_html=f"第{number}题",
        options=_OPTIONS,
        targets=(),
        correct=(RIGHT,),
        blanks=(),
        pairs=(),
        explanation_html="<p>解析</p>",
        hash=f"{number:032x}",
        source="quiz.md",
        line=1,
    )
