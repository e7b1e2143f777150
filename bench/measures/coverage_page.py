"""A county's coverage page of today, against a bare GROUP BY over the very roll-up rows it adds up."""

from collections.abc import Iterator

from bench import generate
from bench.frame import Result, World, compare
from learnhub.core import clock
from learnhub.reports import queries
from learnhub.reports.rules import Column


def measure(world: World) -> Iterator[Result]:
    """`coverage-page`: the county; the same for a town, and for everything."""
    tops = {"coverage-page": generate.FIRST_COUNTY, "coverage-page-town": generate.FIRST_COUNTY + world.size.counties}
    for name, top in (*tops.items(), ("coverage-page-top", generate.ROOT)):
        yield one(world, name, top)


def one(world: World, name: str, top: int) -> Result:
    """The table of the organization `top` against its floor."""
    sums = ", ".join(f"sum(r.{column.value})" for column in Column)
    _note_rows(world, top)
    floor = (
        f"SELECT s.child, {sums} FROM same_rows s JOIN coverage_rollup r "
        "ON r.task_id = ? AND r.organization_id = s.id GROUP BY s.child"
    )

    def ours() -> int:
        with world.session() as session:
            question = queries.ask(session, generate.TASK, top, clock.today())
            return queries.coverage(session, question).total.figures[Column.HEADS]

    def by_hand() -> list[tuple[int, ...]]:
        return world.query(floor, (generate.TASK,))

    assert ours() == sum(row[1] for row in by_hand())
    return compare(name, ours, by_hand, world.rounds)


def _note_rows(world: World, top: int) -> None:
    """The organizations below `top` and through whom each hangs there: what the floor need not find out."""
    world.query("DROP TABLE IF EXISTS same_rows")
    world.query("CREATE TEMPORARY TABLE same_rows (id integer PRIMARY KEY, child integer)")
    world.query(
        f"""INSERT INTO same_rows WITH RECURSIVE t(id, child) AS (SELECT {top}, {top} UNION ALL
        SELECT l.organization_id, CASE WHEN t.id = {top} THEN l.organization_id ELSE t.child END
        FROM t JOIN organization_link l ON l.parent_id = t.id) SELECT id, child FROM t"""
    )
    world.query("ANALYZE same_rows")
