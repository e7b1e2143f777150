"""A coverage broken down by kinds of members, each with both rates and what they are shares of; one statement."""

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column, select
from sqlalchemy.orm import Session

from learnhub.core.text import N_
from learnhub.members.models import Member
from learnhub.members.rules import SEX_LABELS, Sex
from learnhub.organizations import queries as organizations
from learnhub.organizations.models import Organization
from learnhub.organizations.rules import DOMAIN_LABELS
from learnhub.reports.queries import facts
from learnhub.reports.queries.facts import Question
from learnhub.reports.rules import NONE, Column, Figures
from learnhub.reports.rules.breakdown import BAND_ENDS, BANDS, By, Part, born_until

_POSTS = (N_("党支部书记"), N_("支委会其他成员"), N_("其他党员"))
_NO_DOMAIN = N_("没有登记领域")


def breakdown(session: Session, question: Question) -> list[Part]:
    """The parts of a coverage in the order of the ways and of the kinds within each; kinds of nobody are left out.

    In each way the parts sum to the total of the coverage, column by column.
    """
    found, then = facts.everybody(session, question), organizations.Described(question.day)
    keys = (
        Member.sex,
        _band(question),
        found.c[Column.MOBILE.value],
        found.c[Column.PROBATIONARY.value],
        _post(found),
        then.domain,
    )
    sums = [func.sum(facts.flag(facts.counted(found, column))) for column in Column]
    rows = session.execute(
        select(*keys, *sums)
        .select_from(found)
        .join(Member, Member.id == found.c.member_id)
        .join(Organization, Organization.id == found.c.organization_id)
        .outerjoin(then.former, then.on)
        .group_by(*_positions(len(keys)))
    )
    added: dict[tuple[By, Any], Figures] = defaultdict(lambda: NONE)
    for row in rows:
        figures = Figures(dict(zip(Column, row[len(keys) :], strict=True)))
        for by, value in zip(By, row[: len(keys)], strict=True):
            added[by, value] += figures
    return [
        Part(by, label, added[by, value]) for by in By for value, label in _kinds()[by].items() if (by, value) in added
    ]


def _positions(count: int) -> list[ColumnElement[int]]:
    """The first `count` columns by their number: the expressions hold parameters, which PostgreSQL takes for others."""
    return [literal_column(str(number + 1)) for number in range(count)]


def _band(question: Question) -> ColumnElement[int]:
    """The number of the age band: how many bands end below the member's age."""
    older = [facts.flag(Member.birth_month <= born_until(end + 1, question.day)) for end in BAND_ENDS]
    total = older[0]
    for each in older[1:]:
        total = total + each
    return total


def _post(found: Any) -> ColumnElement[int]:
    secretary, committee = (found.c[column.value] == 1 for column in (Column.SECRETARIES, Column.COMMITTEE))
    return case((secretary, 0), (committee, 1), else_=2)


def _kinds() -> dict[By, dict[Any, str]]:
    """The kinds of each way of breaking down, in order."""
    return {
        By.SEX: {sex: SEX_LABELS[sex] for sex in Sex},
        By.AGE: dict(enumerate(BANDS)),
        By.MOBILE: {1: N_("流动党员"), 0: N_("不是流动党员")},
        By.PROBATIONARY: {1: N_("预备党员"), 0: N_("正式党员")},
        By.POST: dict(enumerate(_POSTS)),
        By.DOMAIN: {**DOMAIN_LABELS, None: _NO_DOMAIN},
    }
