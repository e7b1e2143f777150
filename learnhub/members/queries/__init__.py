"""Questions to the roster, always as of a civil day."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.core.text import search_key
from learnhub.members.models import Circumstance, Member, Membership, Post, RosterImport
from learnhub.members.queries.columns_by_hand import column_rows as column_rows
from learnhub.members.queries.columns_by_hand import columns_by_hand as columns_by_hand
from learnhub.members.queries.identity_keys import identity_fingerprint as identity_fingerprint
from learnhub.members.queries.own_data import about_person as about_person
from learnhub.members.rules import COMMITTEE_POSTS, CircumstanceKind, PostKind, Sex
from learnhub.organizations import queries as organizations

# How many ids one statement carries at most; both databases allow several times as many.
_CHUNK = 10_000
T = TypeVar("T")
_POST_ORDER = {kind: place for place, kind in enumerate(PostKind)}
_CIRCUMSTANCE_ORDER = {kind: place for place, kind in enumerate(CircumstanceKind)}


@dataclasses.dataclass(frozen=True, slots=True)
class RosterMember:
    """A member as of a day: the branch, posts and circumstances of that day."""

    id: int
    code: str
    name: str
    sex: Sex
    birth_month: str
    joined_on: dt.date
    full_on: dt.date | None
    organization_id: int
    posts: tuple[PostKind, ...]
    circumstances: tuple[CircumstanceKind, ...]
    # The day on which each of the posts was taken up, None where it is not known.
    posts_since: tuple[dt.date | None, ...] = ()

    @property
    def birth_year(self) -> int:
        """The year of birth, which tells people of the same name apart."""
        return int(self.birth_month[:4])

    def probationary(self, day: dt.date) -> bool:
        """Whether the member is still on probation on `day`."""
        return self.full_on is None or self.full_on > day


def _on(day: dt.date) -> Select[Any]:
    """Members with the branch they belong to on `day`."""
    belongs = and_(Membership.member_id == Member.id, Membership.valid_from <= day, Membership.valid_to > day)
    return select(
        Member.id,
        Member.code,
        Member.name,
        Member.sex,
        Member.birth_month,
        Member.joined_on,
        Member.full_on,
        Membership.organization_id,
    ).join(Membership, belongs)


def _chunks(ids: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def _posts(session: Session, ids: Sequence[int], day: dt.date) -> dict[int, dict[PostKind, dt.date | None]]:
    """The posts each of the members holds on `day`, with the day of taking it up; those without are left out."""
    found: dict[int, dict[PostKind, dt.date | None]] = {}
    for chunk in _chunks(ids):
        statement = select(Post.member_id, Post.kind, Post.valid_from, Post.is_start_known).where(
            Post.member_id.in_(chunk), Post.valid_from <= day, Post.valid_to > day
        )
        for member_id, kind, since, is_known in session.execute(statement):
            found.setdefault(member_id, {})[kind] = since if is_known else None
    return found


def _circumstances(session: Session, ids: Sequence[int], day: dt.date) -> dict[int, set[CircumstanceKind]]:
    """The circumstances each of the members lives in on `day`; those without are left out."""
    found: dict[int, set[CircumstanceKind]] = {}
    for chunk in _chunks(ids):
        statement = select(Circumstance.member_id, Circumstance.kind).where(
            Circumstance.member_id.in_(chunk), Circumstance.valid_from <= day, Circumstance.valid_to > day
        )
        for member_id, kind in session.execute(statement):
            found.setdefault(member_id, set()).add(kind)
    return found


def _completed(session: Session, rows: Sequence[Any], day: dt.date) -> tuple[RosterMember, ...]:
    """Rows of `_on` with posts and circumstances added: two statements for up to 10 000 of them."""
    ids = [row.id for row in rows]
    posts, circumstances = _posts(session, ids, day), _circumstances(session, ids, day)
    members = []
    for row in rows:
        held = sorted(posts.get(row.id, {}).items(), key=lambda item: _POST_ORDER[item[0]])
        lived_in = tuple(sorted(circumstances.get(row.id, ()), key=_CIRCUMSTANCE_ORDER.__getitem__))
        # In the order of `_on`: by name it costs as much again, for a whole county seconds.
        members.append(
            RosterMember(*(*row, tuple(post for post, _ in held), lived_in, tuple(since for _, since in held)))
        )
    return tuple(members)


def belonging(
    organization: Any,
    day: Any,
    everybody: ColumnElement[bool] | None = None,
    without: Collection[CircumstanceKind] = (),
) -> Select[tuple[int]]:
    """Selects the ids of who belongs to a branch on a day, both given as SQL; unless `everybody`, its committee alone.

    Left out is who is in one of the circumstances `without` on that day.
    For statements of rooms above that know the branch and the day by a subquery.
    """
    statement = select(Membership.member_id).where(
        Membership.organization_id == organization, Membership.valid_from <= day, Membership.valid_to > day
    )
    if without:
        lasting = select(Circumstance.id).where(
            Circumstance.member_id == Membership.member_id,
            Circumstance.kind.in_(without),
            Circumstance.valid_from <= day,
            Circumstance.valid_to > day,
        )
        statement = statement.where(~lasting.exists())
    if everybody is None:
        return statement
    sits = select(Post.id).where(
        Post.member_id == Membership.member_id,
        Post.kind.in_(COMMITTEE_POSTS),
        Post.valid_from <= day,
        Post.valid_to > day,
    )
    return statement.where(or_(everybody, sits.exists()))


def members_of(session: Session, organization_id: int, day: dt.date) -> tuple[RosterMember, ...]:
    """The members who belong to the branch on `day`, in the roster's own order (three statements)."""
    statement = _on(day).where(Membership.organization_id == organization_id).order_by(Member.sort_key, Member.id)
    return _completed(session, session.execute(statement).all(), day)


def members_below(session: Session, organization_id: int, day: dt.date) -> tuple[RosterMember, ...]:
    """The members of every branch at and below `organization_id` on `day`, in the roster's own order."""
    below = organizations.subtree([organization_id], day)
    statement = _on(day).join(below, below.c.id == Membership.organization_id)
    return _completed(session, session.execute(statement.order_by(Member.sort_key, Member.id)).all(), day)


def member(session: Session, member_id: int, day: dt.date) -> RosterMember | None:
    """The member, or None when nobody of this id belongs to a branch on `day`."""
    return members_by_id(session, [member_id], day).get(member_id)


def members_by_id(session: Session, ids: Sequence[int], day: dt.date) -> dict[int, RosterMember]:
    """Those of `ids` who belong to a branch on `day`, by id."""
    rows = [row for chunk in _chunks(list(ids)) for row in session.execute(_on(day).where(Member.id.in_(chunk)))]
    return {each.id: each for each in _completed(session, rows, day)}


def organization_of_member(session: Session, *, member_id: int) -> int | None:
    """The branch the member belongs to today, or None; what a guard asks."""
    day = clock.today()
    return session.scalar(
        select(Membership.organization_id).where(
            Membership.member_id == member_id, Membership.valid_from <= day, Membership.valid_to > day
        )
    )


def search(
    session: Session, organization_id: int, text: str, day: dt.date, limit: int = 50
) -> tuple[RosterMember, ...]:
    """At most `limit` members at and below `organization_id` whose name contains `text`, or whose code is `text`.

    Width, case, spaces and the separator of names make no difference. Nothing is found for an empty text.
    """
    key = search_key(text)
    if not key:
        return ()
    below = organizations.subtree([organization_id], day)
    matches = or_(Member.search_key.contains(key, autoescape=True), Member.code == text.strip())
    statement = _on(day).join(below, below.c.id == Membership.organization_id).where(matches)
    return _completed(session, session.execute(statement.order_by(Member.sort_key, Member.id).limit(limit)).all(), day)


def memberships_after(session: Session, member_id: int, day: dt.date) -> list[Membership]:
    """The memberships of a member that hold on `day` or begin later, by their first day."""
    statement = select(Membership).where(Membership.member_id == member_id, Membership.valid_to > day)
    return list(session.scalars(statement.order_by(Membership.valid_from)))


def posts_after(session: Session, member_id: int, day: dt.date) -> list[Post]:
    """The posts of a member that are held on `day` or begin later."""
    return list(session.scalars(select(Post).where(Post.member_id == member_id, Post.valid_to > day)))


def circumstances_after(session: Session, member_id: int, day: dt.date) -> list[Circumstance]:
    """The circumstances of a member that hold on `day` or begin later."""
    statement = select(Circumstance).where(Circumstance.member_id == member_id, Circumstance.valid_to > day)
    return list(session.scalars(statement))


def count_after(session: Session, organization_id: int, day: dt.date) -> int:
    """How many memberships in an organization hold on `day` or begin later."""
    statement = select(func.count()).where(Membership.organization_id == organization_id, Membership.valid_to > day)
    return session.scalar(statement) or 0


def ids_by_code(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """The ids of the members who bear one of `codes`, whether or not they belong to a branch now."""
    found: dict[str, int] = {}
    for chunk in _chunks(codes):
        found.update(
            row._tuple() for row in session.execute(select(Member.code, Member.id).where(Member.code.in_(chunk)))
        )
    return found


def ids_by_identity(session: Session, hashes: Sequence[str]) -> dict[str, int]:
    """The ids of the members to whom one of these keyed hashes of identity numbers belongs."""
    found: dict[str, int] = {}
    for chunk in _chunks(hashes):
        statement = select(Member.identity_hash, Member.id).where(Member.identity_hash.in_(chunk))
        found.update({hash_: id_ for hash_, id_ in session.execute(statement) if hash_})
    return found


def last_id(session: Session) -> int:
    """The highest id of a member, 0 when there is none."""
    return session.scalar(select(func.max(Member.id))) or 0


def newest_import(session: Session) -> RosterImport | None:
    """The import that was confirmed last, undone or not."""
    return session.scalar(select(RosterImport).order_by(RosterImport.id.desc()).limit(1))


@dataclasses.dataclass(frozen=True, slots=True)
class UndoableImport:
    """An import that can still be undone: when it was confirmed, and the name of its file."""

    at: dt.datetime
    file_name: str


def undoable(session: Session, organization_id: int, day: dt.date) -> UndoableImport | None:
    """The newest import, where it can still be undone and was made at or below `organization_id`."""
    newest = newest_import(session)
    if newest is None or newest.undo is None:
        return None
    inside = organizations.covers(session, [organization_id], newest.organization_id, day)
    return UndoableImport(newest.at, newest.file_name) if inside else None


@dataclasses.dataclass(frozen=True, slots=True)
class Heads:
    """An organization and what is at and below it on a day: the branches that stand, and members."""

    organization: organizations.OrganizationValue
    branches: int
    members: int


def heads(session: Session, organization_id: int, day: dt.date) -> tuple[Heads, ...]:
    """The organization itself, then those directly below it in organization order, each with its head counts."""
    rows = organizations.whole_tree(session, organization_id, day)
    below = organizations.subtree([organization_id], day)
    counted = (
        select(Membership.organization_id, func.count())
        .join(below, below.c.id == Membership.organization_id)
        .where(Membership.valid_from <= day, Membership.valid_to > day)
        .group_by(Membership.organization_id)
    )
    members = dict(row._tuple() for row in session.execute(counted))
    branches = {
        row.value.id: 1 for row in rows if row.value.is_branch and members.get(row.value.id)
    }  # as `standing_branches` says
    for row in reversed(rows[1:]):  # a parent stands before its children, so the counts rise from the leaves
        above = row.value.parent_id or organization_id
        members[above] = members.get(above, 0) + members.get(row.value.id, 0)
        branches[above] = branches.get(above, 0) + branches.get(row.value.id, 0)
    return tuple(
        Heads(row.value, branches.get(row.value.id, 0), members.get(row.value.id, 0)) for row in rows if row.depth <= 1
    )
