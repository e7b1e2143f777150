"""Handing in a quiz of ten answers, and saving one as it is given, each against the same rows in one raw transaction."""

import itertools
import json
from collections.abc import Callable, Iterator

from bench.frame import Result, World, compare
from learnhub.accounts.models import Account
from learnhub.audit.rules import Act
from learnhub.content.schema import Kind, Option, Question
from learnhub.core import clock
from learnhub.quiz import service
from learnhub.quiz.service import NewAnswer, Paper

ANSWERS = 10
_OPTIONS = tuple(Option(key=f"k{number}", html=word, text=word) for number, word in enumerate(("甲", "乙", "丙", "丁")))
_ANSWER = "INSERT INTO answer (attempt_id, question_id, value, revision, saved_at) VALUES (?, ?, ?, 1, ?)"
_HANDED_IN = "UPDATE attempt SET handed_in_at = ?, grades = ?, earned = ?, possible = ? WHERE id = ?"
_ENTRY = (
    "INSERT INTO audit_entry (at, actor_id, action, subject, details, key, previous_hash, hash) "
    "VALUES (?, 1, 'attempt.hand_in', ?, '{}', NULL, ?, ?)"
)


def measure(world: World) -> Iterator[Result]:
    """`quiz-submit`: ten answers, the grade and the trail, committed. `quiz-autosave`: one answer, committed."""
    rounds = max(world.rounds, 10)
    fresh, numbers = iter(_attempts(world, 3 * rounds + 6)), itertools.count()
    answers = [NewAnswer(f"q{number}", "k1", 1) for number in range(ANSWERS)]

    def ours() -> None:
        account, attempt = next(fresh)
        with world.session() as session:
            act = Act(account, clock.now())
            service.save_answers(session, act, attempt_id=attempt, answers=answers)
            service.hand_in(session, act, attempt_id=attempt)
            session.commit()

    def by_hand() -> None:
        _account, attempt = next(fresh)
        number, at = next(numbers), _at(world)
        rows = [(attempt, each.question_id, json.dumps(each.value), at) for each in answers]
        hashes = (f"{number:064x}", f"quiz{number:060x}")

        def write(run: Callable[..., object], many: Callable[..., object]) -> None:
            many(_ANSWER, rows)
            run(_HANDED_IN, (at, json.dumps([2] * ANSWERS), 2 * ANSWERS, 2 * ANSWERS, attempt))
            run(_ENTRY, (at, f"attempt:{attempt}", *hashes))

        _committed(world, write)

    yield compare("quiz-submit", ours, by_hand, rounds)
    yield from _autosave(world, next(fresh), rounds)


def _autosave(world: World, attempt: tuple[int, int], rounds: int) -> Iterator[Result]:
    account, attempt_id = attempt
    revisions = itertools.count(2)

    def ours() -> None:
        revision = next(revisions)
        with world.session() as session:
            service.save_answer(
                session,
                Act(account, clock.now()),
                attempt_id=attempt_id,
                question_id="q0",
                value=f"k{revision % 2}",
                revision=revision,
            )
            session.commit()

    def by_hand() -> None:
        revision = next(revisions)
        row = (json.dumps(f"k{revision % 2}"), revision, _at(world), attempt_id)
        change = "UPDATE answer SET value = ?, revision = ?, saved_at = ? WHERE attempt_id = ? AND question_id = 'q0'"
        _committed(world, lambda run, _many: run(change, row))

    ours()
    yield compare("quiz-autosave", ours, by_hand, 3 * rounds)


def _attempts(world: World, count: int) -> list[tuple[int, int]]:
    """Open attempts at the same ten questions, each of somebody else: account and attempt."""
    paper = Paper("course:bench", "练习", "0" * 32, tuple(_question(number) for number in range(ANSWERS)))
    found = []
    with world.session() as session:
        for number in range(count):
            account = Account(name=f"党员{number}", created_at=clock.now())
            session.add(account)
            session.flush()
            attempt = service.start(session, Act(account.id, clock.now()), paper=paper, member_id=None)
            found.append((account.id, attempt))
        session.commit()
    return found


def _question(number: int) -> Question:
    return Question(
        id=f"q{number}",
        kind=Kind.SINGLE,
        title=f"第{number}题",
        stem_html=f"第{number}题",
        options=_OPTIONS,
        targets=(),
        correct=("k1",),
        blanks=(),
        pairs=(),
        explanation_html="<p>解析</p>",
        hash=f"{number:032x}",
        source="quiz.md",
        line=1,
    )


def _at(world: World) -> object:
    return f"{clock.now():%Y-%m-%d %H:%M:%S.%f}" if world.is_sqlite else clock.now()


def _committed(world: World, write: Callable[[Callable[..., object], Callable[..., object]], object]) -> None:
    """Run `write` in one transaction of the driver alone."""
    raw = world.raw
    if world.is_sqlite:
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("BEGIN IMMEDIATE")
        write(raw.execute, raw.executemany)
        raw.execute("COMMIT")
        return
    with raw.transaction(), raw.cursor() as cursor:
        write(
            lambda statement, row: cursor.execute(statement.replace("?", "%s"), row),
            lambda statement, rows: cursor.executemany(statement.replace("?", "%s"), rows),
        )
