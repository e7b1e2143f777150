"""The dated rules of credit hours and of the yearly need, whole."""

import dataclasses
import datetime as dt
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.organizations import queries as organizations
from learnhub.records.models import HourRule, YearlyNeed
from learnhub.records.rules import POST_LABELS, CreditKind

Rule = TypeVar("Rule", HourRule, YearlyNeed)


@dataclasses.dataclass(frozen=True, slots=True)
class RuleVersion:
    """One dated rule; `number` counts the rules of the same kind or post from the first."""

    number: int
    quarters: int
    basis: str
    valid_from: dt.date
    valid_to: dt.date

    def in_force(self, day: dt.date) -> bool:
        """Whether it holds on `day`."""
        return self.valid_from <= day < self.valid_to


def hour_rules(session: Session) -> dict[CreditKind, tuple[RuleVersion, ...]]:
    """Every rule by kind, oldest first, in the order of the kinds; a kind without a rule has none."""
    found: dict[CreditKind, list[HourRule]] = {kind: [] for kind in CreditKind}
    for row in session.scalars(select(HourRule).order_by(HourRule.valid_from, HourRule.id)):
        found[row.kind].append(row)
    return {kind: tuple(_version(*each) for each in enumerate(rows, 1)) for kind, rows in found.items()}


def yearly_needs(session: Session) -> dict[str, tuple[RuleVersion, ...]]:
    """Every yearly need by post (`any`, `committee`), oldest first."""
    found: dict[str, list[YearlyNeed]] = {post: [] for post in POST_LABELS}
    for row in session.scalars(select(YearlyNeed).order_by(YearlyNeed.valid_from, YearlyNeed.id)):
        found.setdefault(row.post, []).append(row)
    return {post: tuple(_version(*each) for each in enumerate(rows, 1)) for post, rows in found.items()}


def top(session: Session) -> int | None:
    """The organization above all others today, whose rules hold for everybody; a guard's place."""
    return next((each.id for each in organizations.roots(session, clock.today())), None)


def newest_hour_rule(session: Session, kind: CreditKind) -> HourRule | None:
    """The newest rule of a kind, held against other writers."""
    return _newest(session, HourRule, HourRule.kind == kind)


def newest_yearly_need(session: Session, post: str) -> YearlyNeed | None:
    """The newest need of a post, held against other writers."""
    return _newest(session, YearlyNeed, YearlyNeed.post == post)


def _newest(session: Session, table: type[Rule], asked: ColumnElement[bool]) -> Rule | None:
    statement = select(table).where(asked).order_by(table.valid_from.desc(), table.id.desc()).limit(1)
    return session.scalar(statement.with_for_update())


def _version(number: int, row: HourRule | YearlyNeed) -> RuleVersion:
    return RuleVersion(number, row.quarters, row.basis, row.valid_from, row.valid_to)
