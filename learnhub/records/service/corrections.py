"""Correcting an entry of the record book: it is withdrawn with a reason, and noted anew with other hours."""

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_
from learnhub.records import queries
from learnhub.records.queries import Fact
from learnhub.records.rules import BRANCH_KINDS, MOST_QUARTERS, Change, Correction, NewCredit
from learnhub.records.service import book


def correct_entry(
    session: Session, act: Act, *, credit_id: int, correction: Correction, reason: str, above: bool
) -> None:
    """Correct a credit that nobody objected to, with a `reason`.

    A branch (not `above`) corrects what it registers itself. Raises Conflict for one that does not stand any longer,
    DomainError without a reason and when the correction does not fit.
    """
    if trail.earlier(session, act.key):
        return
    queries.held_credit(session, credit_id)
    found = queries.fact(session, f"credit:{credit_id}")
    if found is None:
        raise Conflict(N_("这一条已经更正过了。"))
    if correction.change is Change.NONE:
        raise DomainError(N_("请选怎样更正。"), field="change")
    if not above and found.kind not in BRANCH_KINDS:
        raise DomainError(N_("培训班和上级调训的记录由上级更正。"), field="change")
    carry_out(session, act.without_key(), found, correction, reason)
    audit.note(session, act, "records.correct", f"credit:{credit_id}")


def carry_out(session: Session, act: Act, found: Fact, correction: Correction, reason: str) -> None:
    """Withdraw the entry with `reason`, and note it anew where only its hours were wrong.

    Raises DomainError for a completion's hours, for hours that cannot be, for the same hours, without a reason, and for
    what a recognition proves: its hours and its completion are one act and are corrected there together.
    """
    if found.recognition is not None:
        raise DomainError(N_("这一条是认定来的：学时和已训一起登记，要在“认定”里一起更正或者撤回。"), field="change")
    if found.kind is None:
        if correction.change is Change.HOURS:
            raise DomainError(N_("结业没有学时可改，只能撤回。"), field="change")
        book.withdraw_completions(session, act, source=found.source, member_ids=[found.member_id], reason=reason)
        return
    if correction.change is Change.HOURS and not 0 < correction.quarters <= MOST_QUARTERS:
        raise DomainError(N_("请填更正后的学时，按四分之一计。"), field="hours")
    if correction.change is Change.HOURS and correction.quarters == found.quarters:
        raise DomainError(N_("和现在登记的学时一样，不用更正。"), field="hours")
    book.withdraw(session, act, source=found.source, member_ids=[found.member_id], reason=reason)
    if correction.change is Change.HOURS:
        quarters = correction.quarters
        anew = NewCredit(found.member_id, found.kind, quarters, found.day, found.title, found.source, found.basis)
        book.credit(session, act, credits=[anew])
