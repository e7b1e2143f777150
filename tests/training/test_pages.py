"""The organizer's journey through the pages, then every refusal."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.quiz.models import Attempt
from learnhub.records import queries as records
from learnhub.training.batches import queries as batches
from learnhub.training.batches.models import Batch
from learnhub.training.enrolment import queries as enrolment
from learnhub.training.results import queries as results
from learnhub.training.tasks import queries as tasks
from learnhub.training.tasks.models import Task
from tests import cast
from tests.pages import PageClient
from tests.training.test_service import DUE, a_task, roll_all

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]
TASK = {
    "title": "2026 年党员集中轮训",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "hours": "8",
    "basis": "县委组织部 2026 年党员教育培训计划",
    "leave_part": "7",
    "pass_percent": "60",
    "organization": str(cast.COUNTY),
}
BATCH = {
    "title": "第 1 期",
    "place": "县委党校第二教室",
    "starts_on": "2026-11-10",
    "ends_on": "2026-11-11",
    "capacity": "12",
    "organization": str(cast.COUNTY),
    "sessions-0-title": "村集体的账怎么看",
    "sessions-0-day": "2026-11-10",
    "sessions-0-starts": "14:00",
    "sessions-0-ends": "17:00",
    "sessions-0-lecturer": "县农业农村局",
    "sessions-0-course": "village-collective-economy",
    "sessions-0-hours": "4",
    "sessions-1-title": "结业测试和座谈",
    "sessions-1-day": "2026-11-11",
    "sessions-1-starts": "14:00",
    "sessions-1-ends": "17:00",
    "sessions-1-hours": "4",
}


def present(members: Any, absent: dict[int, str] | None = None) -> dict[str, Any]:
    """The fields of a roll: everybody here but the absent ones."""
    gone = absent or {}
    return {
        "member": [str(each) for each in members],
        "here": [str(each) for each in members if each not in gone],
        **{f"why-{each}": why for each, why in gone.items()},
    }


def as_seen(review: str) -> dict[str, str]:
    """What the form of the closing page sends: the list that was looked at, and that results are missing for good."""
    digest = re.search(r'name="seen" value="(\w+)"', review)
    assert digest
    return {"seen": digest[1], "without_results": "1"}


def test_the_organizer_trains_a_batch_from_opening_to_closing(client_as: Clients, session: Session) -> None:
    browser = client_as("organizer")
    opened = browser.send("/training/tasks/new", TASK)
    assert opened.status_code == 303
    (task_id,) = session.scalars(select(Task.id)).all()
    assert "还没有开班" in browser.page(opened.location)
    opened = browser.send(f"/training/tasks/{task_id}/batches/new", BATCH)
    assert opened.status_code == 303
    (batch_id,) = session.scalars(select(Batch.id)).all()
    page = browser.page(opened.location)
    assert "编入未训党员" in page
    assert "村集体的账怎么看" in page

    assert browser.send(f"/training/batches/{batch_id}/fill").location == f"/training/batches/{batch_id}"
    assert "编入了 12 人" in browser.page(f"/training/batches/{batch_id}")
    session.commit()
    assert batches.placed(session, batch_id) == DUE[:12]

    first, second = batches.sessions(session, batch_id)
    assert "赵甲" in browser.page(f"/training/sessions/{first.id}/roll")
    for sitting, gone in ((first, {}), (second, {3: "leave:official", 5: "absent"})):
        sent = browser.send(f"/training/sessions/{sitting.id}/roll", {"base_version": "0", **present(DUE[:12], gone)})
        assert sent.status_code == 303
    page = browser.page(f"/training/batches/{batch_id}")
    assert page.count("已登记") >= 2

    percents = {f"percent-{member}": "80" for member in DUE[:12]} | {"percent-4": "40", "percent-6": ""}
    assert browser.send(f"/training/batches/{batch_id}/results", percents).status_code == 303
    review = browser.page(f"/training/batches/{batch_id}/close")
    assert "8 人结业，4 人没有结业" in review
    for words in ("缺课超过允许的学时", "没有结业测试成绩", "结业测试没有合格"):
        assert words in review
    before = waiting(session, task_id)
    assert browser.send(f"/training/batches/{batch_id}/close", as_seen(review)).status_code == 303
    assert "8 人结业" in browser.page(f"/training/batches/{batch_id}")
    session.commit()
    done = set(DUE[:12]) - {3, 4, 5, 6}
    assert records.completed(session, f"task:{task_id}") == done
    assert waiting(session, task_id) == before | {3, 4, 5, 6}
    assert records.ledger(session, 1, 2026).total_quarters == 32
    assert "结业名单" in browser.page(f"/training/batches/{batch_id}/close")


def waiting(session: Session, task_id: int) -> set[int]:
    session.commit()
    task = tasks.task(session, task_id)
    assert task is not None
    return {each.id for each in enrolment.waiting(session, task, cast.COUNTY, cast.TODAY)}


def test_the_same_form_twice_is_one_act(client_as: Clients, session: Session) -> None:
    browser = client_as("organizer")
    twice = {**TASK, "key": "0123456789abcdef"}
    assert browser.send("/training/tasks/new", twice).location == browser.send("/training/tasks/new", twice).location
    (task_id,) = session.scalars(select(Task.id)).all()
    url = f"/training/tasks/{task_id}/batches/new"
    twice = {**BATCH, "key": "0123456789abcdef"}
    assert browser.send(url, twice).location == browser.send(url, twice).location
    (batch_id,) = session.scalars(select(Batch.id)).all()
    for _ in range(2):
        browser.send(f"/training/batches/{batch_id}/fill", {"key": "0123456789abcdef"})
    session.commit()
    assert len(batches.placed(session, batch_id)) == 12


def test_a_double_click_on_closing_closes_once(client_as: Clients, session: Session, act: Acts, batch_id: int) -> None:
    roll_all(session, act("organizer"), batch_id)
    session.commit()
    browser = client_as("organizer")
    review = browser.page(f"/training/batches/{batch_id}/close")
    once = {**as_seen(review), "key": "0123456789abcdef"}
    assert browser.send(f"/training/batches/{batch_id}/close", once).status_code == 303
    assert browser.send(f"/training/batches/{batch_id}/close", once).status_code == 303
    late = browser.send(f"/training/batches/{batch_id}/close")
    assert late.status_code == 409
    assert "已经结班" in late.text
    assert browser.send(f"/training/batches/{batch_id}/fill").status_code == 409


def test_closing_early_says_which_rolls_are_missing(client_as: Clients, batch_id: int) -> None:
    browser = client_as("organizer")
    assert "还有 2 次课没有点名" in browser.page(f"/training/batches/{batch_id}/close")
    assert browser.send(f"/training/batches/{batch_id}/close").status_code == 422


def test_a_missing_field_is_named_and_nothing_is_lost(client_as: Clients, session: Session) -> None:
    browser = client_as("organizer")
    answer = browser.send("/training/tasks/new", {**TASK, "title": "", "hours": "7.3"})
    assert answer.status_code == 422
    assert "请填名称" in answer.text
    assert "四分之一" in answer.text
    assert "县委组织部 2026 年党员教育培训计划" in answer.text
    assert browser.send("/training/tasks/new", {**TASK, "ends_on": "2025-01-01"}).status_code == 422
    assert session.scalar(select(func.count()).select_from(Task)) == 0


def test_a_half_filled_session_is_named(client_as: Clients, session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    session.commit()
    browser, url = client_as("organizer"), f"/training/tasks/{task_id}/batches/new"
    answer = browser.send(url, {**BATCH, "sessions-1-day": "", "sessions-0-ends": "13:00"})
    assert answer.status_code == 422
    assert "第 2 次课" in answer.text
    assert "结束时间要晚于开始时间" in answer.text
    assert session.scalar(select(func.count()).select_from(Batch)) == 0


def test_one_more_session(client_as: Clients, session: Session, batch_id: int) -> None:
    browser, url = client_as("organizer"), f"/training/batches/{batch_id}/sessions/new"
    browser.page(url)
    assert browser.send(url, {"title": "", "day": ""}).status_code == 422
    fields = {"title": "参观", "day": "2026-12-01", "starts": "09:00", "ends": "11:00", "hours": "2"}
    assert browser.send(url, fields).status_code == 303
    session.commit()
    assert [each.occasion.title for each in batches.sessions(session, batch_id)][-1] == "参观"
    assert "参观" in browser.page(f"/training/batches/{batch_id}")


def test_single_places(client_as: Clients, session: Session, batch_id: int) -> None:
    browser, url = client_as("organizer"), f"/training/batches/{batch_id}/places"
    assert "没有找到" in browser.page(f"{url}?q=没有这个人")
    page = browser.page(f"{url}?q=钱乙")
    assert "柳树村党支部" in page
    assert browser.send(url, {"member": "2"}).status_code == 303
    assert browser.send(url, {"member": "nobody"}).status_code == 404
    away = f"{url}/2/withdraw"
    browser.page(away)
    assert browser.send(away, {"reason": ""}).status_code == 422
    assert browser.send(away, {"reason": "身体原因"}).status_code == 303
    browser.page(away, status=404)
    session.commit()
    assert 2 not in batches.placed(session, batch_id)


def test_results_that_cannot_be_read_are_named(client_as: Clients, session: Session, batch_id: int) -> None:
    browser, url = client_as("organizer"), f"/training/batches/{batch_id}/results"
    browser.page(url)
    answer = browser.send(url, {"percent-1": "九十", "percent-3": "88"})
    assert answer.status_code == 422
    assert "九十" in answer.text
    assert 'value="88"' in answer.text
    assert results.results(session, batch_id) == {}


def test_a_member_takes_the_completion_test_of_the_own_batch(
    client_as: Clients, session: Session, batch_id: int
) -> None:
    browser = client_as("member")
    answer = browser.send(f"/training/batches/{batch_id}/test")
    assert answer.status_code == 303
    attempt = session.scalars(select(Attempt)).one()
    assert (attempt.member_id, attempt.batch_id) == (1, batch_id)
    assert browser.send("/training/batches/999/test").status_code == 404
    assert client_as("foreign_member").send(f"/training/batches/{batch_id}/test").status_code == 303
    assert client_as("reader").send(f"/training/batches/{batch_id}/test").status_code == 403
