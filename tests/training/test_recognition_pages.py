"""Recognising study elsewhere through the pages: one, a list, the branch's own, corrections."""

import io
import re
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.records.rules import CompletionWay
from learnhub.training.recognition.models import Recognition
from learnhub.training.recognition_lists.rules import HEADERS, Key
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient
from tests.training.test_recognition import ONE, a_list, recognise
from tests.training.test_service import a_task

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]
FIELDS = {
    "way": "home_delivered", "title": "县里的产业政策", "organizer": "支部书记周戊", "starts_on": "2026-11-01",
    "ends_on": "2026-11-01", "hours": "2", "evidence": "visit", "reference": "支部档案第 3 盒",
}  # fmt: skip


def standing(session: Session) -> list[Recognition]:
    session.expire_all()
    return list(session.scalars(select(Recognition).where(Recognition.withdrawn_at.is_(None))))


def test_one_member_is_found_recognised_corrected_and_taken_back(
    client_as: Clients, session: Session, act: Acts
) -> None:
    task_id = a_task(session, act("organizer"))
    session.commit()
    browser, base = client_as("organizer"), f"/training/tasks/{task_id}/recognitions"
    assert "还没有认定" in browser.page(base)
    page = browser.page(f"{base}/new?q=郑伟")
    assert "1979" in page
    assert "1994" in page
    assert "先找到这名党员" in page
    sent = browser.send(f"{base}/new", FIELDS | {"member": "8", "way": "higher_level"})
    assert sent.status_code == 303
    (row,) = standing(session)
    page = browser.page(base)
    assert "支部档案第 3 盒" in page
    assert "韩辰" in page
    change = f"/training/recognitions/{row.id}"
    assert browser.send(change, FIELDS | {"way": "higher_level", "hours": "3"}).status_code == 422
    assert (
        browser.send(change, FIELDS | {"way": "higher_level", "hours": "3", "because": "时数不对"}).status_code == 303
    )
    (row,) = standing(session)
    assert (row.quarters, row.way) == (12, CompletionWay.HIGHER_LEVEL)
    back = browser.send(f"/training/recognitions/{row.id}", {"do": "withdraw", "because": "不是本人"})
    assert back.status_code == 303
    assert not standing(session)
    assert "不是本人" in browser.page(base)


def test_a_recorder_recognises_for_the_own_branch_only(client_as: Clients, session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    session.commit()
    browser, base = client_as("recorder"), f"/training/tasks/{task_id}/branch-recognitions"
    assert browser.send(f"{base}/new", FIELDS | {"member": "2"}).status_code == 303
    for refused in ({"member": "10"}, {"member": "2", "way": "higher_level"}, {"member": "2", "hours": "0.3"}):
        browser.send(f"{base}/new", FIELDS | {"title": "另一次"} | refused)
    (row,) = standing(session)
    assert row.member_id == 2
    assert "县里的产业政策" in browser.page(base)
    assert client_as("foreign_recorder").get(f"/training/branch-recognitions/{row.id}").status_code == 404
    recognise(session, act("organizer"), task_id, ONE)
    session.commit()
    assert ONE.title not in browser.page(base)


def test_a_list_is_previewed_then_confirmed_whole(client_as: Clients, session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    session.commit()
    browser, address = client_as("organizer"), f"/training/tasks/{task_id}/recognitions/list"
    good = a_list({}, {Key.NAME: "冯辛"})
    page = browser.send(address, {"file": (io.BytesIO(good), "名单.csv")}, content_type="multipart/form-data").text
    assert not standing(session)
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest
    confirmed = browser.send(f"{address}/confirm", {"list": good.decode(), "digest": digest[1]})
    assert confirmed.status_code == 303
    assert {each.member_id for each in standing(session)} == {10, 11}
    page = browser.send(address, {"file": (io.BytesIO(good), "名单.csv")}, content_type="multipart/form-data").text
    assert "没有要登记的" in page
    bad = a_list({}, {Key.HOURS: "三天"})
    page = browser.send(address, {"file": (io.BytesIO(bad), "名单.csv")}, content_type="multipart/form-data").text
    assert "第 3 行" in page
    assert "三天" in page
    hostile = browser.send(
        address, {"file": (io.BytesIO(b"PK\x03\x04junk"), "x.xlsx")}, content_type="multipart/form-data"
    )
    assert hostile.status_code == 422


def test_the_template_is_read_as_a_list_without_people(client_as: Clients, session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    session.commit()
    browser, base = client_as("organizer"), f"/training/tasks/{task_id}/recognitions"
    template = browser.get(f"{base}/template.xlsx").data
    answer = browser.send(
        f"{base}/list", {"file": (io.BytesIO(template), "t.xlsx")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "只有表头" in answer.text
    assert HEADERS[Key.CODE][0] == "党员编号"


def test_the_list_costs_the_same_for_one_and_for_many(client_as: Clients, session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    recognise(session, act("organizer"), task_id, ONE)
    session.commit()
    browser, address = client_as("organizer"), f"/training/tasks/{task_id}/recognitions?organization={cast.COUNTY}"
    browser.page(address)
    with count_statements() as few:
        browser.page(address)
    for number in range(12):
        recognise(session, act("organizer"), task_id, ONE.__class__(**{**_fields(), "title": f"第 {number} 班"}))
    session.commit()
    with count_statements() as many:
        browser.page(address)
    assert len(many) == len(few)


def _fields() -> dict[str, object]:
    return {name: getattr(ONE, name) for name in ONE.__dataclass_fields__}
