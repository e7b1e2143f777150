"""A month of meetings: of one branch as a calendar, of everything below an organization as a table."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.meetings import queries
from learnhub.meetings.queries import MeetingValue
from learnhub.meetings.rules import calendar_days
from learnhub.meetings.views.blueprint import asked_month, bp, may_run
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue
from learnhub.web.db import db


@bp.get("/meetings")
@guards.requires(Permission.SEE_MEETINGS, at=guards.asked)
def meetings() -> ResponseReturnValue:
    """The meetings of a month: a branch's calendar, or the level below an organization."""
    session, month = db.session(), asked_month()
    line = organizations.ancestors(session, guards.place(), clock.today())
    if not line:
        raise NotFound(N_("没有这个组织。"))
    organization = line[-1]
    months = {"month": month, "before": clock.next_month(month, -1), "after": clock.next_month(month)}
    if organization.is_branch:
        return _branch_page(session, organization, month, months)
    rows = queries.level(session, organization.id, month, clock.today())
    above = [each for each in line[:-1] if _visible(session, each.id)]
    publishes = _visible(session, organization.id, Permission.PUBLISH_PACKS)
    return render_template(
        "meetings/level.html", organization=organization, above=above, rows=rows, publishes=publishes, **months
    )


def _branch_page(session: Session, organization: OrganizationValue, month: str, months: dict[str, str]) -> str:
    found = queries.for_month(session, organization.id, month)
    return render_template(
        "meetings/calendar.html",
        organization=organization,
        meetings=found,
        tallies=queries.tallies(session, found),
        days=calendar_days(month),
        by_day=_by_day(found),
        today=clock.today(),
        runs=may_run(session),
        **months,
    )


def _by_day(found: Iterable[MeetingValue]) -> dict[dt.date, list[MeetingValue]]:
    days: dict[dt.date, list[MeetingValue]] = defaultdict(list)
    for meeting in found:
        days[meeting.occasion.day].append(meeting)
    return dict(days)


def _visible(session: Session, organization_id: int, permission: Permission = Permission.SEE_MEETINGS) -> bool:
    held = guards.visitor().organizations(permission)
    return bool(held) and organizations.covers(session, held, organization_id, clock.today())
