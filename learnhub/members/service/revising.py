"""What begins, ends and changes of one member, and the note of it among the revisions."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from learnhub.audit import service as audit
from learnhub.audit.rules import ALWAYS, Act, Change, FactKind
from learnhub.core.errors import DomainError
from learnhub.core.orm import FOREVER, plain
from learnhub.core.text import N_
from learnhub.members.models import Circumstance, Member, Membership, Post

LATER = N_("这一天之后还有变动记录，请先核对日期。")
# The columns of each table that tell where and how a member is counted; reasons and names are none of them.
COUNTED: dict[type[Any], tuple[FactKind, tuple[str, ...]]] = {
    Membership: (FactKind.MEMBERSHIP, ("organization_id", "valid_from", "valid_to")),
    Post: (FactKind.POST, ("organization_id", "kind", "valid_from", "valid_to")),
    Circumstance: (FactKind.CIRCUMSTANCE, ("kind", "valid_from", "valid_to")),
    Member: (FactKind.PARTICULARS, ("sex", "birth_month", "joined_on", "full_on")),
}
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
