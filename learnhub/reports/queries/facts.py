"""Where every member stands in a task on a day, in SQL: the dated facts joined, classified and marked.

`reports.rules` says the same in Python; a test on random worlds holds the two together. Everything is asked as of a
civil day: membership, links, posts and circumstances by their dates, a completion from the day it was completed, a
place from the day it was given until it was taken back or its batch was closed. Withdrawn completions never count.
"""

import dataclasses
import datetime as dt
import functools
import operator
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from learnhub.core import clock
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.members.rules import COMMITTEE_POSTS, CircumstanceKind, PostKind, Sex
from learnhub.organizations import queries as organizations
from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.organizations.rules import Domain
from learnhub.records.models import Completion
from learnhub.reports.queries.audience import audience_conditions, probationary, same_stage
from learnhub.reports.rules import (
    AMONG,
    CLASS_COLUMNS,
    DUE_CLASSES,
    WAY_COLUMNS,
    WAY_ORDER,
    Column,
    CoverageClass,
    older_born_until,
)
from learnhub.training.models import Batch, Place
from learnhub.training.queries import TaskValue

# Deeper than any tree of organizations is (2 to 7 levels): damaged links must not make a report run for ever.
DEEPEST = 30
# Added to positions and ids so that all have ten digits and compare as text in their own order.
_TEN_DIGITS = 1_000_000_000
_CLASS_NUMBER = {each: number for number, each in enumerate(CoverageClass)}
_WAY_NUMBER = {each: number for number, each in enumerate(WAY_ORDER)}
# Circumstances and posts of a member are gathered into one number each, a bit for each question.
_MARK_BITS = {
    (CircumstanceKind.LOST_CONTACT, CircumstanceKind.SUSPENDED): 1,
    (CircumstanceKind.EXEMPT,): 2,
    (CircumstanceKind.IN_TRANSIT,): 4,
    (CircumstanceKind.MOBILE,): 8,
}
_SECRETARY, _COMMITTEE = 1, 2


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
    """The organizations at and below the top: id, parent_id, depth, and `path`, by which text order is organization order."""
    day = question.day
    alive = and_(Organization.founded_on <= day, Organization.dissolved_on > day)
    top = (
        select(
            Organization.id.label("id"),
            literal(0, Integer).label("parent_id"),
            literal(0, Integer).label("depth"),
            cast(literal(""), Text).label("path"),
        )
        .where(Organization.id == question.organization_id, alive)
        .cte("tree", recursive=True)
    )
    place = cast(Organization.position + _TEN_DIGITS, Text).concat(cast(Organization.id + _TEN_DIGITS, Text))
    return top.union_all(
        select(Organization.id, top.c.id, top.c.depth + 1, cast(top.c.path.concat(place), Text))
        .join(OrganizationLink, OrganizationLink.organization_id == Organization.id)
        .where(
            OrganizationLink.parent_id == top.c.id,
            OrganizationLink.valid_from <= day,
            OrganizationLink.valid_to > day,
            alive,
            top.c.depth < (0 if question.own else DEEPEST),
        )
    )


def only(organization_ids: Sequence[int]) -> CTE:
    """These organizations alone, whatever hangs below them, in the shape of `tree`; all have the same `path`."""
    columns = (Organization.id.label("id"), cast(literal(""), Text).label("path"))
    return select(*columns).where(Organization.id.in_(organization_ids)).cte("only")


def first_below(path: str) -> int | None:
    """The id of the organization directly below the top in a path of `tree`; None for the top itself."""
    return int(path[10:20]) - _TEN_DIGITS if path else None


def stands(question: Question, branches: CTE) -> CTE:
    """One row for each member of the task's audience at and below the top of `branches` (made by `tree`).

    Columns: member_id, organization_id, path, sort_key, `class_number` and `way_number` (NULL when not covered), and a
    flag of 0 or 1 for each of `AMONG` under its column's value.
    """
    raw = _raw(question, branches)
    lost, exempt, transit, mobile = (raw.c.marks.bitwise_and(bit) > 0 for bit in _MARK_BITS.values())
    secretary, committee = (raw.c.posts.bitwise_and(bit) > 0 for bit in (_SECRETARY, _COMMITTEE))
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
        raw.c.path,
        raw.c.sort_key,
        class_number.label("class_number"),
        raw.c.way_number,
        *(flag(flags[each]).label(each.value) for each in AMONG),
    ).cte("stands")


def _raw(question: Question, branches: CTE) -> CTE:
    """The facts of each member, looked up one by one through their indexes: the cost follows the members in question.

    Written down once (MATERIALIZED), since each fact is asked several times.
    """
    day = question.day
    statement = (
        select(
            Member.id.label("member_id"),
            Membership.organization_id,
            branches.c.path,
            Member.sort_key,
            Member.sex,
            Member.birth_month,
            probationary(day).label("probationary"),
            _marks(day).label("marks"),
            _way(question).label("way_number"),
            _placed(question).label("placed"),
            _posts(day).label("posts"),
        )
        .select_from(Membership)
        .join(branches, branches.c.id == Membership.organization_id)
        .join(Member, Member.id == Membership.member_id)
        .where(Membership.valid_from <= day, Membership.valid_to > day)
    )
    return _narrowed(statement, question).cte("raw").prefix_with("MATERIALIZED")


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
            return and_(covered, found.c.way_number == _WAY_NUMBER[way])
    marked: ColumnElement[bool] = found.c[column.value] == 1
    return marked


def class_of(number: int) -> CoverageClass:
    """The class that a row of `stands` holds as a number."""
    return tuple(CoverageClass)[number]


def flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where `condition` holds, else 0."""
    return case((condition, 1), else_=0)


def _bits(conditions: Mapping[int, ColumnElement[bool]]) -> ColumnElement[int]:
    """The sum of the bits whose condition holds for any of the rows; 0 for no rows."""
    found = [func.coalesce(func.max(case((condition, bit), else_=0)), 0) for bit, condition in conditions.items()]
    return functools.reduce(operator.add, found)


def _marks(day: dt.date) -> ScalarSelect[int]:
    kinds = {bit: Circumstance.kind.in_(words) for words, bit in _MARK_BITS.items()}
    return (
        select(_bits(kinds))
        .where(Circumstance.member_id == Member.id, Circumstance.valid_from <= day, Circumstance.valid_to > day)
        .scalar_subquery()
    )


def _posts(day: dt.date) -> ScalarSelect[int]:
    in_committee = Post.kind.in_(sorted(COMMITTEE_POSTS, key=lambda each: each.value))
    return (
        select(_bits({_SECRETARY: Post.kind == PostKind.SECRETARY, _COMMITTEE: in_committee}))
        .where(Post.member_id == Member.id, Post.valid_from <= day, Post.valid_to > day)
        .scalar_subquery()
    )


def _way(question: Question) -> ScalarSelect[int | None]:
    number = case(*((Completion.way == way, number) for way, number in _WAY_NUMBER.items()))
    return (
        select(func.min(number))
        .where(
            Completion.subject == question.task.subject,
            Completion.member_id == Member.id,
            Completion.completed_on <= question.day,
            Completion.withdrawn_at.is_(None),
            *same_stage(question.task.audience, question.day),
        )
        .scalar_subquery()
    )


def _placed(question: Question) -> ColumnElement[bool]:
    end = clock.instant(question.day + dt.timedelta(days=1))
    return exists(
        select(Place.id)
        .join(Batch, Batch.id == Place.batch_id)
        .where(
            Place.member_id == Member.id,
            Batch.task_id == question.task.id,
            or_(Batch.closed_at.is_(None), Batch.closed_at >= end),
            Place.noted_at < end,
            or_(Place.withdrawn_at.is_(None), Place.withdrawn_at >= end),
        )
    )


def _narrowed(statement: Select[Any], question: Question) -> Select[Any]:
    """`statement` with the task's audience, its organization and the domain asked for as conditions."""
    audience, day = question.task.audience, question.day
    domains = set(audience.domains)
    if question.domain is not None:
        domains = {question.domain} & (domains or {question.domain})
    if audience.domains or question.domain is not None:
        branch = Membership.organization_id == Organization.id
        statement = statement.join(Organization, branch).where(Organization.domain.in_(domains))
    if not question.whole:
        inside = organizations.subtree([question.task.organization_id], day)
        statement = statement.where(Membership.organization_id.in_(select(inside.c.id)))
    return statement.where(*audience_conditions(audience, day))
