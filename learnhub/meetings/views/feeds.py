"""Calendar links: the pages that open and end them, and the calendar itself (RFC 5545)."""

import datetime as dt
import uuid

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.meetings import queries, service
from learnhub.meetings.forms import EmptyForm
from learnhub.meetings.queries import Entry
from learnhub.meetings.rules import KIND_LABELS, Owner, State
from learnhub.meetings.views.blueprint import bp
from learnhub.organizations import queries as organizations
from learnhub.web.db import db
from learnhub.web.downloads import disposition
from learnhub.web.errors import back_to, say

# How often a client that asks may look again.
REFRESH = dt.timedelta(hours=6)


@bp.route("/meetings/calendar-link", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def branch_feed() -> ResponseReturnValue:
    """The branch's secret calendar link: open, renew, end."""
    session = db.session()
    branch = organizations.organization(session, guards.place(), clock.today())
    if branch is None or not branch.is_branch:
        raise NotFound(N_("没有这个党支部。"))
    owner = Owner(organization_id=branch.id)
    form = EmptyForm()
    if form.validate_on_submit():
        _write(session, owner)
        return back_to("meetings.branch_feed", organization=branch.id)
    return render_template(
        "meetings/feed.html", form=form, address=_address(session, owner), name=branch.name, organization=branch
    )


@bp.route("/my-calendar", methods=["GET", "POST"])
@guards.as_member
def member_feed() -> ResponseReturnValue:
    """The member's own secret calendar link: open, renew, end."""
    session = db.session()
    owner = Owner(member_id=guards.visitor().member_id)
    form = EmptyForm()
    if form.validate_on_submit():
        _write(session, owner)
        return back_to("meetings.member_feed")
    return render_template(
        "meetings/feed.html", form=form, address=_address(session, owner), name=_("我"), organization=None
    )


@bp.get("/calendars/<string:token>.ics")
@guards.public
def calendar(token: str) -> ResponseReturnValue:
    """The calendar behind a secret link; an unknown or revoked one answers 404."""
    session = db.session()
    owner = queries.feed_owner(session, token)
    if owner is None:
        raise NotFound(N_("这个日历链接不存在，或者已经停用。"))
    found = queries.entries(session, owner, clock.today())
    answer = Response(_calendar(found), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = disposition("learnhub.ics", inline=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


def _write(session: Session, owner: Owner) -> None:
    if request.form.get("do") == "end":
        service.end_feed(session, guards.act(), owner)
        say(_("链接已经停用，拿着它的人再也打不开。"))
    else:
        service.open_feed(session, guards.act(), owner)
        say(_("链接已经生成。"))
    session.commit()


def _address(session: Session, owner: Owner) -> str | None:
    token = queries.feed_token(session, owner)
    if token is None:
        return None
    # The configured address: behind a reverse proxy the request does not know the one that phones can reach.
    site = current_app.config["SETTINGS"].address or request.host_url
    return f"{site.rstrip('/')}{url_for('meetings.calendar', token=token)}"


def _calendar(found: tuple[Entry, ...]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//LearnHub//Meetings//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("组织生活"))
    calendar.add("x-wr-timezone", str(clock.zone()))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for each in found:
        calendar.add_component(_event(each))
    days = [clock.local(each.meeting.occasion.starts_at).date() for each in found]
    if days:
        years = min(days).year, max(days).year
        calendar.add_missing_timezones(first_date=dt.date(years[0], 1, 1), last_date=dt.date(years[1] + 2, 1, 1))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    meeting = entry.meeting
    event = Event()
    event.add("uid", _uid(entry))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", clock.local(meeting.occasion.starts_at))
    event.add("dtend", clock.local(meeting.occasion.ends_at))
    kinds = _("、").join(_(KIND_LABELS[kind]) for kind in meeting.kinds)
    event.add("summary", _("%(kinds)s：%(theme)s", kinds=kinds, theme=meeting.theme))
    event.add("location", meeting.occasion.place)
    words = meeting.minutes
    named = ((_("课"), words.lesson), (_("片"), words.film), (_("行"), words.practice))
    about = [_("%(name)s：%(title)s", name=name, title=title) for name, title in named if title]
    if about:
        event.add("description", "\n".join(about))
    event.add("status", "CANCELLED" if meeting.state is State.CANCELLED else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if meeting.state is State.CANCELLED else "OPAQUE")
    return event


def _uid(entry: Entry) -> str:
    """The same for ever, and another in every instance: it is made of what never changes of a meeting."""
    meeting = entry.meeting
    words = f"{meeting.id}:{meeting.organization_id}:{meeting.scheduled_at.isoformat()}"
    return str(uuid.uuid5(uuid.NAMESPACE_OID, words))
