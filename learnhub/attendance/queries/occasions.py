"""Occasions themselves."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Subquery, select
from sqlalchemy.orm import Session

from learnhub.attendance.models import Occasion
from learnhub.core import orm
from learnhub.core.text import N_
from learnhub.records.rules import CreditKind


@dataclasses.dataclass(frozen=True, slots=True)
class OccasionValue:
    """Something with a roll. Instants are UTC, `day` is the civil day that membership is asked for."""

    id: int
    organization_id: int
    title: str
    place: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    day: dt.date
    credit_kind: CreditKind
    quarters: int
    basis: str
    roll_version: int
    finished_at: dt.datetime | None
    finished_by: int | None
    cancelled_at: dt.datetime | None
    cancelled_because: str | None

    @property
    def called(self) -> bool:
        """Whether the roll has been called."""
        return self.roll_version > 0

    @property
    def source(self) -> str:
        """What its credits name as their source."""
        return f"occasion:{self.id}"


OCCASION = tuple(getattr(Occasion, each.name) for each in dataclasses.fields(OccasionValue))


def occasion_rows() -> Subquery:
    """Every occasion with the columns of `OccasionValue`, in that order, for rooms above to join by `id`."""
    return select(*OCCASION).subquery("occasion_rows")


def occasion(session: Session, occasion_id: int) -> OccasionValue | None:
    """The occasion, or None when there is none."""
    row = session.execute(select(*OCCASION).where(Occasion.id == occasion_id)).first()
    return OccasionValue(*row) if row else None


def occasions(session: Session, occasion_ids: Sequence[int]) -> dict[int, OccasionValue]:
    """The occasions by id."""
    rows = session.execute(select(*OCCASION).where(Occasion.id.in_(occasion_ids)))
    return {row.id: OccasionValue(*row) for row in rows}


def held(session: Session, occasion_id: int) -> Occasion:
    """The occasion's row, held against other writers until the transaction ends; raises NotFound."""
    return orm.held(session, select(Occasion).where(Occasion.id == occasion_id), N_("没有这次活动。"))
