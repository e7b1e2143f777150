"""The rule of whom a task is for (`training.rules.Audience`), said in SQL over members on a day."""

import datetime as dt

from sqlalchemy import ColumnElement, exists, or_, select

from learnhub.members.models import Circumstance, Member, Post
from learnhub.records.models import Completion
from learnhub.training.rules import Audience, MemberKind, months_before


def probationary(day: dt.date) -> ColumnElement[bool]:
    """Whether a member is still on probation on `day`."""
    return or_(Member.full_on.is_(None), Member.full_on > day)


def same_stage(audience: Audience, day: dt.date) -> list[ColumnElement[bool]]:
    """What a completion must meet to cover the stage a member is in: on probation any does, afterwards a later one."""
    if audience.full_months is None:
        return []
    return [or_(probationary(day), Completion.completed_on >= Member.full_on)]


def audience_conditions(audience: Audience, day: dt.date) -> list[ColumnElement[bool]]:
    """What a member must meet on `day`, but for the domain of the branch."""
    found: list[ColumnElement[bool]] = []
    if len(audience.kinds) == 1:
        found.append(probationary(day) if MemberKind.PROBATIONARY in audience.kinds else ~probationary(day))
    if audience.full_months is not None:
        found.append(or_(probationary(day), Member.full_on >= months_before(day, audience.full_months)))
    if audience.posts or audience.post_months is not None:
        found.append(_holds(audience, day))
    if audience.circumstances:
        lives = select(Circumstance.id).where(
            Circumstance.member_id == Member.id,
            Circumstance.kind.in_(audience.circumstances),
            Circumstance.valid_from <= day,
            Circumstance.valid_to > day,
        )
        found.append(exists(lives))
    return found


def _holds(audience: Audience, day: dt.date) -> ColumnElement[bool]:
    """Whether a member holds a post of the audience on `day`, taken up lately where it asks for that.

    Looked up member by member: a branch must not cost a look at the posts of a whole county.
    """
    holds = select(Post.id).where(Post.member_id == Member.id, Post.valid_from <= day, Post.valid_to > day)
    if audience.posts:
        holds = holds.where(Post.kind.in_(audience.posts))
    if audience.post_months is not None:
        holds = holds.where(Post.valid_from >= months_before(day, audience.post_months))
    return exists(holds)
