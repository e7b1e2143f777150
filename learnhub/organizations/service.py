"""Verbs of the tree: founding, describing, moving and dissolving organizations. Links never overlap."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, Change, FactKind, subject_id
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.orm import FOREVER, changed, plain
from learnhub.core.text import N_
from learnhub.organizations import queries
from learnhub.organizations.models import FormerDescription, Organization, OrganizationLink
from learnhub.organizations.rules import Domain, OrganizationKind, may_hang_below, may_turn_into

# What is kept of an organization and of its place when one of them changes.
_DESCRIBED = ("name", "kind", "domain", "founded_on", "dissolved_on")
_LINKED = ("parent_id", "valid_from", "valid_to")
_LAST_DAY = FOREVER - dt.timedelta(days=1)


def found(
    session: Session,
    act: Act,
    *,
    code: str,
    name: str,
    kind: OrganizationKind,
    domain: Domain | None,
    parent_id: int | None,
    on: dt.date,
) -> int:
    """Found an organization below `parent_id` on the civil day `on`, last among its siblings, and return its id.

    Only the first organization of all has no parent. Raises DomainError when the code is taken or the parent cannot
    have such an organization below it.
    """
    if subject := trail.earlier(session, act.key):
        return subject_id(subject)
    if queries.by_codes(session, [code]):
        raise DomainError(N_("编码“%(code)s”已经有别的党组织在用。"), field="code", code=code)
    if parent_id is None and queries.roots(session, on):
        raise DomainError(N_("已经有最上级的党组织，请选择上级。"), field="parent_id")
    if parent_id is not None:
        _check_parent(session, kind, parent_id, on)
    position = queries.next_position(session, parent_id, on)
    new = Organization(code=code, name=name, kind=kind, domain=domain, position=position, founded_on=on)
    session.add(new)
    session.flush()
    changes = [Change(FactKind.ORGANIZATION, None, plain(new, *_DESCRIBED), on, organization_id=new.id)]
    if parent_id is not None:
        link = OrganizationLink(organization_id=new.id, parent_id=parent_id, valid_from=on)
        session.add(link)
        changes.append(_link_change(link, None, on))
    _note(session, act, "organization.found", new.id, changes, kind=kind.value)
    return new.id


def describe(
    session: Session,
    act: Act,
    *,
    organization_id: int,
    name: str,
    domain: Domain | None,
    on: dt.date,
    kind: OrganizationKind | None = None,
) -> None:
    """Give an organization another name, domain or kind (None: as it is) from the civil day `on`.

    Reports of days before print what it was then. Describing it twice from one day keeps the later words. Raises
    DomainError when a later change is on record already, and for a kind that its members or its place do not allow.
    """
    if trail.earlier(session, act.key):
        return
    organization = _held(session, organization_id)
    wanted = (name, kind or organization.kind, domain)
    _check_kind(organization.kind, wanted[1])
    if on < organization.founded_on or on >= organization.dissolved_on:
        raise DomainError(N_("这个党组织在这一天还没有成立，或者已经撤销。"), field="on")
    former = queries.former_descriptions(session, [organization_id]).get(organization_id, ())
    since = former[-1].valid_to if former else organization.founded_on
    if since > on:
        raise DomainError(N_("这一天之后还有变动记录，请先核对日期。"), field="on")
    if wanted == (organization.name, organization.kind, organization.domain):
        return
    if since < on:
        session.add(_former(organization, since, on))
    before = plain(organization, *_DESCRIBED)
    organization.name, organization.kind, organization.domain = wanted
    changed(session, organizations=[organization_id])
    _note(session, act, "organization.describe", organization_id, [_change(organization, before, on)])


def move(session: Session, act: Act, *, organization_id: int, parent_id: int, on: dt.date) -> None:
    """Hang an organization below another one from the civil day `on`; until then it stays where it was.

    Moving it twice on one day keeps the later place. Raises DomainError when a later change is on record already, or
    when it would hang below itself.
    """
    if trail.earlier(session, act.key):
        return
    organization = _held(session, organization_id)
    for day in (on, _LAST_DAY):
        if any(above.id == organization_id for above in queries.ancestors(session, parent_id, day)):
            raise DomainError(N_("党组织不能移到自己或自己的下级之下。"), field="parent_id")
    _check_parent(session, organization.kind, parent_id, on)
    changes = _relink(session, organization, parent_id, on)
    changed(session, organizations=queries.ids_below(session, [organization_id], on))
    _note(session, act, "organization.move", organization_id, changes, parent=parent_id)


def dissolve(session: Session, act: Act, *, organization_id: int, on: dt.date) -> None:
    """Dissolve an organization on the civil day `on`, its first day without it.

    Raises DomainError while organizations hang below it. `members.service.dissolve` asks about members first.
    """
    if trail.earlier(session, act.key):
        return
    organization = _held(session, organization_id)
    if on <= organization.founded_on:
        raise DomainError(N_("撤销日期要晚于成立日期。"), field="on")
    if any(queries.children(session, organization_id, day) for day in (on, _LAST_DAY)):
        raise DomainError(N_("还有下级党组织，请先移走或撤销。"))
    changes, described = [], plain(organization, *_DESCRIBED)
    for link in queries.links_after(session, organization_id, on):
        if link.valid_from >= on:
            raise DomainError(N_("这一天之后还有变动记录，请先核对日期。"), field="on")
        before = plain(link, *_LINKED)
        link.valid_to = on
        changes.append(_link_change(link, before, on))
    organization.dissolved_on = on
    changes.append(_change(organization, described, on))
    _note(session, act, "organization.dissolve", organization_id, changes)


def _held(session: Session, organization_id: int) -> Organization:
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise NotFound(N_("没有这个党组织。"))
    return organization


def _check_kind(kind: OrganizationKind, wanted: OrganizationKind) -> None:
    if not may_turn_into(kind, wanted):
        raise DomainError(N_("已有的党组织不能在党支部和别的类型之间改变。"), field="kind")


def _former(organization: Organization, since: dt.date, on: dt.date) -> FormerDescription:
    return FormerDescription(
        organization_id=organization.id,
        name=organization.name,
        kind=organization.kind,
        domain=organization.domain,
        valid_from=since,
        valid_to=on,
    )


def _check_parent(session: Session, kind: OrganizationKind, parent_id: int, on: dt.date) -> None:
    parent = queries.organization(session, parent_id, on)
    if parent is None:
        raise DomainError(N_("上级党组织在这一天还没有成立，或者已经撤销。"), field="parent_id")
    if not may_hang_below(kind, parent.kind):
        raise DomainError(N_("党支部之下只能有党小组，党小组只能在党支部之下。"), field="parent_id")


def _relink(session: Session, organization: Organization, parent_id: int, on: dt.date) -> list[Change]:
    if on < organization.founded_on or on >= organization.dissolved_on:
        raise DomainError(N_("这个党组织在这一天还没有成立，或者已经撤销。"), field="on")
    links = queries.links_after(session, organization.id, on)
    if not links and organization.founded_on < on:
        raise DomainError(N_("最上级的党组织不能移动。"))
    if len(links) > 1 or any(link.valid_from > on for link in links):
        raise DomainError(N_("这一天之后还有变动记录，请先核对日期。"), field="on")
    changes = []
    for link in links:
        before = plain(link, *_LINKED)
        if link.valid_from == on:
            link.parent_id = parent_id
            return [_link_change(link, before, on)]
        link.valid_to = on
        changes.append(_link_change(link, before, on))
    session.flush()
    begun = OrganizationLink(organization_id=organization.id, parent_id=parent_id, valid_from=on)
    session.add(begun)
    return [*changes, _link_change(begun, None, on)]


def _change(organization: Organization, before: dict[str, Any], since: dt.date) -> Change:
    after = plain(organization, *_DESCRIBED)
    return Change(FactKind.ORGANIZATION, before, after, since, organization_id=organization.id)


def _link_change(link: OrganizationLink, before: dict[str, Any] | None, since: dt.date) -> Change:
    return Change(FactKind.LINK, before, plain(link, *_LINKED), since, organization_id=link.organization_id)


def _note(session: Session, act: Act, action: str, organization_id: int, changes: list[Change], **details: Any) -> None:
    """Write what has changed among the revisions, and the act on the audit trail."""
    session.flush()
    subject = f"organization:{organization_id}"
    audit.revise(session, act, action, subject, changes)
    audit.note(session, act, action, subject, organization_id, **details)
