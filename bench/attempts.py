"""Open attempts at one quiz of ten questions, each of somebody else who is signed in."""

import dataclasses
import datetime as dt
import secrets
from typing import Any

from sqlalchemy import insert
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
    tokens = [secrets.token_urlsafe(24) for _ in range(count)]
    accounts = _inserted(session, Account, [{"name": f"党员{number}", "created_at": now} for number in range(count)])
    signed_in = {"started_at": now, "seen_at": now, "agent": "bench"}
    _inserted(
        session,
        SignIn,
        [
            {"token_hash": digest(token), "account_id": account_id, **signed_in}
            for token, account_id in zip(tokens, accounts, strict=True)
        ],
    )
    begun: dict[str, Any] = {
        "unit": "course:bench",
        "title": "练习",
        "content_hash": "0" * 32,
        "questions": snapshots,
        "carried": [],
        "started_at": now,
    }
    attempts = _inserted(session, Attempt, [{"account_id": account_id, **begun} for account_id in accounts])
    session.commit()
    return [Open(*each) for each in zip(accounts, attempts, tokens, strict=True)]


def _inserted(session: Session, table: Any, rows: list[dict[str, Any]]) -> list[int]:
    """The ids of new rows, in their order."""
    return list(session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows))


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
