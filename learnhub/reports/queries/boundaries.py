"""Which organizations' figures change between two days, though nobody changes a fact."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from learnhub.core import clock
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.organizations import queries as organizations
from learnhub.organizations.models import FormerDescription, OrganizationLink
from learnhub.records.models import Completion
from learnhub.reports.rules import older_born_until
from learnhub.training.batches.models import Batch, Place
from learnhub.training.tasks.queries import TaskValue
from learnhub.training.tasks.rules import Audience, months_before


def organizations_between(session: Session, task: TaskValue, since: dt.date, until: dt.date) -> set[int]:
    """The ids of the organizations whose own figures in a task may differ between `since` and a later day `until`.

    Something of a member begins or ends after `since` and up to `until`, a member becomes 61, an organization works in
    another domain, or it is hung elsewhere and comes into the task's own, or leaves it, with everything below.
    """
    members = union(*_members(task, since, until)).subquery("members")
    theirs = (
        select(Membership.organization_id)
        .where(Membership.member_id.in_(select(members.c[0])))
        .where(Membership.valid_from <= until, Membership.valid_to > since)
    )
    moved = select(Membership.organization_id).where(_turns(Membership, since, until))
    hung = session.scalars(select(OrganizationLink.organization_id).where(_turns(OrganizationLink, since, until))).all()
    described = select(FormerDescription.organization_id).where(_turns(FormerDescription, since, until))
    found = set(session.scalars(union(theirs, moved, described)))
    return found.union(organizations.ids_below(session, hung, since)) if hung else found


def _members(task: TaskValue, since: dt.date, until: dt.date) -> Iterator[Select[Any]]:
    """The members, by each kind of fact that may turn."""
    yield select(Post.member_id).where(_turns(Post, since, until))
    yield select(Circumstance.member_id).where(_turns(Circumstance, since, until))
    yield select(Member.id).where(_within(Member.full_on, since, until))
    yield select(Member.id).where(
        Member.birth_month > older_born_until(since), Member.birth_month <= older_born_until(until)
    )
    yield from _out_of_window(task.audience, since, until)
    yield select(Completion.member_id).where(
        Completion.subject == task.subject, _within(Completion.completed_on, since, until)
    )
    first, end = clock.instant(since + dt.timedelta(days=1)), clock.instant(until + dt.timedelta(days=1))
    turned = (
        and_(instant >= first, instant < end) for instant in (Place.noted_at, Place.withdrawn_at, Batch.closed_at)
    )
    yield select(Place.member_id).join(Batch, Batch.id == Place.batch_id).where(Batch.task_id == task.id, or_(*turned))


def _out_of_window(audience: Audience, since: dt.date, until: dt.date) -> Iterator[Select[Any]]:
    """Those whose months since taking up a post, or since full membership, run out."""
    for months, begun, member in (
        (audience.post_months, Post.valid_from, Post.member_id),
        (audience.full_months, Member.full_on, Member.id),
    ):
        if months is not None:
            yield select(member).where(begun >= months_before(since, months), begun < months_before(until, months))


def _turns(dated: Any, since: dt.date, until: dt.date) -> ColumnElement[bool]:
    return or_(_within(dated.valid_from, since, until), _within(dated.valid_to, since, until))


def _within(day: InstrumentedAttribute[Any], since: dt.date, until: dt.date) -> ColumnElement[bool]:
    return and_(day > since, day <= until)
