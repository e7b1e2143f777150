"""What is due by a branch's shape, and whether it is held."""

import dataclasses
import datetime as dt

from sqlalchemy.orm import Session

from learnhub.meetings.queries.meetings import MeetingValue, for_month
from learnhub.meetings.rules import Duty, Shape, State, duties, period
from learnhub.members import queries as members
from learnhub.organizations import queries as organizations
from learnhub.organizations.rules import OrganizationKind


@dataclasses.dataclass(frozen=True, slots=True)
class DutyState:
    """One duty of a branch in its present period, with the meeting that meets it, if any.

    `first` and `last` are the months of the period; a meeting that is finished is preferred to one only scheduled.
    """

    duty: Duty
    first: str
    last: str
    meeting: MeetingValue | None


def shape(session: Session, organization_id: int, day: dt.date) -> Shape:
    """How a branch is made up on `day` (civil): full and probationary members by the roster, groups by the tree."""
    roster = members.members_of(session, organization_id, day)
    probationary = sum(each.probationary(day) for each in roster)
    below = organizations.children(session, organization_id, day)
    groups = sum(each.kind is OrganizationKind.GROUP for each in below)
    return Shape(len(roster) - probationary, probationary, groups)


def due(session: Session, organization_id: int, shape: Shape, month: str) -> tuple[DutyState, ...]:
    """What a branch of that shape holds in the periods in which `month` (`YYYY-MM`) lies, and how far it is held."""
    found: dict[str, tuple[MeetingValue, ...]] = {}
    states = []
    for duty in duties(shape):
        months = period(month, duty.months)
        for each in months:
            if each not in found:
                found[each] = for_month(session, organization_id, each)
        held = [one for each in months for one in found[each] if duty.kind in one.kinds]
        standing = [one for one in held if one.state is not State.CANCELLED]
        standing.sort(key=lambda one: one.state is not State.FINISHED)
        states.append(DutyState(duty, months[0], months[-1], standing[0] if standing else None))
    return tuple(states)
