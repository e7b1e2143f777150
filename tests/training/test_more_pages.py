"""Pages of the preview, of classes for everybody, of changes, make-up and reading classes; walls and repeats."""

import datetime as dt
import re
from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.quiz.models import Attempt
from learnhub.training.batches import queries as batches
from learnhub.training.batches.models import Batch
from learnhub.training.batches.rules import BatchKind
from learnhub.training.closing import service as closing_service
from learnhub.training.enrolment import service as enrolment_service
from learnhub.training.tasks.models import Task
from learnhub.training.tasks.rules import CompletionRule
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient
from tests.training.test_pages import TASK
from tests.training.test_service import ABSENT, DUE, a_batch, a_task, roll_all

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]
DATES = {"title": "补训班", "place": "党校", "starts_on": "2026-12-01", "ends_on": "2026-12-02"}


def test_the_browser_title_of_a_class_is_plain_words(client_as: Clients, session: Session, act: Acts) -> None:
    batch_id = a_batch(session, act("organizer"), a_task(session, act("organizer")))
    session.commit()
    page = client_as("organizer").page(f"/training/batches/{batch_id}")
    title = re.findall("<title>(.*?)</title>", page)
    assert len(title) == 1 and not set(title[0]) & set("<>&"), title


def test_a_preview_counts_and_names_and_saves_nothing(client_as: Clients, session: Session) -> None:
    browser = client_as("organizer")
    answer = browser.send("/training/tasks/new", {**TASK, "posts": ["secretary"], "preview": "1"})
    assert answer.status_code == 200
    for words in ("今天符合的有 3 人", "柳河镇党委", "东山镇党委", "党支部书记", 'value="2026 年党员集中轮训"'):
        assert words in answer.text
    assert session.scalar(select(func.count()).select_from(Task)) == 0
    wrong = browser.send("/training/tasks/new", {**TASK, "ends_on": "2026-06-30"})
    assert wrong.status_code == 422
    assert "轮训周期至少一年" in wrong.text


def classes_form(page: str, count: int) -> dict[str, str]:
    fields = {name: match[1] for name in ("seen",) if (match := re.search(rf'name="{name}" value="([^"]*)"', page))}
    rows = {f"rows-{number}-{name}": value for number in range(count) for name, value in DATES.items()}
    return {**fields, "by": "each", "size": "50", **rows}


def test_classes_for_everybody_are_looked_at_then_opened_at_once(
    client_as: Clients, session: Session, act: Acts
) -> None:
    task_id = a_task(session, act("organizer"))
    session.commit()
    browser, url = client_as("organizer"), f"/training/tasks/{task_id}/classes?organization={cast.COUNTY}"
    with count_statements() as seen:
        page = browser.page(url)
    assert len(seen) <= 20
    assert "19 人，分 2 个班" in page
    assert "19 人，分 2 个班" in browser.page(url + "&by=together&size=10")
    assert browser.page(url + "&by=together&size=0", status=422)
    assert browser.send(url, {**classes_form(page, 2), "rows-1-place": ""}).status_code == 422
    once = {**classes_form(page, 2), "key": "0123456789abcdef"}
    assert [browser.send(url, once).status_code for _ in range(2)] == [303, 303]
    session.commit()
    assert batches.standing_places(session, task_id) == set(DUE)
    stale = client_as("organizer").send(url, classes_form(page, 2))
    assert stale.status_code == 409
    assert "名单在您看的时候变了" in stale.text
    assert session.scalar(select(func.count()).select_from(Batch)) == 2
    assert "没有要编班的人" in browser.page(url)


def test_a_task_is_amended_where_it_was_opened(client_as: Clients, session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    session.commit()
    url = f"/training/tasks/{task_id}/amend"
    client_as("town_organizer").page(url, status=404)
    browser = client_as("organizer")
    browser.page(url)
    sent = {"title": "轮训（调整）", "ends_on": "2027-12-31", "basis": "通知", "leave_part": "7", "because": "计划调整"}
    assert browser.send(url, {**sent, "because": ""}).status_code == 422
    assert browser.send(url, sent).status_code == 303
    assert "计划调整" in browser.page(f"/training/tasks/{task_id}?organization={cast.COUNTY}")


def test_sessions_and_batches_are_changed_and_cancelled(client_as: Clients, session: Session, act: Acts) -> None:
    batch_id = a_batch(session, act("organizer"), a_task(session, act("organizer")), capacity=1)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=3)
    session.commit()
    first, second = batches.sessions(session, batch_id)
    browser, at = client_as("organizer"), f"/training/batches/{batch_id}"
    url = f"/training/sessions/{first.id}/change"
    assert 'value="第 1 课"' in browser.page(url)
    new = {"title": "改了的课", "day": "2026-12-09", "starts": "14:00", "ends": "15:00", "kind": "exchange"}
    assert browser.send(url, new).status_code == 422
    assert browser.send(url, {**new, "reason": "老师有事"}).status_code == 303
    browser.page(url, status=409)
    page = browser.page(at)
    for words in ("不在这一期的起止日期之内", "老师有事", "交流研讨"):
        assert words in page
    browser.page(f"/training/sessions/{second.id}/cancel")
    assert browser.send(f"/training/sessions/{second.id}/cancel", {"reason": "停电"}).status_code == 303
    assert "等候名单" in browser.page(f"{at}/places")
    browser.page(f"{at}/change")
    changed = {**DATES, "kind": "training", "capacity": "0"}
    assert browser.send(f"{at}/change", changed).status_code == 422
    assert browser.send(f"{at}/change", {**changed, "capacity": "2"}).status_code == 303
    assert "编入了 1 人" in browser.page(at)
    assert "补训班" in browser.page(f"{at}/sheet")
    browser.page(f"{at}/cancel")
    assert browser.send(f"{at}/cancel", {"reason": "场地不能用"}).status_code == 303
    assert "场地不能用" in browser.page(at)
    assert browser.send(f"{at}/cancel", {"reason": "再取消"}).status_code == 409
    client_as("foreign_organizer").page(f"{at}/sheet", status=404)


def test_the_remainder_is_opened_from_the_closed_batch(client_as: Clients, session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    roll_all(session, act("organizer"), batch_id, {1: ABSENT})
    closing_service.close(session, act("organizer"), batch_id=batch_id)
    session.commit()
    browser, url = client_as("organizer"), f"/training/batches/{batch_id}/remainder"
    assert "1 人没有结业" in browser.page(url)
    once = {**DATES, "key": "0123456789abcdef"}
    assert browser.send(url, once).location == browser.send(url, once).location
    assert browser.send(url, DATES).status_code == 422
    assert "没有要补训的人" in browser.page(url)
    assert "看补训班" in browser.page(f"/training/batches/{batch_id}")


def test_reflections_are_seen_by_their_writer_and_the_class_s_own_organizer(
    client_as: Clients, session: Session, act: Acts
) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW_TOWN, kind=BatchKind.READING)
    enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=1)
    session.commit()
    own, at = client_as("member"), f"/training/batches/{batch_id}"
    own.page(f"{at}/reflection")
    assert own.send(f"{at}/reflection", {"text": "读后有感"}).status_code == 303
    assert "读后有感" in own.page(f"{at}/reflection")
    client_as("foreign_member").page(f"{at}/reflection", status=404)
    assert "读后有感" in client_as("town_organizer").page(f"{at}/reflections")
    client_as("organizer").page(f"{at}/reflections", status=404)
    assert own.send(f"{at}/reflection", {"text": ""}).status_code == 303
    assert "读后有感" not in client_as("town_organizer").page(f"{at}/reflections")


def test_the_completion_test_ends_with_the_attempts_allowed(client_as: Clients, session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"), rule=CompletionRule(7, 60, 1))
    batch_id = a_batch(session, act("organizer"), task_id, quiz_course="first-response")
    enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=1)
    session.commit()
    browser, url = client_as("member"), f"/training/batches/{batch_id}/test"
    first = browser.send(url)
    assert first.status_code == 303
    assert browser.send(url).location == first.location, "an open attempt goes on"
    session.commit()
    attempt = session.scalars(select(Attempt)).one()
    attempt.handed_in_at, attempt.earned, attempt.possible = cast.NOW, 3, 10
    session.commit()
    assert browser.send(url).status_code == 409


def test_free_places_in_open_batches_come_before_new_classes(client_as: Clients, session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, capacity=3, ends_on=cast.TODAY + dt.timedelta(days=9))
    session.commit()
    browser, at = client_as("organizer"), f"/training/tasks/{task_id}"
    assert "还空着 3 个名额" in browser.page(f"{at}?organization=1")
    page = browser.page(f"{at}/classes?organization=1")
    assert "先编入空着的名额，3 人" in page
    assert "16 人，分 6 个班" in page, "as large as the batch opened last"
    assert browser.send(f"/training/batches/{batch_id}/fill", {}).status_code == 303
    assert "空着" not in browser.page(f"{at}?organization=1") + browser.page(f"{at}/classes?organization=1")
