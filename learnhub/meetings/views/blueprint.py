"""The blueprint of meetings, and what its pages share."""

from flask import Blueprint, request
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.attendance.rules import FOLLOW_UP_LABELS, OUTCOME_LABELS
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.meetings import queries
from learnhub.meetings.queries import MeetingValue
from learnhub.meetings.rules import KIND_LABELS, STATE_LABELS, State
from learnhub.meetings.rules.decisions import PROGRESS_LABELS, Progress
from learnhub.meetings.rules.duties import HELD_LABELS, Held
from learnhub.members.rules import CIRCUMSTANCE_LABELS, POST_LABELS, SEX_LABELS
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue

bp = Blueprint("meetings", __name__, template_folder="../templates")


@bp.context_processor
def _words() -> dict[str, object]:
    """The words of meetings for every template of the room."""
    return {
        "KIND_LABELS": KIND_LABELS,
        "STATE_LABELS": STATE_LABELS,
        "State": State,
        "HELD_LABELS": HELD_LABELS,
        "Held": Held,
        "PROGRESS_LABELS": PROGRESS_LABELS,
        "Progress": Progress,
        "SEX_LABELS": SEX_LABELS,
        "POST_LABELS": POST_LABELS,
        "CIRCUMSTANCE_LABELS": CIRCUMSTANCE_LABELS,
        "OUTCOME_LABELS": OUTCOME_LABELS,
        "FOLLOW_UP_LABELS": FOLLOW_UP_LABELS,
    }


def found(session: Session, meeting_id: int) -> MeetingValue:
    """The meeting, or NotFound."""
    meeting = queries.meeting(session, meeting_id)
    if meeting is None:
        raise NotFound(N_("没有这次会议。"))
    return meeting


def asked_place(session: Session, *, branch: bool | None = None) -> OrganizationValue:
    """The organization that the guard let this request in for, as of today; `branch` says that it must be one, or none.

    Raises NotFound otherwise.
    """
    place = organizations.organization(session, guards.place(), clock.today())
    if place is None or (branch is not None and place.is_branch is not branch):
        raise NotFound(N_("没有这个党支部。") if branch else N_("没有这个组织。"))
    return place


def asked_month() -> str:
    """The month asked for by `month=`, else the present one."""
    text = request.values.get("month", "")
    return text if clock.is_month(text) else clock.month_of(clock.today())


def may_run(session: Session) -> bool:
    """Whether the visitor also keeps the records of the place that the guard let this request in for."""
    held = guards.visitor().organizations(Permission.RUN_MEETINGS)
    return bool(held) and organizations.covers(session, held, guards.place(), clock.today())
