"""Month packs: the nearest published one holds for a branch, its own parts stand above it, nothing is lost."""

import dataclasses

import pytest

from learnhub.core.errors import DomainError, NotFound
from learnhub.meetings import queries, service
from learnhub.meetings.rules.packs import PackWords, Part
from tests import cast
from tests.databases import count_statements

MONTH = "2026-12"
WORDS = PackWords("县里的题目", "县里的党课", "县里的实践", film="县里的片子")
PAGE = f"/meetings/schedule?organization={cast.WILLOW}&month={MONTH}"


def publish(session, act, organization_id, words=WORDS, because=""):
    service.prepare_pack(session, act, organization_id=organization_id, month=MONTH, words=words)
    service.publish_pack(session, act, organization_id=organization_id, month=MONTH, because=because)


def title(session, branch=cast.WILLOW):
    found = queries.pack_for(session, branch, MONTH, cast.TODAY)
    return found and found.words.title


def test_the_nearest_published_pack_holds_and_a_prepared_one_is_not_seen(session, act):
    service.prepare_pack(session, act(), organization_id=cast.COUNTY, month=MONTH, words=WORDS)
    assert title(session) is None
    service.publish_pack(session, act(), organization_id=cast.COUNTY, month=MONTH)
    publish(session, act(), cast.WILLOW_TOWN, dataclasses.replace(WORDS, title="镇里的题目"))
    with count_statements() as statements:
        assert title(session) == "镇里的题目"
    assert len(statements) == 1
    assert title(session, cast.DAM) == WORDS.title
    service.withdraw_pack(session, act(), organization_id=cast.WILLOW_TOWN, month=MONTH, because="改期")
    assert title(session) == WORDS.title


def test_a_replacement_needs_a_reason_and_keeps_what_stood(session, act):
    publish(session, act(), cast.COUNTY)
    with pytest.raises(DomainError):
        publish(session, act(), cast.COUNTY, dataclasses.replace(WORDS, title="新题目"))
    service.publish_pack(session, act(), organization_id=cast.COUNTY, month=MONTH, because="换了主题")
    kept = [(each.words.title, each.because) for each in queries.packs_of(session, cast.COUNTY)]
    assert kept == [("新题目", None), (WORDS.title, "换了主题")]


def test_scheduling_starts_from_the_pack_and_the_branch_s_own_practice(session, act, client_as):
    publish(session, act(), cast.COUNTY)
    own = {"organization_id": cast.WILLOW, "month": MONTH, "part": Part.PRACTICE}
    service.choose_own(session, act(), **own, words="修水渠")
    session.commit()
    page = client_as("recorder").page(PAGE)
    assert WORDS.title in page
    assert "修水渠" in page
    assert WORDS.practice not in page
    service.choose_own(session, act(), **own, words="")
    assert queries.own_parts(session, cast.WILLOW, MONTH) == {}


def test_what_cannot_be_is_refused(session, act):
    with pytest.raises(DomainError):
        service.prepare_pack(session, act(), organization_id=cast.WILLOW, month=MONTH, words=WORDS)
    with pytest.raises(DomainError):
        service.prepare_pack(session, act(), organization_id=cast.COUNTY, month="2026-10", words=WORDS)
    with pytest.raises(DomainError):
        service.choose_own(session, act(), organization_id=cast.COUNTY, month=MONTH, part=Part.FILM, words="自己的片子")
    with pytest.raises(NotFound):
        service.publish_pack(session, act(), organization_id=cast.COUNTY, month=MONTH)
