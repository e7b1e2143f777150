"""How many members each branch has, day by day, and so which branches stand."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from learnhub.members.models import Member, Membership
from learnhub.organizations import queries as organizations

Heads = tuple[tuple[int, int], ...]


def branch_heads(session: Session, organization_id: int, day: dt.date, days: Sequence[dt.date]) -> dict[int, Heads]:
    """Full members and all members of every branch at and below the organization on each of `days`, by branch.

    The tree is that of `day`; `days` go from early to late. A branch that had nobody then is left out (one statement).
    """
    below = organizations.subtree([organization_id], day)
    sums = []
    for each in days:
        belongs = and_(Membership.valid_from <= each, Membership.valid_to > each)
        sums.append(func.sum(case((and_(belongs, Member.full_on <= each), 1), else_=0)))
        sums.append(func.sum(case((belongs, 1), else_=0)))
    statement = (
        select(Membership.organization_id, *sums)
        .join(below, below.c.id == Membership.organization_id)
        .join(Member, Member.id == Membership.member_id)
        .where(Membership.valid_from <= days[-1], Membership.valid_to > days[0])
        .group_by(Membership.organization_id)
    )
    return {
        branch: tuple(zip(counts[::2], counts[1::2], strict=True)) for branch, *counts in session.execute(statement)
    }


def standing_branches(
    session: Session, organization_id: int, day: dt.date, days: Sequence[dt.date]
) -> tuple[frozenset[int], ...]:
    """The branches at and below the organization that stand on each of `days`, by the tree of `day` (one statement).

    A branch stands on a day when it hangs in the tree and somebody belongs to it: one whose members were merged into
    another owes nothing any more, whether it was dissolved or not. Every list and count of branches asks this.
    """
    heads = branch_heads(session, organization_id, day, days)
    return tuple(
        frozenset(branch for branch, counts in heads.items() if counts[number][1]) for number in range(len(days))
    )
