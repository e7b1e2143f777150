"""Who one level down may need help: in organization order, by words, never by number."""

import dataclasses
import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.meetings.models import HelpRequest
from learnhub.meetings.queries.levels import theme_days_below
from learnhub.meetings.rules import State
from learnhub.meetings.rules.work import Lack, ThemeDayDone, lacks
from learnhub.members.queries.branch_heads import standing_branches
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue


@dataclasses.dataclass(frozen=True, slots=True)
class HelpValue:
    """What a branch asks help with, and since when."""

    words: str
    noted_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Need:
    """A direct sub-organization that may need help.

    For a branch `lacks` are its own and `help` its own words. For a committee `lacks` are those of any branch below and
    `asked` says whether one asks for help; whose they are is seen by the level between.
    """

    organization: OrganizationValue
    lacks: tuple[Lack, ...]
    help: HelpValue | None
    asked: bool


_COLUMNS = (HelpRequest.words, HelpRequest.noted_at)


def asked_help(session: Session, organization_id: int) -> HelpValue | None:
    """What the branch asks help with at present, or None."""
    statement = select(*_COLUMNS).where(
        HelpRequest.organization_id == organization_id, HelpRequest.withdrawn_at.is_(None)
    )
    row = session.execute(statement).first()
    return HelpValue(*row) if row else None


def held_help(session: Session, organization_id: int) -> HelpRequest | None:
    """The row of what the branch asks at present, held against other writers; None when it asks nothing."""
    statement = select(HelpRequest).where(
        HelpRequest.organization_id == organization_id, HelpRequest.withdrawn_at.is_(None)
    )
    return session.scalar(statement.with_for_update())


def needs(session: Session, organization_id: int, day: dt.date) -> tuple[Need, ...]:
    """The direct sub-organizations on `day` that may need help, in organization order; only branches that stand.

    Four statements, however large the tree is.
    """
    month = clock.month_of(day)
    before = clock.next_month(month, -1)
    tree = organizations.whole_tree(session, organization_id, day)
    stood, standing = standing_branches(session, organization_id, day, [clock.last_day(before), day])
    done = {
        each: ThemeDayDone(found.day, found.state is State.FINISHED)
        for each, found in theme_days_below(session, organization_id, (before, month), day).items()
    }
    asks = _requests(session, organization_id, day)
    needing = []
    for part in organizations.parts(tree):
        branches = [each.id for each in part if each.id in standing]
        lacking = {
            lack
            for each in branches
            for lack in lacks(done.get((each, before)), done.get((each, month)), stood=each in stood, day=day)
        }
        asked = any(each in asks for each in branches)
        if lacking or asked:
            top = part[0]
            own = asks.get(top.id) if top.is_branch else None
            needing.append(Need(top, tuple(each for each in Lack if each in lacking), own, asked))
    return tuple(needing)


def _requests(session: Session, organization_id: int, day: dt.date) -> dict[int, HelpValue]:
    below = organizations.subtree([organization_id], day)
    statement = (
        select(HelpRequest.organization_id, *_COLUMNS)
        .join(below, below.c.id == HelpRequest.organization_id)
        .where(HelpRequest.withdrawn_at.is_(None))
    )
    return {branch: HelpValue(*rest) for branch, *rest in session.execute(statement)}
