"""Sessions of a class on its pages: the list before the day, the roll on it, the hours after it."""

import datetime as dt
import re

from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.core import clock
from learnhub.records import queries as records
from learnhub.training.batches import queries as batches
from tests.training.test_pages import Clients, present
from tests.training.test_service import DUE


def test_a_second_recorder_sees_the_first_roll_and_confirms(
    client_as: Clients, session: Session, batch_id: int
) -> None:
    (first, _second) = batches.sessions(session, batch_id)
    url = f"/training/sessions/{first.id}/roll"
    one, two = client_as("organizer"), client_as("organizer")
    assert one.send(url, {"base_version": "0", **present(DUE, {1: "absent"}), "save": "1"}).status_code == 303
    answer = two.send(url, {"base_version": "0", **present(DUE, {3: "leave:sick"})})
    assert answer.status_code == 409
    assert "别的记录人刚刚保存过点名" in answer.text
    version = re.search(r'name="base_version" value="(\d+)"', answer.text)
    assert version
    assert two.send(url, {"base_version": version[1], **present(DUE, {3: "leave:sick"})}).status_code == 303
    answer = two.send(url, {"base_version": "2", **present(DUE)})
    assert answer.status_code == 422, "after registering a change needs its reason"
    done = two.send(url, {"base_version": "2", "because": "记错了", **present(DUE)})
    assert done.status_code == 303
    session.commit()
    assert records.ledger(session, 3, 2026).total_quarters == 16


def test_nobody_sits_in_on_a_class_who_has_no_place(client_as: Clients, session: Session, batch_id: int) -> None:
    """Whatever is put into the form: a guest, or one more member marked as sitting in."""
    browser, first = client_as("organizer"), batches.sessions(session, batch_id)[0]
    url, fields = f"/training/sessions/{first.id}/roll", {"base_version": "0", **present(DUE, {})}
    foreign = {"member": [*fields["member"], "2"], "why-2": "non_voting"}
    answer = browser.send(url, {**fields, **foreign})
    assert answer.status_code == 422 and "没有保存" in answer.text and "钱乙" not in answer.text
    assert browser.send(url, {**fields, "guest": ["2", "999"]}).status_code == 303
    assert set(attendance.roll(session, first.occasion.id)) == set(DUE)


def test_a_roll_without_a_reason_keeps_what_was_ticked(client_as: Clients, session: Session, batch_id: int) -> None:
    (first, _second) = batches.sessions(session, batch_id)
    answer = client_as("organizer").send(
        f"/training/sessions/{first.id}/roll", {"base_version": "0", **present(DUE, {1: ""})}
    )
    assert answer.status_code == 422
    assert "还有 1 人没有选原因" in answer.text


def test_a_class_leads_to_the_list_before_the_day_and_to_the_roll_on_it(
    client_as: Clients, session: Session, batch_id: int
) -> None:
    (first, _second) = batches.sessions(session, batch_id)
    browser, url = client_as("organizer"), f"/training/batches/{batch_id}"
    roll, sheet = f'class="btn" href="/training/sessions/{first.id}/roll"', f'class="btn" href="{url}/sheet"'
    clock.fix(first.occasion.starts_at - dt.timedelta(days=1))
    page = browser.page(url)
    assert sheet in page and f"/training/sessions/{first.id}/roll" not in page
    clock.fix(first.occasion.starts_at)
    assert roll in browser.page(url)


def test_hours_are_registered_once_a_session_has_ended(client_as: Clients, session: Session, batch_id: int) -> None:
    (first, _second) = batches.sessions(session, batch_id)
    browser, url = client_as("organizer"), f"/training/sessions/{first.id}/roll"
    clock.fix(first.occasion.starts_at - dt.timedelta(days=1))
    early = browser.send(url, {"base_version": "0", **present(DUE)})
    assert early.status_code == 422 and "还没有到点名的时间" in early.text
    clock.fix(first.occasion.starts_at)
    assert "保存并登记学时" not in browser.page(url)
    assert browser.send(url, {"base_version": "0", **present(DUE)}).status_code == 303
    session.commit()
    assert records.ledger(session, 3, 2026).total_quarters == 0
    clock.fix(first.occasion.ends_at)
    assert "学时还没有登记" in browser.page(f"/training/batches/{batch_id}")
    assert browser.send(url, {"base_version": "1", **present(DUE)}).status_code == 303
    session.commit()
    assert records.ledger(session, 3, 2026).total_quarters == first.occasion.quarters
