"""Correcting an entry of the record book: it is withdrawn with a reason, and noted anew with other hours."""

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_
from learnhub.records import queries
from learnhub.records.queries import Fact
from learnhub.records.rules import BRANCH_KINDS, MOST_QUARTERS, Change, Correction, CreditKind, NewCredit
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


def possible_changes(found: Fact) -> tuple[Change, ...]:
    """What can be changed of an entry right where it stands; none where it follows from something that is corrected."""
    if found.kind is None or found.recognition is not None:
        return ()
    if found.follows_roll:
        return () if found.kind is CreditKind.TRAINING else (Change.HOURS,)
    return (Change.HOURS, Change.WITHDRAW)


def carry_out(session: Session, act: Act, found: Fact, correction: Correction, reason: str) -> None:
    """Withdraw the entry with `reason`, and note it anew where only its hours were wrong.

    Raises DomainError for hours that cannot be, for the same hours, without a reason, and for what follows from
    something else: a recognition's hours and completion are one act and are corrected there together; who took part, and
    who completed a class, is said by the roll and the results, and hours and completion follow these. Only the hours of a
    meeting may be another number for one member.
    """
    if found.recognition is not None:
        raise DomainError(N_("这一条是认定来的：学时和已训一起登记，要在“认定”里一起更正或者撤回。"), field="change")
    if found.kind is None:
        raise DomainError(N_("结业是按点名和成绩算出来的：在点名或者成绩里更正，结业和证书跟着改。"), field="change")
    if correction.change not in possible_changes(found):
        raise DomainError(N_("这一条是点名来的：在那一次的点名里更正，学时跟着改。"), field="change")
    if correction.change is Change.HOURS and not 0 < correction.quarters <= MOST_QUARTERS:
        raise DomainError(N_("请填更正后的学时，按四分之一计。"), field="hours")
    if correction.change is Change.HOURS and correction.quarters == found.quarters:
        raise DomainError(N_("和现在登记的学时一样，不用更正。"), field="hours")
    book.withdraw(session, act, source=found.source, member_ids=[found.member_id], reason=reason)
    if correction.change is Change.HOURS:
        quarters = correction.quarters
        anew = NewCredit(found.member_id, found.kind, quarters, found.day, found.title, found.source, found.basis)
        book.credit(session, act, credits=[anew])
