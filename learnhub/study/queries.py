"""Questions to a member's own marks."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from learnhub.core.holding import Holding, holding
from learnhub.core.text import N_
from learnhub.study.models import Mark

_MARK = Mark.metadata.tables[Mark.__tablename__].c
_MARKS = select(_MARK.unit, _MARK.marked_at).where(
    _MARK.account_id == bindparam("account_id"),
    _MARK.unit.in_(bindparam("units", expanding=True, type_=String)),
)


def marks(session: Session, account_id: int, units: Collection[str]) -> dict[str, dt.datetime]:
    """When this account marked each of `units` as studied; those it did not mark are left out. One statement."""
    rows = session.connection().execute(_MARKS, {"account_id": account_id, "units": list(units)})
    return {row.unit: row.marked_at for row in rows}


def mark(session: Session, account_id: int, unit: str) -> Mark | None:
    """The row of one mark, for the service to change."""
    return session.scalar(select(Mark).where(Mark.account_id == account_id, Mark.unit == unit))


def about_person(session: Session, account_id: int, member_id: int | None) -> tuple[Holding, ...]:
    """The marks that this account made for itself."""
    return (holding(session, N_("我的标记"), Mark, Mark.account_id == account_id),)
