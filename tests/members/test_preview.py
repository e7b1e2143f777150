"""The preview in a browser without scripts: questions are answered, columns named, lists said to be complete."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learnhub.members import queries
from tests import cast
from tests.members.files import csv_bytes
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]
HEAD = ["姓名", "性别", "出生年月", "加入日子", "所在党支部", "民族"]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("learnhub.members.views._folder", lambda: tmp_path / "imports")


def sent(client: PageClient, data: bytes) -> str:
    fields = {"file": (io.BytesIO(data), "roster.csv"), "on": "2026-11-22"}
    answer = client.send(f"/roster/import?organization={cast.COUNTY}", fields, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def part(address: str, name: str) -> str:
    return address.replace("?", f"/{name}?")


def test_a_list_is_named_answered_and_confirmed(client_as: Clients, session: Session) -> None:
    """A column is named by hand and remembered, a question answered, a missing member leaves; then all is confirmed."""
    client = client_as("organizer")
    rows = [["龚甲一", "男", "1955-03", "1985-07", "桥头村党支部", "汉"], ["合计", "1人"]]
    data = csv_bytes([["桥头村党支部党员名册"], HEAD, *rows])
    address = sent(client, data)
    page = client.page(address)
    assert "加入日子" in page and "合计 1人" in page and "新的党员要填" in page and 'name="digest"' not in page
    fields = {"header": ["民族", "加入日子"], "column": ["", "joined_on"]}
    assert client.send(part(address, "columns"), fields).status_code == 303
    page = client.page(address)
    assert "新的党员要填" not in page and "个问题要您回答" in page and 'name="digest"' not in page
    answers = {"standing-old": "full", "complete:ORG-005": "yes"}
    assert client.send(part(address, "answers"), answers).status_code == 303
    page = client.page(address)
    assert page.count('name="leaving:1') == 24 and 'name="digest"' not in page
    answers |= {"all:leaving": "stays", "leaving:12": "deceased"}
    assert client.send(part(address, "answers"), answers).status_code == 303
    page = client.page(address)
    assert "离开名册 1 人" in page and "去世" in page
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert digest
    assert client.send(address, {"digest": digest[1], "key": "confirm-key-7"}).status_code == 303
    session.commit()
    assert [each.name for each in queries.members_of(session, cast.BRIDGE, cast.TODAY)] == [
        "龚甲一",
        "王庚",
        "冯辛",
        "褚癸",
    ]
    session.commit()
    assert "新的党员要填" not in client.page(sent(client, data)), "the column is remembered"


def test_answers_and_columns_belong_to_who_uploaded(client_as: Clients) -> None:
    """Nobody else answers, nobody without the permission, and a column that there is not is refused."""
    client, other = client_as("organizer"), client_as("town_organizer")
    address = sent(client, csv_bytes([HEAD, ["龚甲一", "男", "1955-03", "", "", ""]]))
    for name in ("answers", "columns"):
        assert other.send(part(address, name), {}).status_code == 404
        assert client_as("recorder").send(part(address, name), {}).status_code == 403
    assert client.send(part(address, "columns"), {"header": "民族", "column": "nonsense"}).status_code == 422


def test_posts_are_shown_with_their_first_day(client_as: Clients) -> None:
    """The roster's page says since when a post is held."""
    page = client_as("organizer").page(f"/roster?organization={cast.BRIDGE}")
    assert "党支部书记（2020 年 1 月 1 日 起）" in page or "2020 年 1 月 1 日" in page
