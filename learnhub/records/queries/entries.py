"""One entry of somebody's record: where it belongs, and what it said before."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.core import orm
from learnhub.core.text import N_
from learnhub.members import queries as members
from learnhub.records.models import Credit
from learnhub.records.queries.book import _PAST, PastEntry
from learnhub.records.queries.objections import Fact


def branch_of_entry(session: Session, *, credit_id: int) -> int | None:
    """The branch that the member of a credit belongs to today; a guard's place."""
    member_id = session.scalar(select(Credit.member_id).where(Credit.id == credit_id))
    return members.organization_of_member(session, member_id=member_id) if member_id else None


def held_credit(session: Session, credit_id: int) -> Credit:
    """A credit's row, held against other writers until the transaction ends; raises NotFound."""
    return orm.held(session, select(Credit).where(Credit.id == credit_id), N_("没有这条学时记录。"))


def before(session: Session, entry: Fact) -> tuple[PastEntry, ...]:
    """What was registered of the same member from the same source and withdrawn since, oldest first."""
    statement = select(*_PAST).where(
        Credit.member_id == entry.member_id, Credit.source == entry.source, Credit.withdrawn_at.is_not(None)
    )
    return tuple(PastEntry(*row) for row in session.execute(statement.order_by(Credit.id)))
