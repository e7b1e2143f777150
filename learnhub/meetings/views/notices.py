"""The text of a meeting to paste into a WeChat group."""

from flask_babel import gettext as _

from learnhub.core import clock
from learnhub.meetings.queries import EarlierPlan, MeetingValue
from learnhub.meetings.rules import KIND_LABELS, State
from learnhub.meetings.rules.decisions import lines
from learnhub.organizations.queries import OrganizationValue
from learnhub.web import filters


def notice(meeting: MeetingValue, organization: OrganizationValue, earlier: tuple[EarlierPlan, ...]) -> str:
    """What to tell the members: lines of what, when and where, or that it is moved or cancelled; no names."""
    kinds = _("、").join(_(KIND_LABELS[kind]) for kind in meeting.kinds)
    words = {"branch": organization.name, "kinds": kinds}
    if meeting.state is State.CANCELLED:
        head = _("【%(branch)s】%(kinds)s取消", **words)
    else:
        head = _("【%(branch)s】%(kinds)s改期", **words) if earlier else _("【%(branch)s】%(kinds)s通知", **words)
    minutes = meeting.minutes
    named = [
        (_("主题"), meeting.theme),
        (_("时间"), _moment(meeting)),
        (_("地点"), meeting.occasion.place),
        (_("课"), minutes.lesson),
        (_("片"), minutes.film),
        (_("行"), minutes.practice),
        (_("议程"), _("；").join(lines(minutes.agenda))),
    ]
    said = [_("%(name)s：%(title)s", name=name, title=title) for name, title in named if title]
    return "\n".join([head, *said])


def _moment(meeting: MeetingValue) -> str:
    starts, ends = clock.local(meeting.occasion.starts_at), clock.local(meeting.occasion.ends_at)
    words = _(
        "%(day)s（%(weekday)s）%(starts)s—%(ends)s",
        day=filters.day(starts.date()),
        weekday=filters.weekday(starts.date()),
        starts=filters.time(starts.time()),
        ends=filters.time(ends.time()),
    )
    return str(words)
