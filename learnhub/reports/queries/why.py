"""Why a member stands where they stand in a task on a day: the facts, each with its source, and the rule they meet."""

import dataclasses
import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.members.rules import CircumstanceKind, PostKind
from learnhub.members.rules.days import DayPrecision
from learnhub.organizations import queries as organizations
from learnhub.organizations.models import Organization
from learnhub.organizations.rules import Domain
from learnhub.records.models import Completion
from learnhub.records.rules import CompletionWay
from learnhub.reports.queries.facts import Question
from learnhub.reports.rules import CoverageClass, Facts, classify
from learnhub.training.batches.models import Batch, Place
from learnhub.training.tasks.rules import Audience


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """A post or circumstance with its dates; `organization` names where a post is held."""

    kind: PostKind | CircumstanceKind
    valid_from: dt.date
    valid_to: dt.date
    organization: str = ""
    is_start_known: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """A completion of the task that counts on the day, with what proves it; `counts` is False for an earlier stage."""

    way: CompletionWay
    completed_on: dt.date
    title: str
    source: str
    noted_at: dt.datetime
    counts: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Seat:
    """A place in a batch of the task that was open on the day."""

    title: str
    starts_on: dt.date
    ends_on: dt.date
    noted_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the task's audience, as a rule that asks for nothing else, and whether the member meets it."""

    rule: Audience
    met: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Why:
    """Everything that a member's class rests on; `stands` is None for who is not in the task's audience."""

    member_id: int
    name: str
    birth_month: str
    joined_on: dt.date
    joined_precision: DayPrecision
    full_on: dt.date | None
    full_precision: DayPrecision
    organization_id: int
    organization_name: str
    domain: Domain | None
    member_from: dt.date
    member_to: dt.date
    inside: bool
    posts: tuple[Span, ...]
    circumstances: tuple[Span, ...]
    completions: tuple[Done, ...]
    seats: tuple[Seat, ...]
    conditions: tuple[Condition, ...]
    steps: tuple[tuple[CoverageClass, bool], ...]
    stands: CoverageClass | None


def why(session: Session, question: Question, member_id: int) -> Why:
    """What the class of a member at or below the question's organization rests on; raises NotFound for anyone else."""
    day, then = question.day, organizations.Described(question.day)
    row = session.execute(
        select(Member, Membership, Organization.id, then.name, then.domain)
        .join(Membership, Membership.member_id == Member.id)
        .join(Organization, Organization.id == Membership.organization_id)
        .outerjoin(then.former, then.on)
        .where(Member.id == member_id, Membership.valid_from <= day, Membership.valid_to > day)
    ).first()
    if row is None or not organizations.covers(session, [question.organization_id], row[2], day):
        raise NotFound(N_("名册上没有这名党员。"))
    member, belongs, branch_id, branch_name, domain = row
    posts, circumstances = _posts(session, member_id, day), _circumstances(session, member_id, day)
    done, seats = _completions(session, question, member), _seats(session, question, member_id)
    inside = organizations.covers(session, [question.task.organization_id], branch_id, day)
    conditions = tuple(
        Condition(part, _meets(part, day, member, posts=posts, domain=domain, circumstances=circumstances))
        for part in _parts(question.task.audience)
    )
    facts = _facts(circumstances, done, seats)
    found = classify(facts) if inside and all(each.met for each in conditions) else None
    return Why(
        member_id=member.id,
        name=member.name,
        birth_month=member.birth_month,
        joined_on=member.joined_on,
        joined_precision=member.joined_precision,
        full_on=member.full_on,
        full_precision=member.full_precision,
        organization_id=branch_id,
        organization_name=branch_name,
        domain=domain,
        member_from=belongs.valid_from,
        member_to=belongs.valid_to,
        inside=inside,
        posts=posts,
        circumstances=circumstances,
        completions=done,
        seats=seats,
        conditions=conditions,
        steps=_steps(facts),
        stands=found,
    )


def _facts(circumstances: tuple[Span, ...], done: tuple[Done, ...], seats: tuple[Seat, ...]) -> Facts:
    kinds = {each.kind for each in circumstances}
    return Facts(
        lost=not kinds.isdisjoint({CircumstanceKind.LOST_CONTACT, CircumstanceKind.SUSPENDED}),
        ways=frozenset(each.way for each in done if each.counts),
        exempt=CircumstanceKind.EXEMPT in kinds,
        placed=bool(seats),
        in_transit=CircumstanceKind.IN_TRANSIT in kinds,
    )


def _steps(facts: Facts) -> tuple[tuple[CoverageClass, bool], ...]:
    """The classes in the order in which they are tested, up to the first that applies."""
    found = classify(facts)
    order = tuple(CoverageClass)
    return tuple((each, each is found) for each in order[: order.index(found) + 1])


def _parts(audience: Audience) -> list[Audience]:
    """The rule as rules of one condition each, all of which must be met."""
    parts = [
        Audience(kinds=audience.kinds),
        Audience(posts=audience.posts, post_months=audience.post_months),
        Audience(domains=audience.domains),
        Audience(circumstances=audience.circumstances),
        Audience(full_months=audience.full_months),
    ]
    return [part for part in parts if part != Audience()]


def _meets(
    part: Audience,
    day: dt.date,
    member: Member,
    *,
    posts: tuple[Span, ...],
    domain: Domain | None,
    circumstances: tuple[Span, ...],
) -> bool:
    taken_up: dict[PostKind, dt.date] = {}
    for each in posts:
        if isinstance(each.kind, PostKind):
            since = each.valid_from if each.is_start_known else dt.date.min
            taken_up[each.kind] = max(since, taken_up.get(each.kind, since))
    kinds = [each.kind for each in circumstances if isinstance(each.kind, CircumstanceKind)]
    return part.includes(day=day, full_on=member.full_on, posts=taken_up, domain=domain, circumstances=kinds)


def _posts(session: Session, member_id: int, day: dt.date) -> tuple[Span, ...]:
    names = organizations.names(day)
    rows = session.execute(
        select(Post.kind, Post.valid_from, Post.valid_to, names.c.name, Post.is_start_known)
        .join(names, names.c.id == Post.organization_id)
        .where(Post.member_id == member_id, Post.valid_from <= day, Post.valid_to > day)
        .order_by(Post.valid_from, Post.id)
    )
    return tuple(Span(*row) for row in rows)


def _circumstances(session: Session, member_id: int, day: dt.date) -> tuple[Span, ...]:
    rows = session.execute(
        select(Circumstance.kind, Circumstance.valid_from, Circumstance.valid_to)
        .where(Circumstance.member_id == member_id, Circumstance.valid_from <= day, Circumstance.valid_to > day)
        .order_by(Circumstance.valid_from, Circumstance.id)
    )
    return tuple(Span(*row) for row in rows)


def _completions(session: Session, question: Question, member: Member) -> tuple[Done, ...]:
    rows = session.scalars(
        select(Completion)
        .where(
            Completion.subject == question.task.subject,
            Completion.member_id == member.id,
            Completion.completed_on <= question.day,
            Completion.withdrawn_at.is_(None),
        )
        .order_by(Completion.completed_on, Completion.id)
    )
    covers = question.task.audience.covers
    return tuple(
        Done(
            way=row.way,
            completed_on=row.completed_on,
            title=row.title,
            source=row.source,
            noted_at=row.noted_at,
            counts=covers(day=question.day, full_on=member.full_on, completed_on=row.completed_on),
        )
        for row in rows
    )


def _seats(session: Session, question: Question, member_id: int) -> tuple[Seat, ...]:
    end = clock.instant(question.day + dt.timedelta(days=1))
    rows = session.execute(
        select(Batch.title, Batch.starts_on, Batch.ends_on, Place.noted_at)
        .join(Place, Place.batch_id == Batch.id)
        .where(
            Place.member_id == member_id,
            Batch.task_id == question.task.id,
            or_(Batch.closed_at.is_(None), Batch.closed_at >= end),
            Place.noted_at < end,
            or_(Place.withdrawn_at.is_(None), Place.withdrawn_at >= end),
        )
        .order_by(Place.id)
    )
    return tuple(Seat(*row) for row in rows)
