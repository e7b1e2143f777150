"""The roster as an import sees it: plain text values by column, and the dated rows behind them."""

import dataclasses
import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from learnhub.core.orm import FOREVER
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.members.rules.cells import HOLDS, joined_posts
from learnhub.members.rules.days import known
from learnhub.organizations import queries as organizations
from learnhub.organizations.models import FormerDescription, Organization, OrganizationLink

# How many names one statement carries at most; both databases allow several times as many.
_CHUNK = 10_000


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """A dated row: its id and days; `later` says that it begins only after the day asked about."""

    id: int
    valid_from: dt.date
    valid_to: dt.date
    is_start_known: bool = True

    @property
    def since(self) -> str:
        """The first day, empty where it is not known."""
        return self.valid_from.isoformat() if self.is_start_known else ""

    @property
    def lasting(self) -> bool:
        """Whether it has no end yet."""
        return self.valid_to == FOREVER


@dataclasses.dataclass(frozen=True, slots=True)
class OrganizationState:
    """An organization: its values by column and its link (None for the root).

    Name, kind and domain are those of the day asked about and hold from `described_from` on; `described_later` says
    that a change after that day is on record.
    """

    id: int
    values: dict[str, str]
    parent_id: int | None
    link: Span | None
    founded_on: dt.date
    described_from: dt.date
    described_later: bool


@dataclasses.dataclass(slots=True)
class MemberState:
    """A member of a branch: values by column and the dated rows that hold, or begin after the day asked about.

    `posts_elsewhere` are those held in other organizations, with the organization's id; `post_ends` the day on which a
    post in the own branch last ended.
    """

    id: int
    values: dict[str, str]
    organization_id: int
    membership: Span
    posts: dict[str, Span] = dataclasses.field(default_factory=dict)
    circumstances: dict[str, Span] = dataclasses.field(default_factory=dict)
    posts_elsewhere: list[tuple[int, str, Span]] = dataclasses.field(default_factory=list)
    post_ends: dict[str, str] = dataclasses.field(default_factory=dict)
    changes_later: bool = False


def organizations_state(session: Session, root_id: int | None, day: dt.date) -> dict[str, OrganizationState]:
    """The organizations at and below `root_id` (all, for None) on `day` by code, each after its parent."""
    tops = [root_id] if root_id else [each.id for each in organizations.roots(session, day)]
    rows = [row for top in tops for row in organizations.whole_tree(session, top, day)]
    code_of = {row.value.id: row.value.code for row in rows}
    outside = {row.value.parent_id for row in rows} - set(code_of) - {None}
    code_of.update(_codes(session, outside))
    below = organizations.subtree(tops, day)
    founded = dict(
        row._tuple()
        for row in session.execute(
            select(Organization.id, Organization.founded_on).join(below, below.c.id == Organization.id)
        )
    )
    links = {
        row.organization_id: Span(row.id, row.valid_from, row.valid_to)
        for row in session.execute(_links(day).join(below, below.c.id == OrganizationLink.organization_id))
    }
    last_change = dict(
        session.execute(
            select(FormerDescription.organization_id, func.max(FormerDescription.valid_to))
            .join(below, below.c.id == FormerDescription.organization_id)
            .group_by(FormerDescription.organization_id)
        )
        .tuples()
        .all()
    )
    described = {row.value.id: last_change.get(row.value.id, founded[row.value.id]) for row in rows}
    return {
        row.value.code: OrganizationState(
            id=row.value.id,
            values=_organization_values(row.value, code_of, founded[row.value.id]),
            parent_id=row.value.parent_id,
            link=links.get(row.value.id),
            founded_on=founded[row.value.id],
            described_from=described[row.value.id],
            described_later=described[row.value.id] > day,
        )
        for row in rows
    }


def _codes(session: Session, ids: set[int | None]) -> dict[int, str]:
    statement = select(Organization.id, Organization.code).where(Organization.id.in_(ids))
    return dict(row._tuple() for row in session.execute(statement)) if ids else {}


def _links(day: dt.date) -> Select[Any]:
    return select(
        OrganizationLink.organization_id, OrganizationLink.id, OrganizationLink.valid_from, OrganizationLink.valid_to
    ).where(OrganizationLink.valid_from <= day, OrganizationLink.valid_to > day)


def _organization_values(
    value: organizations.OrganizationValue, code_of: dict[int, str], founded_on: dt.date
) -> dict[str, str]:
    return {
        "code": value.code,
        "name": value.name,
        "kind": value.kind.value,
        "domain": value.domain.value if value.domain else "",
        "parent": code_of[value.parent_id] if value.parent_id else "",
        "position": str(value.position),
        "founded_on": founded_on.isoformat(),
    }


# Columns, not whole objects: a county has forty thousand of them.
_COLUMNS = (
    Member.id,
    Member.code,
    Member.name,
    Member.sex,
    Member.birth_month,
    Member.joined_on,
    Member.joined_precision,
    Member.full_on,
    Member.full_precision,
    Member.phone,
    Member.sort_key,
    Member.identity_hash,
    Member.identity_last_four,
)


def members_state(session: Session, root_id: int | None, day: dt.date) -> dict[int, MemberState]:
    """The members of every branch at and below `root_id` (all, for None) on `day`, in the roster's order, by id."""
    tops = [root_id] if root_id else [each.id for each in organizations.roots(session, day)]
    below, then = organizations.subtree(tops, day), organizations.Described(day)
    holds = (Membership.valid_from <= day) & (Membership.valid_to > day)
    statement = (
        select(
            *_COLUMNS,
            Membership.id.label("membership_id"),
            Membership.valid_from,
            Membership.valid_to,
            Membership.organization_id,
            Organization.code.label("organization_code"),
            then.name.label("organization_name"),
        )
        .join(Membership, Membership.member_id == Member.id)
        .join(Organization, Organization.id == Membership.organization_id)
        .outerjoin(then.former, then.on)
        .join(below, below.c.id == Membership.organization_id)
        .where(holds)
        .order_by(Member.sort_key, Member.id)
    )
    found = {}
    for row in session.execute(statement):
        span = Span(row.membership_id, row.valid_from, row.valid_to)
        found[row.id] = MemberState(row.id, _member_values(row, day), row.organization_id, span)
    own = select(Membership.member_id).join(below, below.c.id == Membership.organization_id).where(holds)
    _add_posts(session, found, own, day)
    _add_circumstances(session, found, own, day)
    _mark_later(session, found, own, day)
    return found


def _member_values(member: Any, day: dt.date) -> dict[str, str]:
    identity = f"{member.identity_hash}:{member.identity_last_four}" if member.identity_hash else ""
    full_on = member.full_on
    return {
        "code": member.code,
        "name": member.name,
        "sex": member.sex.value,
        "birth_month": member.birth_month,
        "identity": identity,
        "joined_on": known(member.joined_on, member.joined_precision),
        "full_on": known(full_on, member.full_precision) if full_on else "",
        "standing": "full" if full_on and full_on <= day else "probationary",
        "organization": member.organization_code,
        "organization_name": member.organization_name,
        "posts": "",
        "posts_since": "",
        "phone": member.phone or "",
        "exempt": "",
        "mobile": "",
        "lost_contact": "",
        "suspended": "",
        "in_transit": "",
        "sort_key": member.sort_key,
    }


def _add_posts(session: Session, found: dict[int, MemberState], own: Select[Any], day: dt.date) -> None:
    """Add the posts that members hold; the roster file tells those in their own branch."""
    columns = (
        Post.id, Post.member_id, Post.organization_id, Post.kind, Post.valid_from, Post.valid_to, Post.is_start_known,
    )  # fmt: skip
    for post in session.execute(select(*columns).where(Post.member_id.in_(own))):
        state, kind = found[post.member_id], post.kind.value
        span = Span(post.id, post.valid_from, post.valid_to, post.is_start_known)
        if post.organization_id != state.organization_id:
            if post.valid_to > day:
                state.posts_elsewhere.append((post.organization_id, kind, span))
        elif post.valid_to <= day:
            state.post_ends[kind] = max(post.valid_to.isoformat(), state.post_ends.get(kind, ""))
        elif post.valid_from > day:
            state.changes_later = True
        else:
            state.posts[kind] = span
    for state in found.values():
        if state.posts:
            state.values["posts"] = joined_posts(set(state.posts))
            state.values["posts_since"] = ",".join(state.posts[kind].since for kind in sorted(state.posts))


def _add_circumstances(session: Session, found: dict[int, MemberState], own: Select[Any], day: dt.date) -> None:
    statement = select(Circumstance).where(Circumstance.member_id.in_(own), Circumstance.valid_to > day)
    for circumstance in session.scalars(statement):
        state = found[circumstance.member_id]
        if circumstance.valid_from > day:
            state.changes_later = True
            continue
        kind = circumstance.kind.value
        state.circumstances[kind] = Span(circumstance.id, circumstance.valid_from, circumstance.valid_to)
        state.values[kind] = circumstance.reason or HOLDS


def _mark_later(session: Session, found: dict[int, MemberState], own: Select[Any], day: dt.date) -> None:
    later = aliased(Membership)  # `own` speaks of the same table
    statement = select(later.member_id).where(later.member_id.in_(own), later.valid_from > day)
    for member_id in session.scalars(statement):
        found[member_id].changes_later = True


@dataclasses.dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody of a name that is asked for, of any branch or of none; days and words as in a roster file."""

    id: int
    name: str
    sex: str
    birth_month: str
    joined_on: str
    identity_hash: str


def namesakes(session: Session, names: Collection[str]) -> list[Namesake]:
    """Whoever bears, or bore while on the roster, one of `names`."""
    found = []
    asked = sorted(names)
    for start in range(0, len(asked), _CHUNK):
        statement = select(
            Member.id, Member.name, Member.sex, Member.birth_month, Member.joined_on, Member.joined_precision,
            Member.identity_hash,
        ).where(Member.name.in_(asked[start : start + _CHUNK]))  # fmt: skip
        for row in session.execute(statement):
            joined = known(row.joined_on, row.joined_precision)
            found.append(Namesake(row.id, row.name, row.sex.value, row.birth_month, joined, row.identity_hash or ""))
    return found
