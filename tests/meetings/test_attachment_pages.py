"""Pictures on their pages: added, shown to whoever may see the record and nobody else, withdrawn and put back."""

import dataclasses
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from learnhub.attendance.models import Attachment
from tests.attendance.images import huge, photo, with_everything
from tests.meetings.pages import proposed, scheduled
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]


def sent(client: PageClient, meeting_id: int, data: bytes, name: str = "a.jpg", **fields: str) -> TestResponse:
    """Send a picture as a browser does."""
    form = {"csrf_token": client.token(), **fields, "file": (io.BytesIO(data), name)}
    return client.post(
        f"/meetings/{meeting_id}/attachments",
        data=form,
        content_type="multipart/form-data",
        headers={"Origin": "http://localhost"},
    )


def addresses(page: str) -> list[str]:
    return re.findall(r'src="([^"]+/picture\.jpg)"', page)


def test_a_picture_is_attached_shown_withdrawn_and_put_back(client_as: Clients, session: Session) -> None:
    recorder = client_as("recorder")
    meeting_id = scheduled(recorder)
    page = f"/meetings/{meeting_id}/attachments"
    assert "照片可有可无" in recorder.page(page)
    assert sent(recorder, meeting_id, with_everything(), caption="入户走访").status_code == 303
    shown = recorder.page(page)
    assert "入户走访" in shown and len(addresses(shown)) == 1
    record = recorder.page(f"/meetings/{meeting_id}/activity-record")
    assert addresses(record) == addresses(shown)
    one = session.scalars(select(Attachment)).one()
    assert recorder.send(f"{page}/{one.id}/withdraw", {}).status_code == 303
    assert recorder.get(addresses(shown)[0]).status_code == 404
    gone = recorder.page(page)
    assert not addresses(gone) and "恢复" in gone
    assert recorder.send(f"{page}/{one.id}/restore", {}).status_code == 303
    assert len(addresses(recorder.page(page))) == 1


@pytest.mark.one_database
def test_a_picture_is_served_private_and_asked_for_anew_each_time(client_as: Clients) -> None:
    recorder = client_as("recorder")
    meeting_id = scheduled(recorder)
    sent(recorder, meeting_id, with_everything())
    address = addresses(recorder.page(f"/meetings/{meeting_id}/attachments"))[0]
    answer = recorder.get(address)
    assert answer.status_code == 200 and answer.data[:3] == b"\xff\xd8\xff" and b"Exif" not in answer.data
    assert answer.content_type == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    again = recorder.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    who = {
        "town_organizer": 200,
        "reader": 200,
        "member": 403,
        "foreign_recorder": 404,
        "foreign_reader": 404,
        "author": 403,
    }
    assert {person: client_as(person).get(address).status_code for person in who} == who
    assert client_as(None).get(address).status_code == 303
    # The same picture under another meeting's address is no way round the wall.
    foreign = client_as("foreign_recorder")
    own = scheduled_elsewhere(foreign)
    assert foreign.get(address.replace(f"/meetings/{meeting_id}/", f"/meetings/{own}/")).status_code == 404


def scheduled_elsewhere(client: PageClient) -> int:
    address = "/meetings/schedule?organization=8&month=2026-11"
    fields = {**proposed(client.page(address)), "day": "2026-11-20", "place": "村委会"}
    return int(client.send(address, fields).location.rpartition("/")[2])


def test_a_fourth_picture_and_a_repeated_one(client_as: Clients, session: Session) -> None:
    recorder = client_as("recorder")
    meeting_id = scheduled(recorder)
    for colour in ("green", "green", "blue", "black"):  # the second is the first again
        assert sent(recorder, meeting_id, photo(colour=colour)).status_code == 303
    page = recorder.page(f"/meetings/{meeting_id}/attachments")
    assert len(addresses(page)) == 3 and "不能再多" in page and 'type="file"' not in page
    answer = sent(recorder, meeting_id, photo(colour="white"))
    assert answer.status_code == 422 and "最多附 3 张" in answer.text
    assert len(session.scalars(select(Attachment)).all()) == 3


@pytest.mark.one_database
def test_one_press_with_another_picture_is_no_repetition(client_as: Clients) -> None:
    recorder = client_as("recorder")
    meeting_id = scheduled(recorder)
    for colour in ("green", "blue", "blue"):
        assert sent(recorder, meeting_id, photo(colour=colour), key="one-form-and-its-key").status_code == 303
    assert len(addresses(recorder.page(f"/meetings/{meeting_id}/attachments"))) == 2


@pytest.mark.one_database
def test_what_is_no_picture_is_refused_in_words(client_as: Clients) -> None:
    recorder = client_as("recorder")
    meeting_id = scheduled(recorder)
    for data, words in (
        (b"\0\0\0\x18ftypheic", "兼容性最佳"),
        (b"%PDF-1.7", "这是文档"),
        (huge(20_000), "尺寸太大"),
        (b"", "请选一张照片"),
    ):
        answer = sent(recorder, meeting_id, data, name="" if not data else "a.jpg")
        assert answer.status_code == 422 and words in answer.text, words
    assert not addresses(recorder.page(f"/meetings/{meeting_id}/attachments"))


@pytest.mark.one_database
def test_the_limit_is_a_setting(client_as: Clients, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = client_as("recorder")
    meeting_id = scheduled(recorder)
    monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(app.config["SETTINGS"], attachment_megabytes=0))
    assert "超过 0 MB" in sent(recorder, meeting_id, photo()).text
    far_too_large = {"CONTENT_LENGTH": f"{200 * 1024 * 1024}"}  # not even taken in
    answer = recorder.post(
        f"/meetings/{meeting_id}/attachments",
        data={"csrf_token": recorder.token()},
        content_type="multipart/form-data",
        environ_overrides=far_too_large,
    )
    assert answer.status_code == 413 and "文件太大了" in answer.text


@pytest.mark.one_database
def test_what_cannot_be_stored_is_not_said_to_be_there(
    client_as: Clients, app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A disk that takes nothing: the folder is a file here."""
    recorder = client_as("recorder")
    meeting_id = scheduled(recorder)
    blocked = tmp_path / "attachments"
    blocked.write_bytes(b"")
    monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(app.config["SETTINGS"], attachments=blocked))
    answer = sent(recorder, meeting_id, photo())
    assert answer.status_code == 503 and str(tmp_path) not in answer.text
    assert not session.scalars(select(Attachment)).all()
    assert not addresses(recorder.page(f"/meetings/{meeting_id}/attachments"))


@pytest.mark.one_database
def test_only_the_recorder_of_the_branch_attaches(client_as: Clients) -> None:
    meeting_id = scheduled(client_as("recorder"))
    for person, status in (("town_organizer", 403), ("reader", 403), ("foreign_recorder", 404)):
        assert sent(client_as(person), meeting_id, photo()).status_code == status
