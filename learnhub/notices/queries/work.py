"""What a branch's work list holds for its recorder, and the meetings that a member may be told of."""

import dataclasses
import datetime as dt

from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.meetings import queries as meetings
from learnhub.meetings.queries import DutyState, Entry, MeetingValue
from learnhub.meetings.rules import Owner, State, work_list_since
from learnhub.members import queries as members
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue
from learnhub.records import queries as records

# A theme day is told of from so many days before it.
AHEAD = dt.timedelta(days=7)
# A member is told of a meeting from so long before it begins.
LEAD = dt.timedelta(days=2)


@dataclasses.dataclass(frozen=True, slots=True)
class BranchWork:
    """A branch's work on a day. No names, and no figure but of what is still to be done.

    `soon` are theme days within the week, `unfinished` those whose day has come without a finished record; `absences`
    counts missed meetings without a make-up or a home visit, `objections` those that wait for an answer.
    """

    organization: OrganizationValue
    month: str
    unscheduled: bool
    soon: tuple[MeetingValue, ...]
    unfinished: tuple[MeetingValue, ...]
    duties: tuple[DutyState, ...]
    absences: int
    objections: int


@dataclasses.dataclass(frozen=True, slots=True)
class MeetingNotice:
    """A meeting that a member may be told of, as it stands, and the name of the branch."""

    entry: Entry
    branch: str

    @property
    def subject(self) -> str:
        """What a message about it is called: another one once it is moved or cancelled."""
        return f"meeting:{self.entry.meeting.id}:{self.entry.sequence}"


def branch_work(session: Session, organization: OrganizationValue, day: dt.date) -> BranchWork:
    """What the branch's recorder has before them on `day`."""
    month = clock.month_of(day)
    before = clock.next_month(month, -1)
    months = dict.fromkeys((before, month, clock.month_of(day + AHEAD)))
    days = {each: meetings.theme_day(session, organization.id, each) for each in months}
    open_days = [each for each in days.values() if each and each.state is not State.FINISHED]
    due = meetings.due(session, organization.id, meetings.shape(session, organization, day), month)
    return BranchWork(
        organization=organization,
        month=month,
        unscheduled=days[month] is None,
        soon=tuple(each for each in open_days if day <= each.occasion.day <= day + AHEAD and not each.occasion.called),
        unfinished=tuple(each for each in open_days if each.occasion.day < day or each.occasion.called),
        duties=tuple(each for each in due if each.meeting is None and each.explanation is None and each.last == month),
        absences=sum(
            each.follow_up is None for each in meetings.missed(session, organization.id, work_list_since(day))
        ),
        objections=records.waiting_objections(session, [organization.id], above=False),
    )


def coming(session: Session, member_id: int, at: dt.datetime) -> tuple[MeetingNotice, ...]:
    """The meetings of the member's branch that begin within two days after `at`, cancelled ones too."""
    day = clock.local(at).date()
    member = members.members_by_id(session, [member_id], day).get(member_id)
    if member is None or member.organization_id is None:
        return ()
    branch = organizations.organization(session, member.organization_id, day)
    found = meetings.entries(session, Owner(member_id=member_id), day)
    near = [each for each in found if at < each.meeting.occasion.starts_at <= at + LEAD]
    return tuple(MeetingNotice(each, branch.name if branch else "") for each in near)
