"""What an occasion gives its members in the record book, one floor below."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from learnhub.attendance import queries
from learnhub.attendance.models import Occasion
from learnhub.attendance.queries import OccasionValue
from learnhub.attendance.rules import FOLLOW_UP_CREDIT, RollMark
from learnhub.audit.rules import Act
from learnhub.records import queries as record_queries
from learnhub.records import service as record_book
from learnhub.records.rules import NewCredit


def earned(session: Session, occasion: Occasion | OccasionValue, roll: Mapping[int, RollMark]) -> dict[int, NewCredit]:
    """What each member of the roll has earned: by taking part, or else by a follow-up. One source, so it counts once."""
    source = f"occasion:{occasion.id}"
    due = {
        member: NewCredit(
            member, occasion.credit_kind, occasion.quarters, occasion.day, occasion.title, source, occasion.basis
        )
        for member, mark in roll.items()
        if mark.attended
    }
    for fact in queries.follow_ups(session, occasion.id):
        if fact.member_id in roll and fact.member_id not in due:
            kind = FOLLOW_UP_CREDIT[fact.kind]
            rule = record_queries.hour_rule(session, kind, fact.day)
            # Without a rule of its own a make-up is worth what it makes up for.
            quarters, basis = (rule.quarters, rule.basis) if rule.quarters else (occasion.quarters, occasion.basis)
            due[fact.member_id] = NewCredit(fact.member_id, kind, quarters, fact.day, occasion.title, source, basis)
    return {member: each for member, each in due.items() if each.quarters > 0}


def settle(
    session: Session,
    act: Act,
    occasion: Occasion | OccasionValue,
    *,
    standing: Mapping[int, RollMark],
    wanted: Mapping[int, RollMark],
    because: str,
) -> None:
    """Let the credits of a finished occasion follow from one roll to another, `because` of a correction."""
    before, after = earned(session, occasion, standing), earned(session, occasion, wanted)
    gone = [member for member, each in before.items() if after.get(member) != each]
    if gone:
        withdraw(session, act, occasion, gone, because)
    credit(session, act, [each for member, each in after.items() if before.get(member) != each])


def credit(session: Session, act: Act, credits: Iterable[NewCredit]) -> None:
    """Register `credits`, if there are any."""
    if new := list(credits):
        record_book.credit(session, act.without_key(), credits=new)


def withdraw(
    session: Session, act: Act, occasion: Occasion | OccasionValue, members: Iterable[int], reason: str
) -> None:
    """Withdraw what `members` (ids) were credited from the occasion."""
    nested = act.without_key()
    record_book.withdraw(session, nested, source=f"occasion:{occasion.id}", member_ids=list(members), reason=reason)
