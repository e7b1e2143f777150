"""New dated rules: what a unit is worth, and what a year needs. The former rule ends the day the new one begins."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.core.orm import FOREVER
from learnhub.core.text import N_
from learnhub.records import queries
from learnhub.records.models import HourRule, YearlyNeed
from learnhub.records.rules import MOST_QUARTERS, POST_LABELS, CreditKind


def add_hour_rule(
    session: Session, act: Act, *, kind: CreditKind, quarters: int, basis: str, valid_from: dt.date
) -> None:
    """From `valid_from` on, one unit of `kind` is worth `quarters` quarter hours, by `basis`.

    What was credited keeps the rule it was credited by. Raises DomainError for a day before this year or not after
    the beginning of the newest rule, for odd hours and without a basis.
    """
    if trail.earlier(session, act.key):
        return
    newest = queries.newest_hour_rule(session, kind)
    _add(session, act, newest, HourRule(kind=kind), quarters=quarters, basis=basis, valid_from=valid_from)
    audit.note(session, act, "records.hour_rule", f"kind:{kind.value}", quarters=quarters, day=valid_from.isoformat())


def add_yearly_need(session: Session, act: Act, *, post: str, quarters: int, basis: str, valid_from: dt.date) -> None:
    """From `valid_from` on, `post` (`any` or `committee`) needs `quarters` quarter hours a year, by `basis`.

    Raises DomainError as `add_hour_rule` does, and for a post there is no figure for.
    """
    if trail.earlier(session, act.key):
        return
    if post not in POST_LABELS:
        raise DomainError(N_("没有这一类。"), field="subject")
    newest = queries.newest_yearly_need(session, post)
    _add(session, act, newest, YearlyNeed(post=post), quarters=quarters, basis=basis, valid_from=valid_from)
    audit.note(session, act, "records.yearly_need", f"post:{post}", quarters=quarters, day=valid_from.isoformat())


def _add(
    session: Session,
    act: Act,
    newest: HourRule | YearlyNeed | None,
    row: HourRule | YearlyNeed,
    **values: Any,
) -> None:
    quarters, basis, valid_from = values["quarters"], values["basis"].strip(), values["valid_from"]
    if not 0 < quarters <= MOST_QUARTERS:
        raise DomainError(N_("学时要大于 0，不超过 1000。"), field="hours")
    if not basis:
        raise DomainError(N_("请填依据的文件或者计划。"), field="basis")
    if valid_from < dt.date(act.day.year, 1, 1):
        raise DomainError(N_("新规则最早从今年 1 月 1 日起执行。"), field="valid_from")
    if newest and valid_from <= newest.valid_from:
        raise DomainError(N_("新规则要晚于现有最新一条的执行日期。"), field="valid_from")
    if newest:
        newest.valid_to = min(newest.valid_to, valid_from)
    row.quarters, row.basis, row.valid_from, row.valid_to = quarters, basis, valid_from, FOREVER
    session.add(row)
    session.flush()
