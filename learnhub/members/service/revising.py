"""What begins, ends and changes of one member, and the note of it among the revisions."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from learnhub.audit import service as audit
from learnhub.audit.rules import ALWAYS, Act, Change, FactKind
from learnhub.core.errors import DomainError
from learnhub.core.orm import FOREVER, plain
from learnhub.core.text import N_
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.members.service.writing import Writer
from learnhub.organizations.models import Organization, OrganizationLink

LATER = N_("这一天之后还有变动记录，请先核对日期。")
# The columns of each table that tell where and how a member is counted; reasons and names are none of them.
COUNTED: dict[type[Any], tuple[FactKind, tuple[str, ...]]] = {
    Membership: (FactKind.MEMBERSHIP, ("organization_id", "valid_from", "valid_to")),
    Post: (FactKind.POST, ("organization_id", "kind", "valid_from", "valid_to", "is_start_known")),
    Circumstance: (FactKind.CIRCUMSTANCE, ("kind", "valid_from", "valid_to")),
    Member: (FactKind.PARTICULARS, ("sex", "birth_month", "joined_on", "full_on")),
    Organization: (FactKind.ORGANIZATION, ("name", "kind", "domain", "founded_on")),
    OrganizationLink: (FactKind.LINK, ("parent_id", "valid_from", "valid_to")),
}
_BY_TABLE = {model.__tablename__: (*counted, model) for model, counted in COUNTED.items()}
_OF_ORGANIZATIONS = frozenset({Organization, OrganizationLink})
Row = Membership | Post | Circumstance


def state(row: Row | Member) -> dict[str, Any]:
    """What of a row tells where and how its member is counted, as plain values."""
    return plain(row, *COUNTED[type(row)][1])


def since(before: dict[str, Any] | None, after: dict[str, Any] | None) -> dt.date:
    """The first day on which two states of one row say different things."""
    if before is None or after is None:
        return dt.date.fromisoformat((before or after or {})["valid_from"])
    differing = {name for name in before if before[name] != after[name]}
    if differing <= {"full_on"} or differing <= {"valid_to"}:
        ends = (state[name] or FOREVER.isoformat() for name in differing for state in (before, after))
        return dt.date.fromisoformat(min(ends, default=FOREVER.isoformat()))
    starts = [state["valid_from"] for state in (before, after) if "valid_from" in state]
    return dt.date.fromisoformat(min(starts)) if starts else ALWAYS


class Changes:
    """Begins and ends what is dated of one member, and notes it when the verb is done."""

    def __init__(self, session: Session, member_id: int) -> None:
        self.session = session
        self.member_id = member_id
        self.found: list[Change] = []

    def begin(self, row: Row) -> None:
        """Add what begins."""
        self.session.add(row)
        self._add(FactKind(row.__tablename__), None, state(row))

    def end(self, row: Row, on: dt.date) -> None:
        """End what is dated on `on`; what began that same day never held, so it goes."""
        if row.valid_from > on:
            raise DomainError(LATER, field="on")
        before = state(row)
        if row.valid_from == on:
            self.session.delete(row)
            self._add(FactKind(row.__tablename__), before, None)
        else:
            row.valid_to = on
            self._add(FactKind(row.__tablename__), before, state(row))

    def amend(self, before: dict[str, Any], member: Member) -> None:
        """Note what is different of `member` since its `state` was `before`."""
        after = state(member)
        if after != before:
            self._add(FactKind.PARTICULARS, before, after)

    def note(self, act: Act, action: str, organization_id: int | None = None, **details: Any) -> None:
        """Write the revisions, and the act on the audit trail."""
        subject = f"member:{self.member_id}"
        self.session.flush()
        audit.revise(self.session, act, action, subject, self.found)
        audit.note(self.session, act, action, subject, organization_id, **details)

    def _add(self, fact: FactKind, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        self.found.append(Change(fact, before, after, since(before, after), member_id=self.member_id))


def changes_of(writer: Writer, on: dt.date, *, first: bool) -> Iterator[Change]:
    """What an import from the civil day `on` changed, row by row.

    Of a member who is new the place in a branch is noted, not each post that comes with it. The `first` import of all
    is noted once, for everybody: before it there was nobody whom a report could have counted.
    """
    if first:
        yield Change(FactKind.ROSTER, None, {"members": len(writer.created.get("member", ()))}, on)
    for (table, _id, before, after), whose in zip(writer.changed, writer.whose, strict=True):
        yield from _of_row(table, before, after, on, whose)
    for table, row in writer.removed:
        yield from _of_row(table, row, None, on, row["member_id"])
    if first:
        return
    new = set(writer.created.get("member", ()))
    for table in ("organization_link", "membership", "post", "circumstance"):
        for row in writer.inserted.get(table, ()):
            whose = row["organization_id"] if table == "organization_link" else row["member_id"]
            if table in {"organization_link", "membership"} or whose not in new:
                yield from _of_row(table, None, row, on, whose)


def _of_row(
    table: str, before: dict[str, Any] | None, after: dict[str, Any] | None, on: dt.date, whose: int
) -> Iterator[Change]:
    fact, names, model = _BY_TABLE[table]
    old = before and {name: before[name] for name in names if name in before}
    new = after and {name: after[name] for name in names if name in after}
    if old == new:  # only what is not counted: a telephone number, the wording of a reason
        return
    starts = on if hasattr(model, "valid_from") or model is Organization else ALWAYS
    dated = {"full_on", "valid_to"} & set(old or ()) if before and after else set()
    if (dated and len(old or ()) == 1) or (old and new and "valid_from" in old):
        starts = since(old, new)
    elif row := new or old:
        starts = dt.date.fromisoformat(row["valid_from"]) if "valid_from" in row else starts
    of_organization = model in _OF_ORGANIZATIONS
    yield Change(fact, old, new, starts, **{"organization_id" if of_organization else "member_id": whose})
