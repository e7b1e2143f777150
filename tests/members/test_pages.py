"""The pages of the roster: lists, search, import with its preview, undo, export, and who may."""

import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.models import AuditEntry
from learnhub.core import clock
from learnhub.core.orm import FOREVER
from learnhub.members import queries
from learnhub.members.models import Post
from learnhub.members.rules import POST_LABELS, PostKind, identity
from tests import cast
from tests.members.files import csv_bytes, member_sheet, xlsx
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]
NUMBER = f"43042319910923123{identity.check_character('43042319910923123')}"
NEW = member_sheet(["", "曹䶮", "男", "1991-09", "2020-07-01", "2021-07-01", "ORG-005", "", NUMBER])


@pytest.fixture(autouse=True)
def _own_folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept between preview and confirmation goes into a folder of the test's own."""
    monkeypatch.setattr("learnhub.members.views._folder", lambda: tmp_path / "imports")


def sent(client: PageClient, data: bytes, place: int = cast.COUNTY, on: str = "2026-11-22") -> str:
    """Upload a file; the address of its preview."""
    fields = {"file": (io.BytesIO(data), "roster.xlsx"), "on": on}
    answer = client.send(f"/roster/import?organization={place}", fields, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def digest_on(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_lists_of_the_tree(client_as: Clients) -> None:
    """An organization shows what is below it, a branch its members with sex and birth."""
    client = client_as("organizer")
    county = client.page("/roster")
    assert "柳河镇党委" in county and "郑伟" not in county and ">16<" in county
    branch = client.page(f"/roster?organization={cast.WILLOW}")
    assert branch.count("郑伟") == 2 and "1979" in branch and "1994" in branch and "阿依古丽·买买提" in branch
    assert "年老体弱" not in branch


def test_search_ignores_separator(client_as: Clients) -> None:
    """Names are found without their separator; what is not there is said."""
    client = client_as("town_organizer")
    assert "柳树村党支部" in client.send("/roster/search", {"q": "阿依古丽买买提"}).text
    assert "没有找到" in client.send("/roster/search", {"q": "韩卯"}).text
    assert client.send(f"/roster/search?organization={cast.DAM}", {"q": "韩卯"}).status_code == 404


def test_reading_names_is_on_record(client_as: Clients, session: Session) -> None:
    """A list of names and a file leave an entry each, a page without names none."""
    client = client_as("organizer")
    client.page("/roster")
    client.page(f"/roster?organization={cast.DAM}")
    client.get("/roster/export.csv")
    found = session.scalars(select(AuditEntry.details).where(AuditEntry.action == "roster.read")).all()
    assert found == [{"how": "list"}, {"how": "csv"}]


def test_import_is_previewed_confirmed_and_undone(client_as: Clients, session: Session, tmp_path: Path) -> None:
    """The whole way in a browser without scripts; a repeated confirmation is one import."""
    client = client_as("organizer")
    assert "名册日期" in client.page("/roster/import")
    address = sent(client, xlsx({"党员": NEW}))
    page = client.page(address)
    assert "曹䶮" in page and NUMBER not in page
    kept = [path.read_text() for path in (tmp_path / "imports").iterdir()]
    assert len(kept) == 2 and all(NUMBER not in text and "曹䶮" in text for text in kept)
    assert not queries.search(session, cast.COUNTY, "曹䶮", cast.TODAY)
    data = {"digest": digest_on(page), "key": "confirm-key-1"}
    assert client.send(address, data).status_code == 303
    assert not list((tmp_path / "imports").iterdir())
    session.commit()
    assert len(queries.search(session, cast.COUNTY, "曹䶮", cast.TODAY)) == 1
    session.commit()
    assert "撤销这次导入" in client.page("/roster")
    assert client.send("/roster/undo").status_code == 303
    session.commit()
    assert not queries.search(session, cast.COUNTY, "曹䶮", cast.TODAY)


def test_wrong_cells_are_named_and_nothing_is_imported(client_as: Clients) -> None:
    """Each wrong cell stands in the preview by row and column; there is nothing to confirm."""
    client = client_as("organizer")
    page = client.page(sent(client, csv_bytes(member_sheet(["", "新人", "甲", "1960.1"]), "gb18030")))
    assert "第 2 行" in page and "出生年月" in page and "分不清" in page
    assert 'name="digest"' not in page
    assert "完全一样" in client.page(sent(client, client.get("/roster/export.xlsx").data))


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "空的"), (b"PK\x03\x04nothing", "打不开"), ("甲,乙\n1,2".encode(), "没有认出表头")]
)
def test_bad_files_are_refused_beside_the_field(client_as: Clients, data: bytes, words: str) -> None:
    """What is wrong with the file stands beside the field; a missing file and a wrong day likewise."""
    client = client_as("organizer")
    fields = {"file": (io.BytesIO(data), "x.xlsx"), "on": "2026-11-22"}
    answer = client.send("/roster/import", fields, content_type="multipart/form-data")
    assert answer.status_code == 422 and words in answer.text
    answer = client.send("/roster/import", {"on": "2027-01-01"}, content_type="multipart/form-data")
    assert answer.status_code == 422 and "请选择文件" in answer.text


def test_changed_meanwhile(client_as: Clients) -> None:
    """A roster that changed after the preview is not overwritten."""
    client = client_as("organizer")
    first, second = (
        sent(client, xlsx({"党员": [["名册编号", "姓名"], ["M000010", name]]})) for name in ("王一", "王二")
    )
    digests = [digest_on(client.page(address)) for address in (first, second)]
    assert client.send(second, {"digest": digests[1]}).status_code == 303
    assert client.send(first, {"digest": digests[0]}).status_code == 409


def test_walls(client_as: Clients) -> None:
    """Another subtree does not exist, another's upload neither; without the permission nothing is shown."""
    client, other = client_as("town_organizer"), client_as("organizer")
    paths = ("/roster", "/roster/import", "/roster/export.xlsx", "/roster/export.csv")
    for path in paths:
        assert client.get(f"{path}?organization={cast.DAM}").status_code == 404
        assert client_as("recorder").get(path).status_code == 403
        assert client_as("audit_admin").get(path).status_code == 403
        assert client_as(None).get(path).status_code in {302, 303}
    address = sent(client, xlsx({"党员": NEW}), cast.WILLOW_TOWN)
    assert other.get(address).status_code == 404
    assert (
        client.get(address.replace(f"organization={cast.WILLOW_TOWN}", f"organization={cast.BRIDGE}")).status_code
        == 404
    )
    text = client.get("/roster/export.csv").data.decode("utf-8-sig")
    assert "柳树村" in text and "石坝村" not in text and "韩卯" not in text


def test_commands(app: Flask, session: Session, tmp_path: Path) -> None:
    """`flask roster` previews by default, imports with --confirm, exports, and undoes."""
    runner = app.test_cli_runner()
    file, out = tmp_path / "new.csv", tmp_path / "out.xlsx"
    file.write_bytes(csv_bytes(NEW))
    first = runner.invoke(args=["roster", "import", str(file)])
    assert first.exit_code == 0 and "1 new" in first.output and "--confirm" in first.output, first.output
    assert runner.invoke(args=["roster", "import", str(file), "--confirm", "--on", "2026-11-01"]).exit_code == 0
    assert runner.invoke(args=["roster", "export", str(out)]).exit_code == 0
    again = runner.invoke(args=["roster", "import", str(out), "--confirm"])
    assert again.exit_code == 1 or "nothing to import" in again.output
    assert runner.invoke(args=["roster", "undo"]).exit_code == 0
    assert runner.invoke(args=["roster", "undo"]).exit_code == 1
    file.write_bytes(csv_bytes(member_sheet(["", "坏", "?"])))
    wrong = runner.invoke(args=["roster", "import", str(file), "--confirm"])
    assert wrong.exit_code == 1 and "! 党员 2 性别" in wrong.output


def test_upload_waits_for_an_hour(client_as: Clients, tmp_path: Path) -> None:
    """After an hour what was read is gone, from the disk too."""
    client = client_as("organizer")
    address = sent(client, xlsx({"党员": NEW}))
    clock.fix(cast.NOW + dt.timedelta(minutes=59))
    client.page(address)
    clock.fix(cast.NOW + dt.timedelta(minutes=61))
    assert client.get(address).status_code == 404
    assert not list((tmp_path / "imports").iterdir())


@pytest.mark.parametrize("post", PostKind)
def test_a_roster_with_each_post_is_exported_and_read_again(
    session: Session, client_as: Clients, post: PostKind
) -> None:
    """An export, and the preview of one, know the word of every post."""
    dated = {"valid_from": cast.SINCE, "valid_to": FOREVER}
    session.add(Post(member_id=11, organization_id=cast.BRIDGE, kind=post, **dated))
    session.commit()
    client = client_as("organizer")
    assert POST_LABELS[post] in client.get("/roster/export.csv").data.decode("utf-8-sig")
    assert "完全一样" in client.page(sent(client, client.get("/roster/export.xlsx").data))
