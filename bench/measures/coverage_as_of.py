"""Coverage of everything as of a past day, against one full scan: the same facts read once and grouped, by hand."""

import datetime as dt
from collections.abc import Iterator

from bench import generate
from bench.frame import Result, World, compare
from learnhub.reports import queries
from learnhub.reports.rules import Column

DAY = dt.date(2026, 6, 30)


def measure(world: World) -> Iterator[Result]:
    """`coverage-as-of`: half a year ago, from the top."""
    scan = """
        SELECT b.organization_id, count(*), count(c.member_id), count(x.member_id), count(p.member_id), count(o.member_id),
            sum(CASE WHEN m.sex = 'female' THEN 1 ELSE 0 END), sum(CASE WHEN m.birth_month < '1965-07' THEN 1 ELSE 0 END),
            sum(CASE WHEN m.full_on IS NULL OR m.full_on > ? THEN 1 ELSE 0 END)
        FROM membership b
        JOIN member m ON m.id = b.member_id
        LEFT JOIN completion c ON c.subject = ? AND c.member_id = m.id AND c.completed_on <= ? AND c.withdrawn_at IS NULL
        LEFT JOIN circumstance x ON x.member_id = m.id AND x.valid_from <= ? AND x.valid_to > ?
        LEFT JOIN place p ON p.member_id = m.id AND p.withdrawn_at IS NULL
        LEFT JOIN post o ON o.member_id = m.id AND o.valid_from <= ? AND o.valid_to > ?
        WHERE b.valid_from <= ? AND b.valid_to > ? GROUP BY b.organization_id"""
    day = DAY.isoformat() if world.is_sqlite else DAY
    values = (day, f"task:{generate.TASK}", *[day] * 7)

    def ours() -> int:
        with world.session() as session:
            question = queries.ask(session, generate.TASK, generate.ROOT, DAY)
            return queries.coverage(session, question).total.figures[Column.HEADS]

    def by_hand() -> list[tuple[int, ...]]:
        return world.query(scan, values)

    assert ours() >= len(by_hand()) > 0
    yield compare("coverage-as-of", ours, by_hand, max(2, world.rounds // 3))
