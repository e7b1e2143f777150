"""What tests of the verbs of meetings share: scheduling, calling, and what came of it."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from learnhub.attendance.rules import LeaveReason, Outcome, RollMark
from learnhub.attendance.service import Saving
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.meetings import queries, service
from learnhub.meetings.rules import (
    MeetingKind,
    Minutes,
    State,
)
from tests.cast import WILLOW

Acts = Callable[..., Act]
THEME = {MeetingKind.THEME_DAY}
SICK = RollMark(Outcome.LEAVE, LeaveReason.SICK)


def at(day: int, hour: int = 9, minute: int = 0, month: int = 11) -> dt.datetime:
    return clock.instant(dt.date(2026, month, day), dt.time(hour, minute))


def schedule(session: Session, act: Act, **changes: object) -> int:
    starts = changes.pop("starts_at", at(20))
    plain = {
        "organization_id": WILLOW,
        "month": "2026-11",
        "kinds": THEME,
        "theme": "把时间还给群众",
        "starts_at": starts,
        "ends_at": starts + dt.timedelta(hours=2),
        "place": "党群服务中心",
        "minutes": Minutes("周戊", lesson="少填一张表，多走一户门"),
    }
    return service.schedule(session, act, **{**plain, **changes})


def call(session: Session, act: Act, meeting_id: int, base: int = 0, **changes: object) -> int:
    meeting = queries.meeting(session, meeting_id)
    assert meeting is not None
    shown = changes.pop("shown", [each.id for each in queries.expected(session, meeting)])
    saving = Saving(**{"marks": {}, "base_version": base, **changes})
    return service.call_roll(session, act, meeting_id=meeting_id, shown=shown, saving=saving).version


def state(session: Session, meeting_id: int) -> State:
    found = queries.meeting(session, meeting_id)
    assert found is not None
    return found.state
