"""Rows of tables as plain named tuples: the fields are the columns' names, in the words of the rooms they belong to."""

import datetime as dt
from typing import Any, NamedTuple

from learnhub.accounts.rules import Role
from learnhub.attendance.rules import FollowUpKind, LeaveReason, Outcome
from learnhub.meetings.rules import MeetingKind
from learnhub.members.rules import CircumstanceKind, PostKind, Sex
from learnhub.organizations.rules import Domain, OrganizationKind
from learnhub.records.rules import CompletionWay, CreditKind
from learnhub.training.batches.rules import BatchKind, SessionKind
from learnhub.training.recognition.rules import EvidenceClass

FOREVER = dt.date.max  # the same day as `core.orm.FOREVER`, which stands with the database


class OrganizationRow(NamedTuple):
    """A Party organization."""

    id: int
    code: str
    name: str
    kind: OrganizationKind
    domain: Domain | None
    position: int
    founded_on: dt.date
    dissolved_on: dt.date = FOREVER


class LinkRow(NamedTuple):
    """Where an organization hangs in the tree."""

    organization_id: int
    parent_id: int
    valid_from: dt.date
    valid_to: dt.date = FOREVER


class MemberRow(NamedTuple):
    """A member."""

    id: int
    code: str
    name: str
    search_key: str
    sort_key: str
    sex: Sex
    birth_month: str
    joined_on: dt.date
    full_on: dt.date | None


class MembershipRow(NamedTuple):
    """The branch a member belongs to."""

    member_id: int
    organization_id: int
    valid_from: dt.date
    valid_to: dt.date = FOREVER


class PostRow(NamedTuple):
    """A post a member holds."""

    member_id: int
    organization_id: int
    kind: PostKind
    valid_from: dt.date
    valid_to: dt.date = FOREVER


class CircumstanceRow(NamedTuple):
    """A circumstance of a member."""

    member_id: int
    kind: CircumstanceKind
    reason: str
    valid_from: dt.date
    valid_to: dt.date = FOREVER


class AccountRow(NamedTuple):
    """Somebody who may sign in, by a link only."""

    id: int
    login_name: str
    name: str
    member_id: int | None
    created_at: dt.datetime


class BindingRow(NamedTuple):
    """A role held at an organization."""

    account_id: int
    organization_id: int
    role: Role
    valid_from: dt.date
    valid_to: dt.date = FOREVER


class HabitRow(NamedTuple):
    """A branch's fixed day."""

    organization_id: int
    day_of_month: int
    starts: dt.time
    minutes: int
    place: str
    chair: str


class OccasionRow(NamedTuple):
    """Something with a roll."""

    id: int
    organization_id: int
    title: str
    place: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    day: dt.date
    credit_kind: CreditKind
    quarters: int
    basis: str
    roll_version: int = 0
    finished_at: dt.datetime | None = None
    finished_by: int | None = None


class AttendanceRow(NamedTuple):
    """One member's outcome at one occasion."""

    occasion_id: int
    member_id: int
    outcome: Outcome
    leave_reason: LeaveReason | None
    reason: str
    noted_at: dt.datetime
    noted_by: int


class FollowUpRow(NamedTuple):
    """A make-up or a home visit."""

    occasion_id: int
    member_id: int
    kind: FollowUpKind
    day: dt.date
    visitor: str
    content: str
    noted_at: dt.datetime
    noted_by: int


class CreditRow(NamedTuple):
    """Credit hours of one member from one source."""

    member_id: int
    kind: CreditKind
    quarters: int
    day: dt.date
    title: str
    source: str
    basis: str
    noted_at: dt.datetime
    noted_by: int


class CompletionRow(NamedTuple):
    """A member completed a training task."""

    member_id: int
    subject: str
    source: str
    way: CompletionWay
    completed_on: dt.date
    title: str
    noted_at: dt.datetime
    noted_by: int


class RecognitionRow(NamedTuple):
    """Study elsewhere that was recognised for a task."""

    id: int
    task_id: int
    member_id: int
    way: CompletionWay
    title: str
    organizer: str
    starts_on: dt.date
    ends_on: dt.date
    quarters: int
    evidence: EvidenceClass
    reference: str
    noted_at: dt.datetime
    noted_by: int
    approved_at: dt.datetime
    approved_by: int


class MeetingRow(NamedTuple):
    """What a meeting was about."""

    id: int
    organization_id: int
    occasion_id: int
    month: str
    theme_day_of: str | None
    theme: str
    chair: str
    recorder: str
    lesson: str
    lecturer: str
    film: str
    film_source: str
    practice: str
    practice_people: int | None
    agenda: str
    decisions: str
    summary: str
    late_reason: str
    scheduled_at: dt.datetime
    scheduled_by: int


class MeetingKindRow(NamedTuple):
    """One of the kinds a meeting is."""

    meeting_id: int
    kind: MeetingKind


class TaskRow(NamedTuple):
    """A training task."""

    id: int
    organization_id: int
    title: str
    starts_on: dt.date
    ends_on: dt.date
    quarters: int
    basis: str
    audience: dict[str, Any]
    leave_part: int
    pass_percent: int | None
    opened_at: dt.datetime
    opened_by: int


class BatchRow(NamedTuple):
    """A batch of a task."""

    id: int
    task_id: int
    organization_id: int
    kind: BatchKind
    title: str
    place: str
    starts_on: dt.date
    ends_on: dt.date
    capacity: int
    quiz_course: str | None
    leave_part: int
    pass_percent: int | None
    opened_at: dt.datetime
    opened_by: int
    closed_at: dt.datetime | None
    closed_by: int | None


class BatchSessionRow(NamedTuple):
    """One session of a batch."""

    batch_id: int
    occasion_id: int
    kind: SessionKind
    lecturer: str
    course: str | None


class PlaceRow(NamedTuple):
    """A member's place in a batch."""

    batch_id: int
    member_id: int
    noted_at: dt.datetime
    noted_by: int


class ResultRow(NamedTuple):
    """The result of a completion test on paper."""

    batch_id: int
    member_id: int
    percent: int
    noted_at: dt.datetime
    noted_by: int
