"""Looking for members of other branches who sit in."""

import datetime as dt

from sqlalchemy.orm import Session

from learnhub.audit.queries import count_acts
from learnhub.audit.rules import Act
from learnhub.audit.service import note
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.meetings import queries
from learnhub.meetings.queries import Guest
from learnhub.meetings.rules import MOST_SEARCHES, TooManySearches

_SEARCH = "meeting.find-guests"


def find_guests(session: Session, act: Act, *, meeting_id: int, text: str) -> tuple[Guest, ...]:
    """Members of other branches by their whole name or code, to note that they sit in; who looked and found whom is noted.

    Codes can be counted through: raises TooManySearches beyond `MOST_SEARCHES` of one account for a branch in an hour.
    """
    meeting = queries.meeting(session, meeting_id)
    if meeting is None:
        raise NotFound(N_("没有这次会议。"))
    place, hour_ago = meeting.organization_id, act.at - dt.timedelta(hours=1)
    if count_acts(session, _SEARCH, actor_id=act.actor_id, organization_id=place, since=hour_ago) >= MOST_SEARCHES:
        raise TooManySearches()
    found = queries.guests_called(session, meeting, text)
    note(session, act, _SEARCH, f"meeting:{meeting.id}", place, members=[each.member.id for each in found])
    return found
