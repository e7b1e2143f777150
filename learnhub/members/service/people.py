"""Verbs about one member: admitting, transferring, posts and circumstances. What is dated never overlaps."""

import dataclasses
import datetime as dt

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit.rules import Act, subject_id
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.orm import FOREVER, changed
from learnhub.core.text import N_, normal_name, search_key
from learnhub.members import queries
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.members.rules import CircumstanceKind, PostKind, Sex
from learnhub.members.service.revising import LATER, Changes, state
from learnhub.organizations import queries as organizations
from learnhub.organizations import service as tree


@dataclasses.dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of a member that is not dated; `identity` is the keyed hash and the last four, never the number."""

    code: str
    name: str
    sex: Sex
    birth_month: str
    joined_on: dt.date
    full_on: dt.date | None = None
    phone: str | None = None
    sort_key: str = ""
    identity: tuple[str, str] | None = None


def admit(session: Session, act: Act, *, particulars: Particulars, organization_id: int, on: dt.date) -> int:
    """Put somebody on the roster of a branch from the civil day `on` and return the member's id.

    Raises DomainError when the code or the identity number is on the roster already, or when the organization is not
    a branch that stands on that day.
    """
    if subject := trail.earlier(session, act.key):
        return subject_id(subject)
    _check_free(session, particulars, None)
    _check_branch(session, organization_id, on)
    member = Member()
    _fill(member, particulars)
    session.add(member)
    session.flush()
    changes = Changes(session, member.id)
    changes.begin(Membership(member_id=member.id, organization_id=organization_id, valid_from=on))
    changed(session, members=[member.id])
    changes.note(act, "member.admit", organization_id)
    return member.id


def amend(session: Session, act: Act, *, member_id: int, particulars: Particulars) -> None:
    """Correct what is known of a member."""
    if trail.earlier(session, act.key):
        return
    member = _held(session, member_id)
    _check_free(session, particulars, member_id)
    changes, before = Changes(session, member_id), state(member)
    _fill(member, particulars)
    changes.amend(before, member)
    changed(session, members=[member_id])
    changes.note(act, "member.amend")


def transfer(session: Session, act: Act, *, member_id: int, organization_id: int, on: dt.date) -> None:
    """Move a member to another branch from the civil day `on`, when that branch has accepted the member (art. 25).

    The posts in the old branch end and with them the circumstance of being in transit. Raises DomainError when a
    later change is on record or the member belongs there already.
    """
    if trail.earlier(session, act.key):
        return
    _held(session, member_id)
    _check_branch(session, organization_id, on)
    old = _current(session, member_id, on)
    if old.organization_id == organization_id:
        raise DomainError(N_("这名党员已经在这个党支部。"), field="organization_id")
    changes = Changes(session, member_id)
    for post in queries.posts_after(session, member_id, on):
        if post.organization_id == old.organization_id:
            changes.end(post, on)
    for circumstance in queries.circumstances_after(session, member_id, on):
        if circumstance.kind is CircumstanceKind.IN_TRANSIT:
            changes.end(circumstance, on)
    changes.end(old, on)
    session.flush()
    changes.begin(Membership(member_id=member_id, organization_id=organization_id, valid_from=on))
    changed(session, members=[member_id], organizations=[old.organization_id])
    changes.note(act, "member.transfer", organization_id, left=old.organization_id)


def leave(session: Session, act: Act, *, member_id: int, on: dt.date) -> None:
    """Take a member off the roster from the civil day `on`; what is on record of them stays."""
    if trail.earlier(session, act.key):
        return
    old, changes = _current(session, member_id, on), Changes(session, member_id)
    for post in queries.posts_after(session, member_id, on):
        changes.end(post, on)
    for circumstance in queries.circumstances_after(session, member_id, on):
        changes.end(circumstance, on)
    changes.end(old, on)
    changed(session, organizations=[old.organization_id])
    changes.note(act, "member.leave", old.organization_id)


def hold_post(session: Session, act: Act, *, member_id: int, organization_id: int, kind: PostKind, on: dt.date) -> None:
    """Let a member hold a post in an organization from the civil day `on`; holding it already is refused."""
    if trail.earlier(session, act.key):
        return
    _current(session, member_id, on)
    if organizations.organization(session, organization_id, on) is None:
        raise DomainError(N_("这个党组织在这一天还没有成立，或者已经撤销。"), field="organization_id")
    for post in queries.posts_after(session, member_id, on):
        if (post.organization_id, post.kind) == (organization_id, kind):
            raise DomainError(N_("这名党员已经担任这个职务。"), field="kind")
    changes = Changes(session, member_id)
    changes.begin(Post(member_id=member_id, organization_id=organization_id, kind=kind, valid_from=on))
    changed(session, members=[member_id])
    changes.note(act, "member.hold-post", organization_id, kind=kind.value)


def leave_post(
    session: Session, act: Act, *, member_id: int, organization_id: int, kind: PostKind, on: dt.date
) -> None:
    """End a post on the civil day `on`, its first day without the member."""
    if trail.earlier(session, act.key):
        return
    held = [
        post
        for post in queries.posts_after(session, member_id, on)
        if (post.organization_id, post.kind) == (organization_id, kind)
    ]
    if not held:
        raise DomainError(N_("这名党员没有担任这个职务。"), field="kind")
    changes = Changes(session, member_id)
    for post in held:
        changes.end(post, on)
    changed(session, members=[member_id])
    changes.note(act, "member.leave-post", organization_id, kind=kind.value)


def note_circumstance(
    session: Session, act: Act, *, member_id: int, kind: CircumstanceKind, reason: str, on: dt.date
) -> None:
    """Note a circumstance of a member from the civil day `on`; one that holds already is refused."""
    if trail.earlier(session, act.key):
        return
    branch = _current(session, member_id, on).organization_id
    if any(each.kind is kind for each in queries.circumstances_after(session, member_id, on)):
        raise DomainError(N_("这名党员已经登记了这种情况。"), field="kind")
    changes = Changes(session, member_id)
    changes.begin(Circumstance(member_id=member_id, kind=kind, reason=reason, valid_from=on))
    changed(session, members=[member_id])
    changes.note(act, "member.note-circumstance", branch)


def end_circumstance(session: Session, act: Act, *, member_id: int, kind: CircumstanceKind, on: dt.date) -> None:
    """End a circumstance on the civil day `on`, the first day it no longer holds."""
    if trail.earlier(session, act.key):
        return
    held = [each for each in queries.circumstances_after(session, member_id, on) if each.kind is kind]
    if not held:
        raise DomainError(N_("这名党员没有登记这种情况。"), field="kind")
    changes = Changes(session, member_id)
    for each in held:
        changes.end(each, on)
    changed(session, members=[member_id])
    changes.note(act, "member.end-circumstance")


def dissolve(session: Session, act: Act, *, organization_id: int, on: dt.date) -> None:
    """Dissolve an organization that has no members from the civil day `on`."""
    if queries.count_after(session, organization_id, on):
        raise DomainError(N_("这个党支部还有党员，请先办理转出。"))
    tree.dissolve(session, act, organization_id=organization_id, on=on)


def _held(session: Session, member_id: int) -> Member:
    member = session.get(Member, member_id)
    if member is None:
        raise NotFound(N_("没有这名党员。"))
    return member


def _fill(member: Member, particulars: Particulars) -> None:
    if particulars.full_on and particulars.full_on < particulars.joined_on:
        raise DomainError(N_("转正日期早于入党日期。"), field="full_on")
    member.code = particulars.code
    member.name = normal_name(particulars.name)
    member.search_key = search_key(particulars.name)
    member.sort_key = particulars.sort_key or particulars.code
    member.sex = particulars.sex
    member.birth_month = particulars.birth_month
    member.joined_on = particulars.joined_on
    member.full_on = particulars.full_on
    member.phone = particulars.phone
    if particulars.identity:
        member.identity_hash, member.identity_last_four = particulars.identity


def _check_free(session: Session, particulars: Particulars, own_id: int | None) -> None:
    if queries.ids_by_code(session, [particulars.code]).get(particulars.code, own_id) != own_id:
        raise DomainError(N_("名册编号“%(code)s”已经有别的党员在用。"), field="code", code=particulars.code)
    if particulars.identity:
        known = queries.ids_by_identity(session, [particulars.identity[0]])
        if known.get(particulars.identity[0], own_id) != own_id:
            raise DomainError(N_("这个身份证号已经登记在别的党员名下。"), field="identity")


def _check_branch(session: Session, organization_id: int, on: dt.date) -> None:
    organization = organizations.organization(session, organization_id, on)
    if organization is None or not organization.is_branch:
        raise DomainError(N_("党员要编入一个在这一天已经成立的党支部。"), field="organization_id")


def _current(session: Session, member_id: int, on: dt.date) -> Membership:
    """The one membership that holds on `on` and has no end yet."""
    found = queries.memberships_after(session, member_id, on)
    if not found:
        raise NotFound(N_("这名党员在这一天不在名册上。"))
    if len(found) > 1 or found[0].valid_from > on or found[0].valid_to != FOREVER:
        raise DomainError(LATER, field="on")
    return found[0]
