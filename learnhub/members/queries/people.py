"""People as lists name them: with their branch, sex and birth month, which tell those of one name apart."""

import dataclasses
import datetime as dt
from collections.abc import Collection

from sqlalchemy import Subquery, case, or_, select
from sqlalchemy.orm import Session

from learnhub.members.models import Member, Membership
from learnhub.members.queries import RosterMember
from learnhub.members.rules import Sex
from learnhub.organizations import queries as organizations


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A member as a list names them; `branch` is the name of the branch they belong to on the day asked for."""

    id: int
    code: str
    name: str
    sex: Sex
    birth_month: str
    branch: str


PERSON = tuple(field.name for field in dataclasses.fields(Person))


def people_below(organization_id: int, day: dt.date) -> Subquery:
    """Whoever belongs to a branch at or below `organization_id` on `day`, for statements of rooms above.

    Columns: those of `Person`, `search_key` and `sort_key`.
    """
    below = organizations.subtree([organization_id], day)
    names = organizations.names(day)
    return (
        select(
            Member.id,
            Member.code,
            Member.name,
            Member.sex,
            Member.birth_month,
            names.c.name.label("branch"),
            Member.search_key,
            Member.sort_key,
        )
        .join(Membership, Membership.member_id == Member.id)
        .join(below, below.c.id == Membership.organization_id)
        .join(names, names.c.id == Membership.organization_id)
        .where(Membership.valid_from <= day, Membership.valid_to > day)
        .subquery("people_below")
    )


def known_in(
    session: Session, organization_id: int, first: dt.date, last: dt.date, also: Collection[int]
) -> tuple[RosterMember, ...]:
    """Whoever belonged to the branch at any time from `first` to `last`, and the members `also`, in roster order.

    Without posts and circumstances, which belong to a day; `organization_id` is 0 for those who did not belong (one
    statement).
    """
    belonged = (
        select(Membership.member_id)
        .where(
            Membership.organization_id == organization_id,
            Membership.valid_from <= last,
            Membership.valid_to > first,
            Membership.valid_from < Membership.valid_to,
        )
        .distinct()
        .subquery("belonged")
    )
    statement = (
        select(
            Member.id,
            Member.code,
            Member.name,
            Member.sex,
            Member.birth_month,
            Member.joined_on,
            Member.full_on,
            case((belonged.c.member_id.is_not(None), organization_id), else_=0),
        )
        .outerjoin(belonged, belonged.c.member_id == Member.id)
        .where(or_(belonged.c.member_id.is_not(None), Member.id.in_(also)))
        .order_by(Member.sort_key, Member.id)
    )
    return tuple(RosterMember(*(*row, (), ())) for row in session.execute(statement))
