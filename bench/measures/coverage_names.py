"""A page of names far down the list, against the first page: constant time at any depth."""

from collections.abc import Iterator

from bench import generate
from bench.frame import Result, World, compare
from learnhub.core import clock
from learnhub.reports import queries
from learnhub.reports.rules import Column


def measure(world: World) -> Iterator[Result]:
    """`coverage-names`: the last page of a county's names against its first."""
    with world.session() as session:
        question = queries.ask(session, generate.TASK, generate.FIRST_COUNTY, clock.today())
        everybody = [each.member_id for each in queries.every_name(session, question, Column.NOT_COVERED)]

    def page(after: int | None) -> int:
        with world.session() as session:
            return len(queries.names(session, question, Column.NOT_COVERED, after=after, limit=queries.PAGE + 1))

    late = everybody[max(0, len(everybody) - queries.PAGE - 2)]
    assert page(late) == min(queries.PAGE + 1, len(everybody) - 1)
    yield compare("coverage-names", lambda: page(late), lambda: page(None), world.rounds)
