"""Where every member stands in a task on a day, in SQL: the dated facts joined, classified and marked.

`reports.rules` says the same in Python; a test on random worlds holds the two together. Everything is asked as of a
civil day: membership, links, posts and circumstances by their dates, a completion from the day it was completed, a
place from the day it was given until it was taken back or its batch was closed. Withdrawn completions never count.
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from learnhub.members.models import Member, Membership
from learnhub.members.queries.conditions import probationary
from learnhub.members.rules import Sex
from learnhub.organizations import queries as organizations
from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.organizations.rules import Domain
from learnhub.reports.queries import looking
from learnhub.reports.rules import (
    AMONG,
    CLASS_COLUMNS,
    DUE_CLASSES,
    WAY_COLUMNS,
    Column,
    CoverageClass,
    older_born_until,
)
from learnhub.training.tasks.queries import TaskValue, audience_conditions

# Deeper than any tree of organizations is (2 to 7 levels): damaged links must not make a report run for ever.
DEEPEST = 30
# Of all organizations, the part below the top from which on their facts are gathered: one in so many.
_GATHERED_FROM = 4
# Added to positions and ids so that all have ten digits and compare as text in their own order.
_TEN_DIGITS = 1_000_000_000
_CLASS_NUMBER = {each: number for number, each in enumerate(CoverageClass)}


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the task, the organization at the top, the day, perhaps one domain of branches.

    `whole` says that everything below the organization is inside the task's own organization; `own` leaves out all that
    is below the organization and asks for the members who stand directly in it.
    """

    task: TaskValue
    organization_id: int
    day: dt.date
    domain: Domain | None = None
    whole: bool = True
    own: bool = False


def tree(question: Question) -> CTE:
    """The organizations at and below the top: id, depth, `child` and `path`.

    `child` is the one directly below the top through which each hangs, the top's own for itself; by `path`, the order
    of text is the order of organizations.
    """
    day = question.day
    alive = and_(Organization.founded_on <= day, Organization.dissolved_on > day)
    top = (
        select(
            Organization.id.label("id"),
            literal(0, Integer).label("depth"),
            Organization.id.label("child"),
            cast(literal(""), Text).label("path"),
        )
        .where(Organization.id == question.organization_id, alive)
        .cte("tree", recursive=True)
    )
    place = cast(Organization.position + _TEN_DIGITS, Text).concat(cast(Organization.id + _TEN_DIGITS, Text))
    return top.union_all(
        select(
            Organization.id,
            top.c.depth + 1,
            case((top.c.depth == 0, Organization.id), else_=top.c.child),
            cast(top.c.path.concat(place), Text),
        )
        .join(OrganizationLink, OrganizationLink.organization_id == Organization.id)
        .where(
            OrganizationLink.parent_id == top.c.id,
            OrganizationLink.valid_from <= day,
            OrganizationLink.valid_to > day,
            alive,
            top.c.depth < (0 if question.own else DEEPEST),
        )
    )


def everybody(session: Session, question: Question, branches: FromClause | None = None) -> CTE:
    """`stands` of all at and below the top, taken in the way that is quickest for so many.

    `branches` is the tree where the statement around asks it for something else as well, or wants no order of names.
    """
    branches = tree(question) if branches is None else branches
    return stands(question, branches, at_once=_most(session, question, branches))


def _most(session: Session, question: Question, branches: FromClause) -> bool:
    """Whether so much lies below the top that gathering all facts is quicker than looking up those of its members."""
    if question.own or session.get_bind().dialect.name != "postgresql":
        return False
    below = select(func.count()).select_from(branches).scalar_subquery()
    everything = select(func.count()).select_from(Organization).scalar_subquery()
    return bool(session.scalar(select(below * _GATHERED_FROM > everything)))


def only(organization_ids: Sequence[int]) -> CTE:
    """These organizations alone, whatever hangs below them, in the shape of `tree`; all have the same `path`."""
    columns = (Organization.id.label("id"), cast(literal(""), Text).label("path"))
    return select(*columns).where(Organization.id.in_(organization_ids)).cte("only")


def first_below(path: str) -> int | None:
    """The id of the organization directly below the top in a path of `tree`; None for the top itself."""
    return int(path[10:20]) - _TEN_DIGITS if path else None


def stands(question: Question, branches: FromClause, *, at_once: bool = False) -> CTE:
    """One row for each member of the task's audience at and below the top of `branches` (made by `tree`).

    `at_once` says how the facts are taken, not what is found: see `reports.queries.looking`.
    Columns: member_id, organization_id, what `branches` has of path and child, sort_key with the path, `class_number` and
    `way_number` (NULL when not covered), and a flag of 0 or 1 for each of `AMONG` under its column's value.
    """
    raw = _raw(question, branches, at_once)
    lost, exempt, transit, mobile = (raw.c.marks.bitwise_and(bit) > 0 for bit in looking.MARK_BITS.values())
    secretary, committee = (raw.c.posts.bitwise_and(bit) > 0 for bit in (looking.SECRETARY, looking.COMMITTEE))
    class_number = case(
        (lost, _CLASS_NUMBER[CoverageClass.LOST]),
        (raw.c.way_number.is_not(None), _CLASS_NUMBER[CoverageClass.COVERED]),
        (exempt, _CLASS_NUMBER[CoverageClass.EXEMPT]),
        (raw.c.placed, _CLASS_NUMBER[CoverageClass.IN_TRAINING]),
        (transit, _CLASS_NUMBER[CoverageClass.IN_TRANSIT]),
        else_=_CLASS_NUMBER[CoverageClass.NOT_COVERED],
    )
    flags = {
        Column.WOMEN: raw.c.sex == Sex.FEMALE,
        Column.OLDER: raw.c.birth_month <= older_born_until(question.day),
        Column.MOBILE: mobile,
        Column.PROBATIONARY: raw.c.probationary,
        Column.SECRETARIES: secretary,
        Column.COMMITTEE: committee,
    }
    return select(
        raw.c.member_id,
        raw.c.organization_id,
        *_order(raw, raw.c.get("sort_key")),
        class_number.label("class_number"),
        raw.c.way_number,
        *(flag(flags[each]).label(each.value) for each in AMONG),
    ).cte("stands")


def _raw(question: Question, branches: FromClause, at_once: bool) -> CTE:
    """The facts of each member; `reports.queries.looking` says what it means to take them at once.

    Looked up ones are written down (MATERIALIZED), since each is asked for several times.
    """
    day = question.day
    statement = (
        select(
            Member.id.label("member_id"),
            Membership.organization_id,
            *_order(branches, Member.sort_key),
            Member.sex,
            Member.birth_month,
            probationary(day).label("probationary"),
        )
        .select_from(Membership)
        .join(branches, branches.c.id == Membership.organization_id)
        .join(Member, Member.id == Membership.member_id)
        .where(Membership.valid_from <= day, Membership.valid_to > day)
    )
    marks, posts = looking.marks(day), looking.posts(day)
    way, placed = looking.way(question.task, day), looking.placed(question.task, day)
    if not at_once:
        return (
            _narrowed(statement, question)
            .add_columns(
                marks.looked_up().label("marks"),
                way.looked_up().label("way_number"),
                placed.there().label("placed"),
                posts.looked_up().label("posts"),
            )
            .cte("raw")
            .prefix_with("MATERIALIZED")
        )
    numbers = []
    for each in (marks, way, placed, posts):
        rows = each.gathered()
        statement = statement.outerjoin(rows, rows.c.member_id == Member.id)
        numbers.append(rows.c.number)
    return (
        _narrowed(statement, question)
        .add_columns(
            func.coalesce(numbers[0], 0).label("marks"),
            numbers[1].label("way_number"),
            numbers[2].is_not(None).label("placed"),
            func.coalesce(numbers[3], 0).label("posts"),
        )
        .cte("raw")
    )


def _order(found: FromClause, sort_key: Any) -> list[Any]:
    """What of a branch goes along with each member; the order of names only where the branches have one."""
    along = [column for column in found.c if column.key in ("path", "child")]
    return [*along, sort_key] if "path" in found.c else along


def counted(found: CTE | Subquery, column: Column) -> ColumnElement[bool]:
    """The condition on a row of `stands` under which `column` counts it."""
    if column is Column.HEADS:
        return found.c.class_number >= 0
    if column is Column.DUE:
        return found.c.class_number.in_([_CLASS_NUMBER[each] for each in DUE_CLASSES])
    for each_class, its_column in CLASS_COLUMNS.items():
        if its_column is column:
            return found.c.class_number == _CLASS_NUMBER[each_class]
    for way, its_column in WAY_COLUMNS.items():
        if its_column is column:
            covered = found.c.class_number == _CLASS_NUMBER[CoverageClass.COVERED]
            return and_(covered, found.c.way_number == looking.WAY_NUMBER[way])
    marked: ColumnElement[bool] = found.c[column.value] == 1
    return marked


def class_of(number: int) -> CoverageClass:
    """The class that a row of `stands` holds as a number."""
    return tuple(CoverageClass)[number]


def flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where `condition` holds, else 0."""
    return case((condition, 1), else_=0)


def _narrowed(statement: Select[Any], question: Question) -> Select[Any]:
    """`statement` with the task's audience, its organization and the domain asked for as conditions."""
    audience, day = question.task.audience, question.day
    domains = set(audience.domains)
    if question.domain is not None:
        domains = {question.domain} & (domains or {question.domain})
    if audience.domains or question.domain is not None:
        branch, then = Membership.organization_id == Organization.id, organizations.Described(day)
        statement = statement.join(Organization, branch).outerjoin(then.former, then.on)
        statement = statement.where(then.domain.in_(domains))
    if not question.whole:
        inside = organizations.subtree([question.task.organization_id], day)
        statement = statement.where(Membership.organization_id.in_(select(inside.c.id)))
    return statement.where(*audience_conditions(audience, day))
