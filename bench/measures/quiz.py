"""Handing in a quiz of ten answers, and saving one as it is given, against the same rows in one raw transaction."""

import itertools
import json
from collections.abc import Callable, Iterator

from bench.attempts import KEYS, QUESTIONS, RIGHT, Open, open_attempts
from bench.frame import Result, World, result
from bench.serving import Phones, publish_content, request, sent_a_second, side_by_side

PIECE = 400


def measure(world: World) -> Iterator[Result]:
    """`quiz-submit`: ten answers, the grade and the trail, a second. `quiz-autosave`: one answer, a second.

    Each in turn at two web processes over 16 connections; the ratio is ours to the floor's, so more is better.
    """
    turns = max(2, world.rounds // 3)
    with world.session() as session:
        fresh = iter(open_attempts(session, 2 * (turns + 1) * PIECE))
    publish_content(world.app.config["SETTINGS"])
    phones = Phones(world.app)
    with side_by_side(world) as (port, floor_port):
        yield _in_turn(
            "quiz-submit",
            turns,
            lambda: sent_a_second(port, [_hand_in(phones, port, next(fresh)) for _ in range(PIECE)], 303),
            lambda: sent_a_second(floor_port, [_hand_in(phones, floor_port, next(fresh)) for _ in range(PIECE)], 303),
        )
        with world.session() as session:
            desks = open_attempts(session, PIECE)
        revisions = itertools.count(1)
        first = next(revisions)
        sent_a_second(port, [_save(phones, port, each, first) for each in desks], 200)

        def save(port: int) -> float:
            revision = next(revisions)
            return sent_a_second(port, [_save(phones, port, each, revision) for each in desks], 200)

        yield _in_turn("quiz-autosave", turns, lambda: save(port), lambda: save(floor_port))


def _in_turn(name: str, turns: int, ours: Callable[[], float], floor: Callable[[], float]) -> Result:
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(turns + 1):
        found = (ours(), floor())
        if number:  # the first warms up
            for row, each in zip(times, found, strict=True):
                row.append(each)
    return result(name, times[0], times[1], "requests/s")


def _hand_in(phones: Phones, port: int, desk: Open) -> bytes:
    fields = [("sure", "1"), ("client", "bench")]
    for number in range(QUESTIONS):
        fields += [(f"answer.q{number}", RIGHT), (f"revision.q{number}", "1")]
    return request(port, f"POST /attempts/{desk.attempt_id}/hand-in", phones.cookies(desk.token), phones.form(fields))


def _save(phones: Phones, port: int, desk: Open, revision: int) -> bytes:
    body = json.dumps({"question": "q0", "value": KEYS[revision % 2], "revision": revision, "client": "bench"})
    headers = {"Content-Type": "application/json", "X-Requested-By": "script", "X-CSRFToken": phones.csrf_token}
    return request(port, f"POST /attempts/{desk.attempt_id}/answers", phones.cookies(desk.token), body, headers)
