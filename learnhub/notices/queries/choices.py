"""What each person asked for, and whether they still are who they were."""

import dataclasses
import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.accounts import queries as accounts
from learnhub.accounts.rules import Role
from learnhub.core import orm
from learnhub.core.text import N_
from learnhub.notices.models import NoticeChoice
from learnhub.notices.rules import ChoiceValue
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue

_FIELDS = tuple(each.name for each in dataclasses.fields(ChoiceValue))


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Who a person is to notices: a recorder of these branches, a member (None for who is none)."""

    branches: tuple[OrganizationValue, ...]
    member_id: int | None


def value(row: NoticeChoice) -> ChoiceValue:
    """The row as a plain value."""
    return ChoiceValue(**{name: getattr(row, name) for name in _FIELDS})


def choice_of(session: Session, account_id: int) -> ChoiceValue | None:
    """What this account asked for, or None when it never did."""
    row = session.scalar(select(NoticeChoice).where(NoticeChoice.account_id == account_id))
    return value(row) if row else None


def held_choice(session: Session, *, choice_id: int = 0, account_id: int = 0) -> NoticeChoice:
    """A choice by its id or its account, held against other writers until the transaction ends; raises NotFound."""
    own = NoticeChoice.id == choice_id if choice_id else NoticeChoice.account_id == account_id
    return orm.held(session, select(NoticeChoice).where(own), N_("还没有设过提醒。"))


def due_choice(session: Session, at: dt.datetime) -> NoticeChoice | None:
    """The choice that has waited longest for a look, held against other workers; None when none is due."""
    statement = (
        select(NoticeChoice)
        .where(
            NoticeChoice.look_at <= at,
            NoticeChoice.confirmed_at.is_not(None),
            NoticeChoice.paused_at.is_(None),
            NoticeChoice.ended_at.is_(None),
        )
        .order_by(NoticeChoice.look_at, NoticeChoice.id)
        .limit(1)
    )
    return session.scalar(statement.with_for_update(skip_locked=True).execution_options(populate_existing=True))


def stands_as(session: Session, account_id: int, day: dt.date) -> Standing | None:
    """Who the account is on `day`; None once it is disabled.

    Only a role bound to a branch itself makes its recorder: whoever stands above the branch is told nothing of it.
    """
    holder = accounts.holder(session, account_id, day)
    if holder is None:
        return None
    places = [each.organization_id for each in holder.bindings if each.role is Role.RECORDER]
    found = (organizations.organization(session, each, day) for each in dict.fromkeys(places))
    return Standing(tuple(each for each in found if each is not None and each.is_branch), holder.member_id)
