"""One month of everything below an organization, in organization order."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.core import clock
from learnhub.meetings.models import Meeting
from learnhub.meetings.rules import State
from learnhub.members.queries.branch_heads import standing_branches
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue


@dataclasses.dataclass(frozen=True, slots=True)
class BranchMonth:
    """A branch's theme Party day of a month: which meeting, on which civil day and when, and how far it has come."""

    meeting_id: int
    day: dt.date
    starts_at: dt.datetime
    state: State


@dataclasses.dataclass(frozen=True, slots=True)
class LevelRow:
    """A direct sub-organization: how many branches stand in it, in how many the theme day is scheduled, and held.

    `scheduled` counts those that are not finished yet; `theme_day` is set for a branch itself.
    """

    organization: OrganizationValue
    branches: int
    scheduled: int
    finished: int
    theme_day: BranchMonth | None


def theme_days_below(
    session: Session, organization_id: int, months: Sequence[str], day: dt.date
) -> dict[tuple[int, str], BranchMonth]:
    """The theme days of `months` in every branch at and below the organization (its tree of `day`), by branch and month."""
    below = organizations.subtree([organization_id], day)
    occasion = attendance.occasion_rows()
    statement = (
        select(Meeting.organization_id, Meeting.theme_day_of, Meeting.id, *(occasion.c[name] for name in _NEEDED))
        .join(below, below.c.id == Meeting.organization_id)
        .join(occasion, occasion.c.id == Meeting.occasion_id)
        .where(Meeting.theme_day_of.in_(months))
    )
    return {
        (branch, month): BranchMonth(meeting_id, day, starts_at, _state(finished_at, version))
        for branch, month, meeting_id, day, starts_at, finished_at, version in session.execute(statement)
    }


def level(session: Session, organization_id: int, month: str, day: dt.date) -> tuple[LevelRow, ...]:
    """The direct sub-organizations as of `day` in organization order, with their branches' theme days of `month`.

    Branches are those that stood at the month's end (on `day` while the month lasts), or met in it; a branch that did
    neither has no row. Three statements, however large the tree is.
    """
    found = theme_days_below(session, organization_id, [month], day)
    months = {branch: theme_day for (branch, _month), theme_day in found.items()}
    tree = organizations.whole_tree(session, organization_id, day)
    (there,) = standing_branches(session, organization_id, day, [min(clock.last_day(month), day)])
    standing = there | months.keys()
    return tuple(
        _level_row(part, standing, months)
        for part in organizations.parts(tree)
        if part[0].id in standing or not part[0].is_branch
    )


_NEEDED = ("day", "starts_at", "finished_at", "roll_version")


def _state(finished_at: dt.datetime | None, version: int) -> State:
    if finished_at:
        return State.FINISHED
    return State.CALLED if version else State.SCHEDULED


def _level_row(
    part: Sequence[OrganizationValue], standing: Collection[int], months: dict[int, BranchMonth]
) -> LevelRow:
    branches = [each.id for each in part if each.is_branch and each.id in standing]
    states = [months[each].state for each in branches if each in months]
    finished = states.count(State.FINISHED)
    top = part[0]
    return LevelRow(top, len(branches), len(states) - finished, finished, months.get(top.id) if top.is_branch else None)
