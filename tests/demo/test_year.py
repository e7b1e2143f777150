"""The generated year: meetings, rolls, credits and batches follow from each other."""

from collections import Counter

from learnhub.attendance.rules import Outcome
from learnhub.core import clock
from learnhub.demo.rules import World, rows
from learnhub.demo.rules.diary import Records
from learnhub.meetings.rules import NEVER_EXPECTED, MeetingKind, is_late
from learnhub.members.rules import CircumstanceKind
from learnhub.records.rules import CompletionWay
from tests.cast import TODAY
from tests.demo.worlds import assert_credits_follow_from_rolls


def test_a_year_of_meetings(town: World, year: tuple[Records, ...]) -> None:
    """Twelve whole months in every branch but for a few gaps, and a year of rolls."""
    meetings = [each for records in year for each in records.meetings]
    this_month = clock.month_of(TODAY)
    assert {each.month for each in meetings} == {clock.next_month(this_month, step) for step in range(-12, 1)}
    theme_days = [each for each in meetings if each.theme_day_of and each.month != this_month]
    assert 0.94 * 12 * 27 <= len(theme_days) < 12 * 27
    assert len({(each.organization_id, each.theme_day_of) for each in meetings if each.theme_day_of}) == len(
        theme_days
    ) + (sum(each.theme_day_of == this_month for each in meetings))
    october = [each for each in theme_days if each.month == "2026-10"]
    assert {(each.theme, each.lesson, each.film, each.practice) for each in october} == {
        ("十月的主题", "十月一课", "十月一片", "十月实践")
    }
    kinds = Counter(each.kind for records in year for each in records.kinds)
    assert set(MeetingKind) - set(kinds) == {MeetingKind.GROUP, MeetingKind.TALK}


def test_this_month_is_left_open_where_a_visitor_begins(town: World, year: tuple[Records, ...]) -> None:
    this_month = clock.month_of(TODAY)
    there = {each.organization_id for records in year for each in records.meetings if each.month == this_month}
    assert town.roster.tree.recorded not in there
    assert 0.5 <= len(there) / 26 <= 0.85


def test_what_is_past_is_recorded_and_what_is_to_come_is_not(year: tuple[Records, ...]) -> None:
    now = clock.now()
    for records in year:
        rolled = {each.occasion_id for each in records.attendance}
        month_of = {each.occasion_id: each for each in records.meetings}
        for occasion in records.occasions:
            meeting = month_of[occasion.id]
            assert (occasion.day < TODAY) == (occasion.finished_at is not None) == (occasion.roll_version == 1)
            assert meeting.scheduled_at < now and meeting.scheduled_at < occasion.starts_at < occasion.ends_at
            assert clock.local(occasion.starts_at).date() == occasion.day
            if occasion.finished_at:
                assert occasion.id in rolled and occasion.ends_at < occasion.finished_at < now
                late = is_late(meeting.month, occasion.day, clock.local(occasion.finished_at).date())
                assert late == bool(meeting.late_reason)


def test_a_roll_lists_exactly_those_who_belonged_there(town: World, year: tuple[Records, ...]) -> None:
    for records in year:
        rolls: dict[int, set[int]] = {}
        for mark in records.attendance:
            rolls.setdefault(mark.occasion_id, set()).add(mark.member_id)
        kinds: dict[int, set[MeetingKind]] = {}
        for kind in records.kinds:
            kinds.setdefault(kind.meeting_id, set()).add(kind.kind)
        committee_only = {each.occasion_id for each in records.meetings if kinds[each.id] == {MeetingKind.COMMITTEE}}
        for occasion in (each for each in records.occasions if each.finished_at):
            dated = town.roster.posts if occasion.id in committee_only else town.roster.memberships
            expected = {
                each.member_id
                for each in dated
                if each.organization_id == occasion.organization_id and each.valid_from <= occasion.day < each.valid_to
            }
            gone = {
                each.member_id
                for each in town.roster.circumstances
                if each.kind in NEVER_EXPECTED and each.valid_from <= occasion.day < each.valid_to
            }
            assert rolls[occasion.id] == expected - gone


def test_credits_follow_from_rolls_and_follow_ups(town: World, year: tuple[Records, ...]) -> None:
    for records in year:
        assert_credits_follow_from_rolls(records.occasions, records.attendance, records.follow_ups, records.credits)
    training = town.training
    sessions = [each for each in training.credits if each.source.startswith("occasion:")]
    assert_credits_follow_from_rolls(training.occasions, training.attendance, [], sessions)
    recognised = {(each.member_id, each.source) for each in training.credits} - {
        (e.member_id, e.source) for e in sessions
    }
    others = {(e.member_id, e.source) for e in training.completions if e.way is not CompletionWay.CENTRALIZED}
    assert recognised == others


def test_absent_members_are_visited_and_made_up_for(year: tuple[Records, ...]) -> None:
    kinds = Counter(each.kind.value for records in year for each in records.follow_ups)
    assert len(kinds) == 4
    outcomes = Counter(each.outcome for records in year for each in records.attendance)
    assert set(Outcome) - set(outcomes) == {Outcome.NON_VOTING}
    assert outcomes[Outcome.PRESENT] / outcomes.total() > 0.75


def test_two_batches_leave_a_visible_remainder(town: World) -> None:
    training = town.training
    closed, opened = training.batches
    assert closed.closed_at and opened.closed_at is None and opened.quiz_course == "basics"
    sessions = {each.occasion_id: each.batch_id for each in training.sessions}
    rolled = {each.id for each in training.occasions if each.roll_version}
    assert [sum(batch == each.id for batch in sessions.values()) for each in training.batches] == [4, 4]
    assert len(set(sessions) - rolled) == 2
    places = {batch.id: [p.member_id for p in training.places if p.batch_id == batch.id] for batch in training.batches}
    assert all(
        len(set(found)) == len(found) <= batch.capacity
        for batch, found in zip(training.batches, places.values(), strict=True)
    )
    assert not set(places[closed.id]) & set(places[opened.id])
    assert {each.way for each in training.completions} == set(CompletionWay)
    by_batch = {each.member_id for each in training.completions if each.way is CompletionWay.CENTRALIZED}
    assert by_batch < set(places[closed.id])
    covered = {each.member_id for each in training.completions} | set(places[opened.id])
    assert 0.3 * 820 < 820 - len(covered) < 0.7 * 820


def test_one_account_a_role_and_none_with_a_password(town: World) -> None:
    assert len(town.accounts) == 8 and len(town.bindings) == 7
    assert "password_hash" not in rows.AccountRow._fields
    member, recorder = town.accounts[:2]
    branch = {each.member_id: each.organization_id for each in town.roster.memberships}
    assert branch[member.member_id or 0] == branch[recorder.member_id or 0] == town.roster.tree.recorded
    assert sum(each == town.roster.tree.recorded for each in branch.values()) in range(23, 28)
    assert town.bindings[0].account_id == recorder.id and town.bindings[0].organization_id == town.roster.tree.recorded
    posts = {each.member_id for each in town.roster.posts}
    assert member.member_id not in posts and recorder.member_id in posts
    lives = Counter(
        each.kind for each in town.roster.circumstances if branch[each.member_id] == town.bindings[0].organization_id
    )
    assert min(lives[CircumstanceKind.EXEMPT], lives[CircumstanceKind.MOBILE]) >= 2
    open_places = {each.member_id for each in town.training.places if each.batch_id == 2}
    assert {member.member_id, recorder.member_id} <= open_places
