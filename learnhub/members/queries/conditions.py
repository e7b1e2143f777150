"""Whom a statement of a room above asks for: members of a tree, and conditions on them. Everything is as of a day."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.members.rules import CircumstanceKind, PostKind
from learnhub.organizations import queries as organizations


def belong_below(organization_id: int, day: dt.date) -> Select[Any]:
    """Selects whoever belongs to a branch at or below `organization_id` on `day`, in the roster's own order.

    Columns: id, name, sex, birth_month, and the branch as organization_id. The conditions of this module fit it.
    """
    below = organizations.subtree([organization_id], day)
    return (
        select(Member.id, Member.name, Member.sex, Member.birth_month, Membership.organization_id)
        .join(Membership, Membership.member_id == Member.id)
        .join(below, below.c.id == Membership.organization_id)
        .where(Membership.valid_from <= day, Membership.valid_to > day)
        .order_by(Member.sort_key, Member.id)
    )


def probationary(day: dt.date) -> ColumnElement[bool]:
    """Whether a member is still on probation on `day`."""
    return or_(Member.full_on.is_(None), Member.full_on > day)


def full_by(day: ColumnElement[dt.date] | InstrumentedAttribute[dt.date]) -> ColumnElement[bool]:
    """Whether a member was a full member by `day`, a column of days."""
    return Member.full_on <= day


def full_since(day: dt.date) -> ColumnElement[bool]:
    """Whether a member became a full member on `day` or later."""
    return Member.full_on >= day


def lives_in(kinds: Collection[CircumstanceKind], day: dt.date) -> ColumnElement[bool]:
    """Whether a member lives in one of these circumstances on `day`."""
    lives = select(Circumstance.id).where(
        Circumstance.member_id == Member.id,
        Circumstance.kind.in_(sorted(kinds, key=lambda each: each.value)),
        Circumstance.valid_from <= day,
        Circumstance.valid_to > day,
    )
    return exists(lives)


def holds_post(kinds: Collection[PostKind], day: dt.date, since: dt.date | None = None) -> ColumnElement[bool]:
    """Whether a member holds one of these posts (any, where none is named) on `day`, taken up on `since` or later.

    Looked up member by member: a branch must not cost a look at the posts of a whole county.
    """
    holds = select(Post.id).where(Post.member_id == Member.id, Post.valid_from <= day, Post.valid_to > day)
    if kinds:
        holds = holds.where(Post.kind.in_(sorted(kinds, key=lambda each: each.value)))
    if since is not None:
        holds = holds.where(Post.valid_from >= since, Post.is_start_known)
    return exists(holds)
