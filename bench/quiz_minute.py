"""`make bench-quiz`: ten thousand quizzes of ten answers are handed in within one minute.

The server is the one that is shipped, with two web processes; this program is the phones. Every tenth phone sends twice, as an
impatient thumb does. Then each attempt is looked at: handed in once, all ten answers as they were sent, the right grade,
one entry in the trail, and the trail whole. It ends with 1 when anything is lost, doubled or torn, went wrong, or when
the slow ones were too slow.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter

import sqlalchemy as sa
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from bench.attempts import KEYS, QUESTIONS, RIGHT, Open, open_attempts
from bench.minute import SECONDS, Outcome, ask, evenly
from bench.serving import Phones, environment, publish_content, request, served
from config import Config
from learnhub.app import create_app
from learnhub.audit import queries as trail
from learnhub.audit.models import AuditEntry
from learnhub.quiz.models import Answer, Attempt
from learnhub.quiz.rules import POSSIBLE
from learnhub.web.db import db

MOST_P95, MOST_P99, TWICE = 500.0, 1000.0, 10
Sheet = tuple[str, ...]


def main(words: list[str]) -> int:
    """Open the attempts, start the server, let the phones loose, look at every attempt; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.quiz_minute", description=__doc__)
    parser.add_argument("--database", default="", help="an empty database (default: a new SQLite file)")
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="learnhub-quiz-") as folder:
        given = environment(asked.database or f"sqlite:///{folder}/quiz.sqlite3", folder)
        settings = Config.from_environment(given)
        publish_content(settings)
        app = create_app(settings)
        with app.app_context():
            upgrade()
            desks = open_attempts(db.session(), asked.submissions)
            sheets = _sheets(len(desks))
            db.session.remove()
            db.engine.dispose()
        with served("wsgi:app", given, "/sign-in") as port:
            outcome = asyncio.run(_minute(Phones(app), port, desks, sheets, asked.seconds))
        with app.app_context():
            found = looked_at(db.session(), desks, sheets)
            whole = trail.first_broken(db.session()) is None
            db.session.remove()
            db.engine.dispose()
    print(outcome.line("submissions"), f"of {asked.submissions}: {dict(found)}, trail whole: {whole}", sep="\n")
    print(*outcome.wrong[:3], sep="\n", end="")
    slow = outcome.percentile(95) > MOST_P95 or outcome.percentile(99) > MOST_P99
    return int(slow or bool(outcome.wrong) or not whole or found["stored once"] != asked.submissions)


def _sheets(count: int) -> list[Sheet]:
    """What each phone answers."""
    chance = random.Random(20261101)
    return [tuple(chance.choices(KEYS, k=QUESTIONS)) for _ in range(count)]


async def _minute(phones: Phones, port: int, desks: list[Open], sheets: list[Sheet], seconds: float) -> Outcome:
    outcome = Outcome()

    async def send(number: int) -> None:
        desk, fields = desks[number], [("sure", "1"), ("client", f"phone-{number}")]
        for question, key in enumerate(sheets[number]):
            fields += [(f"answer.q{question}", key), (f"revision.q{question}", "1")]
        sent = request(
            port, f"POST /attempts/{desk.attempt_id}/hand-in", phones.cookie(desk.token), phones.form(fields)
        )
        times = 2 if number % TWICE == 0 else 1
        await asyncio.gather(*(ask(port, outcome, sent, 303) for _ in range(times)))

    await evenly(len(desks), send, seconds)
    return outcome


def looked_at(session: Session, desks: list[Open], sheets: list[Sheet]) -> Counter[str]:
    """How many attempts are `stored once` as they were sent, and how many `lost`, `doubled` or `torn`."""
    answers: dict[int, dict[str, tuple[object, int]]] = {}
    for attempt_id, question_id, value, revision in session.execute(
        sa.select(Answer.attempt_id, Answer.question_id, Answer.value, Answer.revision)
    ):
        answers.setdefault(attempt_id, {})[question_id] = (value, revision)
    columns = (Attempt.id, Attempt.handed_in_at, Attempt.grades, Attempt.earned, Attempt.possible)
    rows = {row.id: row for row in session.execute(sa.select(*columns))}
    noted = Counter(session.scalars(sa.select(AuditEntry.subject).where(AuditEntry.action == "attempt.hand_in")))
    found: Counter[str] = Counter()
    for desk, sheet in zip(desks, sheets, strict=True):
        row, times = rows[desk.attempt_id], noted[f"attempt:{desk.attempt_id}"]
        grades = [POSSIBLE if key == RIGHT else 0 for key in sheet]
        as_sent = {f"q{question}": (key, 1) for question, key in enumerate(sheet)}
        graded = (row.grades, row.earned, row.possible) == (grades, sum(grades), POSSIBLE * QUESTIONS)
        if row.handed_in_at is None:
            found["lost"] += 1
        elif times != 1:
            found["doubled"] += 1
        elif answers.get(desk.attempt_id) != as_sent or not graded:
            found["torn"] += 1
        else:
            found["stored once"] += 1
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
