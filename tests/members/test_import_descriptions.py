"""Names, kinds and domains that come by import hold from its day on: no past figure changes, and undoing gives them back."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.members import service
from learnhub.organizations import queries
from learnhub.organizations import service as organizations
from learnhub.organizations.rules import Domain, OrganizationKind
from learnhub.reports import queries as reports
from learnhub.reports.rules import Column
from tests import cast
from tests.members.files import csv_bytes
from tests.members.test_import import imported, previewed, said
from tests.training.test_service import a_task

Acts = Callable[..., Act]
DECEMBER, DAY = dt.date(2026, 12, 1), dt.timedelta(days=1)
HEADER = ["编码", "名称", "类型", "领域", "上级编码"]


def sheet(name: str, domain: str, kind: str = "党支部") -> bytes:
    return csv_bytes([HEADER, ["ORG-005", name, kind, domain, "ORG-002"]])


def bridge(session: Session, day: dt.date) -> tuple[object, ...]:
    session.expire_all()
    found = queries.organization(session, cast.BRIDGE, day)
    assert found is not None
    return found.name, found.kind, found.domain


OLD = ("桥头村党支部", OrganizationKind.BRANCH, Domain.RURAL)
NEW = ("桥头社区党支部", OrganizationKind.BRANCH, Domain.COMMUNITY)


def test_a_domain_from_december_leaves_november_as_it_was(session: Session, act: Acts) -> None:
    """Found when it took seven members out of June's table and put December's name on it."""
    task_id = a_task(session, act("organizer"))

    def rural(day: dt.date) -> tuple[int, list[str]]:
        question = reports.ask(session, task_id, cast.WILLOW_TOWN, day, Domain.RURAL)
        table = reports.coverage(session, question)
        assert table == reports.counted_live(session, question)
        return table.total.figures[Column.HEADS], [row.name for row in table.rows]

    before = rural(cast.TODAY)
    imported(session, act("organizer"), sheet("桥头社区党支部", "街道社区"), on=DECEMBER)
    assert rural(cast.TODAY) == before and before[0] == 13 and "桥头村党支部" in before[1]
    heads, names = rural(DECEMBER)
    assert heads == 9 and "桥头社区党支部" in names
    assert [bridge(session, day) for day in (cast.SINCE, DECEMBER - DAY, DECEMBER)] == [OLD, OLD, NEW]
    again = previewed(session, sheet("桥头社区党支部", "街道社区"), on=DECEMBER)
    assert not again.changes_anything
    assert not previewed(session, sheet("桥头村党支部", "农村"), on=cast.TODAY).changes_anything


def test_undoing_gives_the_old_words_back(session: Session, act: Acts) -> None:
    imported(session, act("organizer"), sheet("桥头社区党支部", "街道社区"), on=cast.TODAY)
    imported(session, act("organizer"), sheet("桥头社区联合党支部", "其他", "联合党支部"), on=DECEMBER)
    service.undo(session, act("organizer"), root_id=cast.COUNTY, on=DECEMBER)
    assert [bridge(session, day) for day in (cast.TODAY - DAY, cast.TODAY, DECEMBER)] == [OLD, NEW, NEW]
    assert len(queries.former_descriptions(session, [cast.BRIDGE])[cast.BRIDGE]) == 1


def test_what_was_described_anew_since_is_not_undone(session: Session, act: Acts) -> None:
    """Though the organization is called again as the import called it."""
    imported(session, act("organizer"), sheet("桥头社区党支部", "街道社区"), on=cast.TODAY)
    for name, day in (("新名党支部", cast.TODAY + DAY), ("桥头社区党支部", cast.TODAY + 2 * DAY)):
        organizations.describe(
            session, act("organizer"), organization_id=cast.BRIDGE, name=name, domain=Domain.COMMUNITY, on=day
        )
        session.flush()
    with pytest.raises(DomainError, match="又有改动"):
        service.undo(session, act("organizer"), root_id=cast.COUNTY, on=DECEMBER)


def test_a_roster_of_before_a_change_does_not_overwrite_it(session: Session, act: Acts) -> None:
    imported(session, act("organizer"), sheet("桥头社区党支部", "街道社区"), on=DECEMBER)
    plan = previewed(session, sheet("桥头新村党支部", "农村"), on=cast.TODAY)
    assert said(plan) == ["2 名称: 名册日期之后它的名称、类型或领域还有变动，不能倒着改。"]
