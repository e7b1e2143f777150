"""How often published rules have each kind of meeting held, shipped with the program; a county adds its own."""

import datetime as dt

from sqlalchemy.orm import Session

from learnhub.core.orm import FOREVER
from learnhub.meetings import queries
from learnhub.meetings.models import DutyRule
from learnhub.meetings.rules import MeetingKind

_SINCE = dt.date(2018, 10, 28)
_REGULATION = "《中国共产党支部工作条例（试行）》"
# Kind, months of its period, basis.
PUBLISHED_DUTIES = (
    (MeetingKind.COMMITTEE, 1, f"{_REGULATION}第十二条：支部委员会会议一般每月召开一次"),
    (MeetingKind.GROUP, 1, f"{_REGULATION}第十三条：党小组会一般每月召开一次"),
    (MeetingKind.GENERAL, 3, f"{_REGULATION}第十一条：支部党员大会一般每季度召开一次"),
    (MeetingKind.ORGANIZATIONAL_LIFE, 12, f"{_REGULATION}：组织生活会一般每年召开一次"),
    (MeetingKind.APPRAISAL, 12, f"{_REGULATION}：民主评议党员一般每年开展一次"),
    (MeetingKind.TALK, 12, f"{_REGULATION}：谈心谈话每年一般不少于一次"),
)


def load_published_duties(session: Session) -> int:
    """Write the published rules of kinds that have none on record; returns how many. Loading twice changes nothing."""
    missing = [each for each in PUBLISHED_DUTIES if queries.newest_duty_rule(session, each[0]) is None]
    session.add_all(
        DutyRule(kind=kind, months=months, basis=basis, valid_from=_SINCE, valid_to=FOREVER)
        for kind, months, basis in missing
    )
    session.flush()
    return len(missing)
