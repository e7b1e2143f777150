"""The three gates: sentences about a branch's own record, and nothing that could be added up."""

import dataclasses
import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnhub.core import clock
from learnhub.meetings.rules import MeetingKind, Minutes
from learnhub.meetings.rules.gates import Gate, GateFacts, Near, Quorum, Todo, remarks
from tests import cast
from tests.meetings import pages

DAY = dt.date(2026, 11, 20)
EMPTY = Minutes(chair="周戊", recorder="李丁")
WORDS = dataclasses.replace(EMPTY, lesson="课文", film="影片", practice="清台账", decisions="停两张表")
THEME_DAY = GateFacts(frozenset({MeetingKind.THEME_DAY}), EMPTY, True, True, Quorum(6, 4), Quorum(2, 2))
NEARS = st.none() | st.builds(Near, st.just(7), st.just(DAY), st.booleans())
HEADS = st.integers(0, 60).flatmap(lambda expected: st.builds(Quorum, st.just(expected), st.integers(0, expected)))
FACTS = st.builds(
    GateFacts,
    kinds=st.frozensets(st.sampled_from(MeetingKind), min_size=1),
    minutes=st.sampled_from([EMPTY, WORDS, Minutes(chair="")]),
    finished=st.booleans(),
    has_committee=st.booleans(),
    voters=st.none() | HEADS,
    committee=st.none() | HEADS,
    committee_meeting=NEARS,
    asked=st.booleans(),
    told=st.booleans(),
    settled=st.booleans(),
    after=NEARS,
)


@settings(max_examples=25)
@given(FACTS)
def test_nothing_is_counted_but_heads_present_and_needed(facts):
    """No score, share or number leaks: the words hold no figure, the values only days, titles and heads of a vote."""
    found = remarks(facts)
    assert {each.gate for each in found} == set(Gate)
    heads = {each for each in (facts.voters, facts.committee) if each}
    for each in found:
        assert not re.search(r"\d|%(?!\()|％|分数|得分", each.words), each.words
        assert each.basis
        assert set(each.values) <= {"day", "title", "present", "needed"}
        if "present" in each.values:
            assert (each.values["present"], each.values["needed"]) in {(one.present, one.needed) for one in heads}


@pytest.mark.parametrize(("expected", "present", "enough"), [(6, 4, True), (6, 3, False), (7, 4, True), (0, 0, False)])
def test_more_than_half_of_those_entitled_are_needed_to_decide(expected, present, enough):
    general = dataclasses.replace(
        THEME_DAY, kinds=frozenset({MeetingKind.GENERAL}), voters=Quorum(expected, present), minutes=WORDS
    )
    said = [each for each in remarks(general) if "present" in each.values]
    assert [each.todo for each in said] == [None if enough else Todo.SCHEDULE]


def test_a_theme_day_that_decides_nothing_needs_no_quorum():
    assert not [each for each in remarks(THEME_DAY) if "present" in each.values]


def test_what_is_missing_says_what_can_be_done():
    todo = {each.words: each.todo for each in remarks(dataclasses.replace(THEME_DAY, voters=None))}
    assert todo["还没有点名，到会够不够议事还说不了。"] is Todo.CALL
    assert todo["这个月还没有支部委员会的记录。开过的请补录，没开的可以排一次。"] is Todo.SCHEDULE
    assert todo["没有写看了什么片。看了就写进记录，没看就空着。"] is Todo.WRITE
    small = remarks(dataclasses.replace(THEME_DAY, has_committee=False))
    assert "本支部不设支部委员会，由书记召集，不缺这一步。" in {each.words for each in small}


def test_the_branch_reads_its_gates_and_the_level_above_does_not(client_as):
    recorder = client_as("recorder")
    meeting_id = pages.scheduled(recorder, lesson="人民的好医生")
    assert "还没有点名，到会够不够议事还说不了。" in recorder.page(f"/meetings/{meeting_id}")
    # 钱乙 is exempt and 孙丙 takes part where he lives: neither counts. Of seven entitled two are on leave.
    pages.called(recorder, meeting_id, m3="receiving_place", m6="leave:sick", m7="leave:other")
    pages.finished(recorder, meeting_id, decisions="停两张表。")
    page = recorder.page(f"/meetings/{meeting_id}")
    assert "有表决权的党员到会 5 名，过半数是 4 名，够表决。" in page
    assert "课上了：人民的好医生。" in page
    assert "议定的事写下了。下次开会时说说办得怎样。" in page
    assert "自己看三关" in recorder.page(f"/meetings/{meeting_id}/record")
    for above in ("organizer", "town_organizer", "reader"):
        assert "三关" not in client_as(above).page(f"/meetings/{meeting_id}")


def test_what_was_agreed_on_is_asked_after_at_the_next_meeting(client_as):
    recorder = client_as("recorder")
    first = pages.scheduled(recorder, day="2026-11-18", kinds=["general"])
    pages.called(recorder, first)
    pages.finished(recorder, first, decisions="修水渠。")
    assert clock.today() == cast.TODAY
    second = pages.scheduled(recorder, kinds=["theme_day", "committee"])
    page = recorder.page(f"/meetings/{second}")
    assert "以前定的事还有没办完的。" in page and "修水渠。" in page
    pages.called(recorder, second)
    pages.finished(recorder, second)
    assert "又开过会，办得怎样看那次的记录。" in recorder.page(f"/meetings/{first}")
    assert f"/meetings/{second}" in recorder.page(f"/meetings/{first}")
    assert "支部委员会还没有" not in recorder.page(f"/meetings/{first}")
