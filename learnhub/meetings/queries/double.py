"""Double organizational life (双重组织生活): where leading cadres took part, in their own branch and elsewhere."""

import dataclasses
import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.meetings.models import Meeting
from learnhub.members import queries as members
from learnhub.members.queries import RosterMember
from learnhub.members.rules import PostKind
from learnhub.organizations import queries as organizations


@dataclasses.dataclass(frozen=True, slots=True)
class TakenPart:
    """A meeting somebody took part in: which, when, about what, and whose; `place` is None for one's own branch."""

    meeting_id: int
    day: dt.date
    theme: str
    place: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class DoubleLife:
    """A leading cadre and the meetings of a year they took part in, by the day."""

    member: RosterMember
    own: tuple[TakenPart, ...]
    elsewhere: tuple[TakenPart, ...]


def double_life(session: Session, organization_id: int, day: dt.date) -> tuple[DoubleLife, ...]:
    """The leading cadres who belong to the branch on `day`, with the year until `day`; six statements.

    An organization is called what it was called on the day of its meeting.

    Whoever sat in elsewhere is on that organization's roll: the same meeting is read here, nothing is entered twice.
    依据：《关于新形势下党内政治生活的若干准则》：党员领导干部以普通党员身份参加所在党支部或者党小组组织生活。
    """
    roster = members.members_of(session, organization_id, day)
    cadres = [each for each in roster if PostKind.LEADING_CADRE in each.posts]
    if not cadres:
        return ()
    came = attendance.taken_part(session, [each.id for each in cadres], dt.date(day.year, 1, 1), day)
    names = organizations.names(day)
    statement = (
        select(Meeting.occasion_id, Meeting.id, Meeting.theme, names.c.name, Meeting.organization_id)
        .join(names, names.c.id == Meeting.organization_id)
        .where(Meeting.occasion_id.in_({occasion_id for _member_id, occasion_id, _day in came}))
    )
    found = {occasion_id: rest for occasion_id, *rest in session.execute(statement)}
    former = organizations.former_descriptions(session, {place for *_about, place in found.values()})
    taken: dict[int, list[TakenPart]] = {each.id: [] for each in cadres}
    for member_id, occasion_id, on in came:
        if occasion_id in found:
            meeting_id, theme, name, place = found[occasion_id]
            name = next((each.name for each in former.get(place, ()) if each.valid_from <= on < each.valid_to), name)
            taken[member_id].append(TakenPart(meeting_id, on, theme, None if place == organization_id else name))
    return tuple(
        DoubleLife(
            each,
            tuple(one for one in taken[each.id] if one.place is None),
            tuple(one for one in taken[each.id] if one.place is not None),
        )
        for each in cadres
    )
