"""The site as a program on a phone: its manifest and worker, what stands there without network, and films for few data."""

import json
import re

import pytest

from learnhub.accounts import service as accounts
from learnhub.study import rules
from tests import cast

MONTH = "/months/2026-11"
pytestmark = pytest.mark.one_database  # nothing here depends on it


@pytest.fixture
def member(client_as):
    return client_as("member")


def source(page: str) -> str:
    return re.search(r'<source src="([^"]+)" type="video/mp4">', page)[1]


def test_the_manifest_names_the_site_and_its_icons(client_as):
    nobody = client_as(None)
    assert '<link rel="manifest" href="/manifest.webmanifest">' in nobody.page("/sign-in")
    answer = nobody.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.data)
    assert manifest["name"] == "示例县党员学习平台"
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    for icon in manifest["icons"]:
        found = nobody.get(icon["src"])
        assert (found.status_code, found.mimetype) == (200, icon["type"])


def test_the_worker_stands_at_the_top_and_is_looked_at_anew(client_as):
    answer = client_as(None).get("/study-worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_page_without_network_is_the_same_for_everybody(client_as, member):
    page = member.page("/offline")
    assert "赵甲" not in page
    assert "下载过的月份" in page
    assert "登录" in client_as(None).page("/offline")


def test_the_month_says_beforehand_what_a_download_weighs(member, app):
    page = member.page(MONTH)
    contents = app.extensions["shelf"].current()
    unit = contents.unit("2026-11")
    files = rules.film_files(contents, unit.film)
    assert [each.size for each in files] == sorted((each.size for each in files), reverse=True)
    for each in files:
        assert f'data-size="{each.size}"' in page
    pictures = {url.split("/")[2] for url in re.findall(r'src="(/media/[^"]+)"', unit.lesson.html)}
    least = sum(contents.media_file(each).size for each in pictures) + len(unit.lesson.html.encode())
    assert rules.text_size(contents, unit) > least


@pytest.mark.parametrize("asked", ["", "?film=9", "?film=x", "?film=-1"])
def test_the_good_film_comes_first(member, app, asked):
    film = app.extensions["shelf"].current().unit("2026-11").film
    assert source(member.page(MONTH + asked)) == film.file


def test_who_saves_data_gets_the_small_film_and_may_choose_the_other(member, app):
    film = app.extensions["shelf"].current().unit("2026-11").film
    page = member.get(MONTH, headers={"Save-Data": "on"}).text
    assert source(page) == film.variants[0].file
    assert "这台手机开着省流量" in page
    assert source(member.get(f"{MONTH}?film=0", headers={"Save-Data": "on"}).text) == film.file
    assert source(member.page(f"{MONTH}?film=1")) == film.variants[0].file
    assert f'href="{MONTH}?film=1#film"' in page


@pytest.mark.parametrize(("person", "cleared"), [("member", False), ("second_recorder", True)])
def test_the_sign_in_of_somebody_else_clears_what_is_kept(session, client_as, act, person, cleared):
    token = accounts.issue_link(session, act("security_admin"), account_id=cast.PEOPLE[person][0])
    session.commit()
    phone = client_as(None)
    phone.set_cookie("study_kept", str(cast.PEOPLE["member"][0]), path="/sign-in")
    answer = phone.send(f"/sign-in/link/{token}", {})
    assert ("Clear-Site-Data" in answer.headers) is cleared
