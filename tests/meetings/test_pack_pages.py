"""A month's pack on its pages: prepared, looked at, published, replaced, withdrawn; a branch's own film and practice."""

import pytest

from tests import cast
from tests.databases import count_statements

MONTH = "2026-12"
AT = f"organization={cast.COUNTY}"
PACK = f"/meetings/packs/{MONTH}"
WORDS = {
    "title": "县里的题目",
    "lesson": "县里的党课",
    "practice": "县里的实践",
    "film": "县里的片子",
    "free": "走访老人",
}
BRANCH = f"/meetings/own-parts?organization={cast.WILLOW}&month={MONTH}"


def published(organizer, **words):
    assert organizer.send(f"{PACK}?{AT}", {**WORDS, **words}).status_code == 303
    return organizer.send(f"{PACK}/publish?{AT}", {"because": words.get("because", "")})


def test_a_pack_is_prepared_looked_at_and_published(client_as):
    organizer, recorder = client_as("organizer"), client_as("recorder")
    assert organizer.send(f"{PACK}?{AT}", WORDS).headers["Location"].endswith(f"{PACK}/preview?{AT}")
    assert WORDS["practice"] in organizer.page(f"{PACK}/preview?{AT}")
    assert WORDS["practice"] not in recorder.page(BRANCH), "nobody else sees what is only prepared"
    assert organizer.send(f"{PACK}/publish?{AT}").status_code == 303
    page = recorder.page(BRANCH)
    assert WORDS["practice"] in page and WORDS["free"] in page
    assert WORDS["title"] in organizer.page(f"/meetings/packs?{AT}")


def test_a_replacement_and_a_withdrawal_say_why_and_both_stay_listed(client_as):
    organizer = client_as("organizer")
    assert published(organizer).status_code == 303
    assert published(organizer, title="第二个题目").status_code == 422
    assert published(organizer, title="第二个题目", because="换了主题").status_code == 303
    assert organizer.send(f"{PACK}/withdraw?{AT}", {"because": ""}).status_code == 422
    assert organizer.send(f"{PACK}/withdraw?{AT}", {"because": "改到下月"}).status_code == 303
    page = organizer.page(f"/meetings/packs?{AT}")
    assert "换了主题" in page and "改到下月" in page
    organizer.page(f"{PACK}/withdraw?{AT}", status=404)


def test_what_is_missing_is_said_beside_its_field_and_kept(client_as):
    answer = client_as("organizer").send(f"{PACK}?{AT}", {**WORDS, "lesson": ""})
    assert answer.status_code == 422
    assert "请填课" in answer.text and WORDS["practice"] in answer.text
    assert client_as("organizer").send(f"/meetings/packs/2026-10?{AT}", WORDS).status_code == 422


def test_a_branch_takes_its_own_and_returns(client_as):
    recorder = client_as("recorder")
    schedule = f"/meetings/schedule?organization={cast.WILLOW}&month={MONTH}"
    assert recorder.send(BRANCH, {"practice": "修水渠", "film": "", "film_source": "没有片的来源"}).status_code == 303
    assert "修水渠" in recorder.page(schedule)
    assert "没有片的来源" not in recorder.page(schedule)
    assert recorder.send(BRANCH, {"practice": "", "film": ""}).status_code == 303
    assert "修水渠" not in recorder.page(schedule)


@pytest.mark.parametrize(
    ("person", "status"), [("foreign_organizer", 404), ("recorder", 403), ("reader", 403), ("member", 403)]
)
def test_packs_of_others_stay_closed(client_as, person, status):
    visitor = client_as(person)
    for address in ("/meetings/packs", PACK, f"{PACK}/preview", f"{PACK}/withdraw"):
        visitor.page(f"{address}?{AT}", status=status)
    assert visitor.send(f"{PACK}/publish?{AT}").status_code == status


@pytest.mark.parametrize("address", ["/meetings/packs/2026-13", "/meetings/packs/soon", f"{PACK}/preview"])
def test_what_is_not_there_is_not_found(client_as, address):
    client_as("organizer").page(f"{address}?{AT}", status=404)


def test_the_list_asks_the_same_few_questions_of_any_history(client_as):
    organizer = client_as("organizer")
    published(organizer)
    with count_statements() as few:
        organizer.page(f"/meetings/packs?{AT}")
    for number in range(3):
        published(organizer, title=f"题目 {number}", because="换")
    with count_statements() as many:
        organizer.page(f"/meetings/packs?{AT}")
    assert len(many) == len(few) <= 9


def test_an_author_previews_what_is_prepared_and_changes_nothing(client_as):
    organizer, author = client_as("organizer"), client_as("author")
    assert organizer.send(f"{PACK}?{AT}", WORDS).status_code == 303
    assert "/meetings/packs" in author.page("/")
    page = author.page(f"/meetings/packs?{AT}")
    assert WORDS["title"] in page and "withdraw" not in page
    page = author.page(f"{PACK}/preview?{AT}")
    assert WORDS["lesson"] in page and "publish" not in page
    for address in (f"{PACK}?{AT}", f"{PACK}/publish?{AT}", f"{PACK}/withdraw?{AT}"):
        assert author.send(address, WORDS).status_code == 403
