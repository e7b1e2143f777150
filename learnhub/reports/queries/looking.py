"""The dated facts about a member that decide where it stands, each in two forms: looked up, or gathered once for all.

Looked up member by member through an index, the cost follows the members in question: right for a page of names, a
branch, a county. Gathered, every fact of the day is read once and joined: right where most members are in question and
the database can join by hashing, which PostgreSQL does and SQLite does not.
"""

import dataclasses
import datetime as dt
import functools
import operator
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Subquery, case, exists, func, or_, select

from learnhub.core import clock
from learnhub.members.models import Circumstance, Member, Post
from learnhub.members.rules import COMMITTEE_POSTS, CircumstanceKind, PostKind
from learnhub.records.models import Completion
from learnhub.reports.rules import WAY_ORDER
from learnhub.training.batches.models import Batch, Place
from learnhub.training.tasks.queries import TaskValue, same_stage

# Circumstances and posts of a member are gathered into one number each, a bit for each question.
MARK_BITS = {
    (CircumstanceKind.LOST_CONTACT, CircumstanceKind.SUSPENDED): 1,
    (CircumstanceKind.EXEMPT,): 2,
    (CircumstanceKind.IN_TRANSIT,): 4,
    (CircumstanceKind.MOBILE,): 8,
}
SECRETARY, COMMITTEE = 1, 2
WAY_NUMBER = {each: number for number, each in enumerate(WAY_ORDER)}


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    """One number about a member, of the rows of a table that are about it and meet `conditions`."""

    name: str
    number: ColumnElement[Any]
    member_id: Any
    conditions: tuple[ColumnElement[bool], ...]
    asks_member: bool = False

    def looked_up(self) -> ScalarSelect[Any]:
        """For the member of the statement around it."""
        return select(self.number).where(self.member_id == Member.id, *self.conditions).scalar_subquery()

    def there(self) -> ColumnElement[bool]:
        """Whether the member of the statement around it has any such row."""
        return exists(select(self.member_id).where(self.member_id == Member.id, *self.conditions))

    def gathered(self) -> Subquery:
        """For every member that has such rows: `member_id` and `number`."""
        found = select(self.member_id.label("member_id"), self.number.label("number")).where(*self.conditions)
        if self.asks_member:
            found = found.where(self.member_id == Member.id)
        return found.group_by(self.member_id).subquery(self.name)


def marks(day: dt.date) -> Fact:
    """The bits of the circumstances a member lives in on `day`."""
    kinds = {bit: Circumstance.kind.in_(words) for words, bit in MARK_BITS.items()}
    lasts = (Circumstance.valid_from <= day, Circumstance.valid_to > day)
    return Fact("marks", _bits(kinds), Circumstance.member_id, lasts)


def posts(day: dt.date) -> Fact:
    """The bits of the posts a member holds on `day`."""
    in_committee = Post.kind.in_(sorted(COMMITTEE_POSTS, key=lambda each: each.value))
    bits = _bits({SECRETARY: Post.kind == PostKind.SECRETARY, COMMITTEE: in_committee})
    return Fact("posts", bits, Post.member_id, (Post.valid_from <= day, Post.valid_to > day))


def way(task: TaskValue, day: dt.date) -> Fact:
    """The number of the way in which a member is covered until `day`; nothing for one who is not."""
    stage = same_stage(task.audience, day, Completion.completed_on)
    conditions = (
        Completion.subject == task.subject,
        Completion.completed_on <= day,
        Completion.withdrawn_at.is_(None),
        *stage,
    )
    number = case(*((Completion.way == way, number) for way, number in WAY_NUMBER.items()))
    return Fact("ways", func.min(number), Completion.member_id, conditions, asks_member=bool(stage))


def placed(task: TaskValue, day: dt.date) -> Fact:
    """The places a member has at the end of `day` in batches that are not closed by then."""
    end = clock.instant(day + dt.timedelta(days=1))
    conditions = (
        Batch.id == Place.batch_id,
        Batch.task_id == task.id,
        or_(Batch.closed_at.is_(None), Batch.closed_at >= end),
        Place.noted_at < end,
        or_(Place.withdrawn_at.is_(None), Place.withdrawn_at >= end),
    )
    return Fact("places", func.count(), Place.member_id, conditions)


def _bits(conditions: Mapping[int, ColumnElement[bool]]) -> ColumnElement[int]:
    """The sum of the bits whose condition holds for any of the rows; 0 for no rows."""
    found = [func.coalesce(func.max(case((condition, bit), else_=0)), 0) for bit, condition in conditions.items()]
    return functools.reduce(operator.add, found)
