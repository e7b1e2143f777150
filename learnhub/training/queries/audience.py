"""The rule of whom a task is for (`training.rules.Audience`), said in SQL over members on a day.

Every list and every count goes by it. `Audience.includes` says the same of facts at hand; a test on random worlds holds
the two together.
"""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, or_

from learnhub.members.queries import conditions as members
from learnhub.training.rules import Audience, MemberKind, months_before


def same_stage(audience: Audience, day: dt.date, completed_on: Any) -> list[ColumnElement[bool]]:
    """What the day of a completion (a column) must meet to cover the stage a member is in.

    On probation any does, afterwards a later one.
    """
    if audience.full_months is None:
        return []
    return [or_(members.probationary(day), members.full_by(completed_on))]


def audience_conditions(audience: Audience, day: dt.date) -> list[ColumnElement[bool]]:
    """What a member must meet on `day`, but for the domain of the branch."""
    found: list[ColumnElement[bool]] = []
    probationary = members.probationary(day)
    if len(audience.kinds) == 1:
        found.append(probationary if MemberKind.PROBATIONARY in audience.kinds else ~probationary)
    if audience.full_months is not None:
        found.append(or_(probationary, members.full_since(months_before(day, audience.full_months))))
    if audience.posts or audience.post_months is not None:
        since = None if audience.post_months is None else months_before(day, audience.post_months)
        found.append(members.holds_post(audience.posts, day, since))
    if audience.circumstances:
        found.append(members.lives_in(audience.circumstances, day))
    return found
