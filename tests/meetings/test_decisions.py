"""What was agreed on, line by line, and what later meetings told about it."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError, NotFound
from learnhub.meetings import queries, service
from learnhub.meetings.models import DecisionReport, Meeting
from learnhub.meetings.rules import MeetingKind
from learnhub.meetings.rules.decisions import Decision, Progress, Told, lines, matters, to_ask
from tests.meetings import pages
from tests.pages import PageClient
from tests.reports.test_years import met

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]
DAY = dt.date(2026, 9, 1)
REPAIR = Decision(1, DAY, "修水渠，周戊")


def told(meeting_id: int, progress: Progress) -> Told:
    """What the meeting of that number, a month after the one before it, told about the canal."""
    day = DAY + dt.timedelta(days=30 * meeting_id)
    return Told(1, REPAIR.key, REPAIR.words, meeting_id, day, progress, "")


def test_each_line_is_one_matter() -> None:
    assert lines(" 修水渠，周戊\r\n\n停两张表\n修水渠，周戊 ") == ("修水渠，周戊", "停两张表")


@given(st.lists(st.sampled_from(Progress), max_size=5))
def test_a_matter_is_asked_after_until_it_is_done_or_dropped(course: list[Progress]) -> None:
    known = matters([REPAIR], [told(number, each) for number, each in enumerate(course, 2)])
    settled = bool(course) and course[-1] is not Progress.GOING_ON
    assert [each for each, own in to_ask(known, 99)] == ([] if settled else list(known))
    if course:
        again = list(to_ask(known, 1 + len(course)))
        before = course[-2] if len(course) > 1 else None
        assert again[0][1] == known[0].told[-1], "what the meeting itself told stays on its page"
        assert before is None or len(known[0].told) == len(course)


def test_what_was_told_about_a_line_that_was_reworded_is_not_lost() -> None:
    found = matters([Decision(1, DAY, "修好水渠，周戊")], [told(2, Progress.DONE)])
    assert [(each.decision.words, each.open) for each in found] == [("修好水渠，周戊", True), (REPAIR.words, False)]


@pytest.fixture
def three(session: Session) -> list[Meeting]:
    """Three finished meetings of the willow branch, the first of which agreed on two matters."""
    for month, day in ((9, 3), (10, 8), (11, 5)):
        met(session, MeetingKind.GENERAL, f"2026-{month:02d}", dt.date(2026, month, day))
    rows = list(session.scalars(select(Meeting).order_by(Meeting.id)))
    rows[0].decisions = "修水渠，周戊\n停两张表"
    session.flush()
    return rows


def asked(session: Session, meeting_id: int) -> dict[str, Progress | None]:
    """What the meeting asks after, and what it told."""
    meeting = queries.meeting(session, meeting_id)
    assert meeting
    found = queries.decisions(session, meeting, queries.nearby(session, meeting)).asked
    return {matter.decision.words: own.progress if own else None for matter, own in found}


def test_what_one_meeting_tells_the_next_no_longer_asks(session: Session, act: Acts, three: list[Meeting]) -> None:
    first, second, third = (each.id for each in three)
    canal, tables = (Decision(first, DAY, words).key for words in ("修水渠，周戊", "停两张表"))
    service.tell_decisions(
        session,
        act("recorder"),
        meeting_id=second,
        telling={(first, canal): (Progress.GOING_ON, "等天晴"), (first, tables): (Progress.DONE, "")},
        because="补记",
    )
    assert asked(session, first) == {}
    assert asked(session, second) == {"修水渠，周戊": Progress.GOING_ON, "停两张表": Progress.DONE}
    assert asked(session, third) == {"修水渠，周戊": None}
    meeting = queries.meeting(session, first)
    assert meeting
    own = queries.decisions(session, meeting, queries.nearby(session, meeting)).own
    assert [(each.decision.words, each.open) for each in own] == [("修水渠，周戊", True), ("停两张表", False)]


def test_a_correction_needs_a_reason_and_keeps_what_was_told(session: Session, act: Acts, three: list[Meeting]) -> None:
    first, second, _third = (each.id for each in three)
    key = (first, Decision(first, DAY, "停两张表").key)
    for value, because in (
        ((Progress.DONE, ""), "漏记"),
        ((Progress.DROPPED, "县里停了"), "记错"),
        (None, "不是这次说的"),
    ):
        with pytest.raises(DomainError, match="理由"):
            service.tell_decisions(session, act("recorder"), meeting_id=second, telling={key: value})
        for _twice in range(2):
            service.tell_decisions(session, act("recorder"), meeting_id=second, telling={key: value}, because=because)
    rows = session.scalars(select(DecisionReport).order_by(DecisionReport.id)).all()
    assert [(row.progress, row.withdrawn_because) for row in rows] == [
        (Progress.DONE, "记错"),
        (Progress.DROPPED, "不是这次说的"),
    ]
    with pytest.raises(NotFound):
        service.tell_decisions(
            session, act("recorder"), meeting_id=second, telling={(first, "0" * 16): (Progress.DONE, "")}, because="试"
        )


def test_the_agenda_and_what_is_open_stand_before_the_meeting_and_in_its_record(client_as: Clients) -> None:
    recorder = client_as("recorder")
    first = pages.scheduled(recorder, day="2026-11-18", kinds=["general"], agenda="议水渠\n议台账")
    assert "议水渠" in recorder.page(f"/meetings/{first}")
    pages.called(recorder, first)
    pages.finished(recorder, first, decisions="修水渠，周戊\n停两张表")
    second = pages.scheduled(recorder, kinds=["theme_day"])
    assert "以前定的事" in recorder.page(f"/meetings/{second}")
    pages.called(recorder, second)
    form = recorder.page(f"/meetings/{second}/record")
    name = re.search(r'停两张表</strong>.*?name="progress-([^"]+)"', form, re.DOTALL)
    assert name
    pages.finished(recorder, second, **{f"progress-{name[1]}": "done", f"words-{name[1]}": "十月起不再报"})
    assert "办完了，十月起不再报" in recorder.page(f"/meetings/{first}")
    third = pages.scheduled(recorder, day="2026-11-21", kinds=["committee"], theme="十一月支委会", chair="周戊")
    page = recorder.page(f"/meetings/{third}")
    assert "修水渠，周戊" in page and "停两张表" not in page
    assert "以前定的事" in recorder.page(f"/meetings/{second}/activity-record")
