"""A disk without room: what is sent is refused in words, nothing half-written stays, and it goes on with room again."""

import io
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from learnhub.attendance.rules import PictureValue
from learnhub.attendance.service import pictures
from learnhub.content import versions
from tests import cast, outages
from tests.members.files import csv_bytes, member_sheet
from tests.pages import PageClient


def left(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def test_a_picture_that_finds_no_room_leaves_nothing(tmp_path: Path) -> None:
    picture = PictureValue(b"x" * 100_000, "ab" * 32, 10, 10)
    with outages.no_room(1000), pytest.raises(OSError):
        pictures.store(tmp_path, picture)
    assert not left(tmp_path)
    pictures.store(tmp_path, picture)
    assert [each.stat().st_size for each in left(tmp_path)] == [100_000]


def test_a_version_of_the_content_is_kept_whole_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system without hard links it is copied."""
    fresh, target = tmp_path / "fresh", tmp_path / "content.json"
    fresh.write_bytes(b"x" * 100_000)

    def refuse(*_arguments: object) -> None:
        raise OSError("no hard links here")

    monkeypatch.setattr("os.link", refuse)
    with outages.no_room(1000), pytest.raises(OSError):
        versions.keep(fresh, "a" * 64, target)
    assert left(tmp_path) == [fresh]
    versions.keep(fresh, "a" * 64, target)
    assert [each.hash for each in versions.kept(target)] == ["a" * 64]


@pytest.mark.one_database  # only files matter
def test_an_upload_that_finds_no_room_is_refused_in_words(own_app: Flask) -> None:
    """The page says why, nothing of the file stays, reading goes on, and the same upload works once there is room."""
    browser = PageClient(own_app, own_app.response_class)
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = cast.token("organizer"), True
    browser.token()
    folder = own_app.config["SETTINGS"].instance_folder / "imports"
    data = csv_bytes(member_sheet(*[["", f"新人{number}", "男", "1960-01"] for number in range(200)]))

    def upload() -> TestResponse:
        fields = {"file": (io.BytesIO(data), "roster.csv"), "on": "2026-11-22"}
        return browser.send(f"/roster/import?organization={cast.COUNTY}", fields, content_type="multipart/form-data")

    with outages.no_room(1000):
        answer = upload()
        assert browser.get("/account").status_code == 200
    assert answer.status_code == 503 and "硬盘满了" in answer.text and answer.headers["Retry-After"]
    assert not left(folder)
    assert upload().status_code == 303
    assert len(left(folder)) == 2, "what was read, and the sheet to read anew by other columns"
