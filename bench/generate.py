"""A county, a city or a province of made-up facts, written by SQL alone: the same rows for the same size, in seconds.

`learnhub.demo` tells a county's story; this only has its proportions: 22 members to a branch, a secretary and two more in
each committee, two in three covered over the year, one in twelve exempt, one in fifty transferred meanwhile. Numbers
are drawn from the row's own number, so nothing depends on the order or the database.
"""

import dataclasses
import datetime as dt
import re

from sqlalchemy import Connection, text

from learnhub.core import clock
from learnhub.core.orm import FOREVER
from learnhub.organizations.models import Organization
from learnhub.records.rules import task_subject
from learnhub.training.tasks.models import Task

# The year that the facts fill, and the day on which the measures stand: in its last month.
FIRST, TODAY = dt.date(2026, 1, 1), dt.date(2026, 12, 15)
TASK, OPEN_BATCH = 1, 13
ROOT, FIRST_COUNTY = 1, 2


@dataclasses.dataclass(frozen=True, slots=True)
class Size:
    """How many of what; every county has `towns` towns and every town `branches` branches of `members` members."""

    counties: int
    towns: int
    branches: int
    members: int

    @property
    def in_towns(self) -> int:
        """All towns."""
        return self.counties * self.towns

    @property
    def in_branches(self) -> int:
        """All branches."""
        return self.in_towns * self.branches

    @property
    def in_all(self) -> int:
        """All members."""
        return self.in_branches * self.members


SIZES = {
    "tiny": Size(2, 2, 3, 8),
    "county": Size(1, 23, 80, 22),
    "million": Size(25, 23, 80, 22),
    "three-million": Size(75, 23, 80, 22),
    "ten-million": Size(250, 23, 80, 22),
}

# What is written refers to what was written before: where we may, PostgreSQL does not look each row up until we commit.
_WITHOUT_LOOKING_UP = "SELECT set_config('session_replication_role', 'replica', true) FROM pg_roles WHERE rolname = current_user AND rolsuper"


def fill(connection: Connection, size: Size) -> None:
    """Write the facts of `size` into an empty database, and let it see how much there is of each."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_WITHOUT_LOOKING_UP))
    for statement in (*_tree(size), *_people(size)):
        connection.execute(text(_said(connection, statement)))
    connection.execute(Task.__table__.insert(), [_task()])  # type: ignore[attr-defined]
    for statement in _training(size):
        connection.execute(text(_said(connection, statement)))
    if connection.dialect.name == "postgresql":
        for table in ("organization", "member", "membership", "task", "batch", "completion", "place", "post"):
            connection.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))
    connection.execute(text("ANALYZE"))


def is_empty(connection: Connection) -> bool:
    """Whether nothing has been written yet."""
    return connection.execute(Organization.__table__.select().limit(1)).first() is None


def _said(connection: Connection, statement: str) -> str:
    """`statement` for this database: only PostgreSQL wants to be told what is a day and what an instant."""
    kinds = ("date", "timestamptz") if connection.dialect.name == "postgresql" else ("text", "text")
    said = statement.replace("AS day)", f"AS {kinds[0]})").replace("AS instant)", f"AS {kinds[1]})")
    if connection.dialect.name == "postgresql":
        return re.sub(r"WITH numbers_to\((\d+)\)", r"WITH n(i) AS (SELECT generate_series(1, \1))", said)
    counting = r"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \1)"
    return re.sub(r"WITH numbers_to\((\d+)\)", counting, said)


def _day(expression: str) -> str:
    return f"CAST({expression} AS day)"


def _chance(number: str, salt: int) -> str:
    """0 to 999, from a number and a salt."""
    return f"((CAST({number} AS bigint) * 48271 + {salt} * 7919) % 1000003 % 1000)"


def _numbers(last: int) -> str:
    """A table `n` of one column `i` from 1 to `last`; `_said` puts it in the words of the database."""
    return f"WITH numbers_to({last})"


def _month(number: str) -> str:
    """01 to 11, as text."""
    return f"substr(CAST(101 + {number} % 11 AS text), 2, 2)"


def _tree(size: Size) -> list[str]:
    columns = "organization (id, code, name, kind, domain, position, founded_on, dissolved_on)"
    founded, never = _day("'1990-01-01'"), _day(f"'{FOREVER}'")
    towns, branches = FIRST_COUNTY + size.counties, FIRST_COUNTY + size.counties + size.in_towns
    domains = "CASE i % 5 WHEN 0 THEN 'school' WHEN 1 THEN 'community' ELSE 'rural' END"

    def level(first: int, last: int, kind: str, domain: str) -> str:
        return (
            f"INSERT INTO {columns} {_numbers(last)} SELECT {first} - 1 + i, 'O' || ({first} - 1 + i), '组织 ' || i, "
            f"'{kind}', {domain}, i, {founded}, {never} FROM n"
        )

    def links(first: int, last: int, above: int, each: int) -> str:
        return (
            f"INSERT INTO organization_link (organization_id, parent_id, valid_from, valid_to) {_numbers(last)} "
            f"SELECT {first} - 1 + i, {above} + (i - 1) / {each}, {founded}, {never} FROM n"
        )

    return [
        level(ROOT, 1, "committee", "NULL"),
        level(FIRST_COUNTY, size.counties, "committee", "NULL"),
        level(towns, size.in_towns, "committee", "NULL"),
        level(branches, size.in_branches, "branch", domains),
        links(FIRST_COUNTY, size.counties, ROOT, size.counties),
        links(towns, size.in_towns, FIRST_COUNTY, size.towns),
        links(branches, size.in_branches, towns, size.branches),
    ]


def _people(size: Size) -> list[str]:
    first = FIRST_COUNTY + size.counties + size.in_towns
    branch = f"{first} + (i - 1) / {size.members}"
    never, long_ago = _day(f"'{FOREVER}'"), _day("'2010-01-01'")
    moved = f"{_chance('i', 1)} < 20"
    move_day = _day(f"'2026-' || {_month('i')} || '-10'")
    place = f"(i - 1) % {size.members}"
    a_year_ago = _day("'2025-03-01'")
    circumstances = "circumstance (member_id, kind, reason, valid_from, valid_to)"
    kinds = [("exempt", 2, 80), ("mobile", 3, 40), ("lost_contact", 4, 4), ("in_transit", 5, 5)]
    return [
        "INSERT INTO member (id, code, name, search_key, sort_key, sex, birth_month, joined_on, full_on, "
        "joined_precision, full_precision) "
        f"{_numbers(size.in_all)} SELECT i, 'M' || i, '党员' || i, '党员' || i, CAST(100000000 + i AS text), "
        f"CASE WHEN {_chance('i', 6)} < 300 THEN 'female' ELSE 'male' END, "
        f"CAST(1940 + i % 65 AS text) || '-' || {_month('i')}, {long_ago}, "
        f"CASE WHEN {_chance('i', 7)} < 15 THEN NULL ELSE {long_ago} END, 'day', 'day' FROM n",
        f"INSERT INTO membership (member_id, organization_id, valid_from, valid_to) {_numbers(size.in_all)} "
        f"SELECT i, {branch}, {long_ago}, CASE WHEN {moved} THEN {move_day} ELSE {never} END FROM n",
        f"INSERT INTO membership (member_id, organization_id, valid_from, valid_to) {_numbers(size.in_all)} "
        f"SELECT i, {first} + ((i - 1) / {size.members} + 1) % {size.in_branches}, {move_day}, {never} "
        f"FROM n WHERE {moved}",
        f"INSERT INTO post (member_id, organization_id, kind, valid_from, valid_to, is_start_known) {_numbers(size.in_all)} "
        f"SELECT i, {branch}, CASE {place} WHEN 0 THEN 'secretary' WHEN 1 THEN 'organization' ELSE 'publicity' END, "
        f"{long_ago}, {never}, true FROM n WHERE {place} < 3",
        *(
            f"INSERT INTO {circumstances} {_numbers(size.in_all)} SELECT i, '{kind}', '', {a_year_ago}, "
            f"CASE WHEN i % 3 = 0 THEN {move_day} ELSE {never} END FROM n WHERE {_chance('i', salt)} < {part}"
            for kind, salt, part in kinds
        ),
    ]


def _task() -> dict[str, object]:
    return {
        "id": TASK,
        "organization_id": ROOT,
        "title": "2026 年党员集中轮训",
        "starts_on": FIRST,
        "ends_on": dt.date(2026, 12, 31),
        "quarters": 128,
        "basis": "计划",
        "audience": {},
        "leave_part": 7,
        "pass_percent": None,
        "opened_at": clock.instant(FIRST),
        "opened_by": 1,
    }


def _training(size: Size) -> list[str]:
    """Eleven monthly batches that are closed, with those who completed them, and one more that is open."""
    closed = "CASE WHEN i <= 12 THEN CAST('2026-' || substr(CAST(100 + i AS text), 2, 2) || '-28 04:00:00.000000' AS instant) END"
    noted = "CAST('2026-01-05 04:00:00.000000' AS instant)"
    covered = f"{_chance('i', 8)} < 660"
    begins, ends = _day("'2026-01-01'"), _day("'2026-12-31'")
    completed = _day(f"'2026-' || {_month('i')} || '-20'")
    return [
        "INSERT INTO batch (id, task_id, organization_id, kind, title, place, starts_on, ends_on, capacity, leave_part, opened_at, "
        f"opened_by, closed_at) {_numbers(OPEN_BATCH)} SELECT i, {TASK}, {ROOT}, 'training', '第 ' || i || ' 期', '党校', "
        f"{begins}, {ends}, 50, 7, {noted}, 1, {closed} FROM n",
        "INSERT INTO completion (member_id, subject, source, way, completed_on, title, noted_at, noted_by) "
        f"{_numbers(size.in_all)} SELECT i, '{task_subject(TASK)}', 'batch:' || (1 + i % 11), "
        "CASE i % 10 WHEN 0 THEN 'home_delivered' WHEN 1 THEN 'make_up' ELSE 'centralized' END, "
        f"{completed}, '期', {noted}, 1 FROM n WHERE {covered}",
        f"INSERT INTO place (batch_id, member_id, noted_at, noted_by) {_numbers(size.in_all)} "
        f"SELECT 1 + i % 11, i, {noted}, 1 FROM n WHERE {covered}",
        f"INSERT INTO place (batch_id, member_id, noted_at, noted_by) {_numbers(size.in_all)} "
        f"SELECT {OPEN_BATCH}, i, {noted}, 1 FROM n WHERE NOT {covered} AND {_chance('i', 9)} < 60",
    ]
