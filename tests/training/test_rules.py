"""Whom a task is for, its cycle, classes, timetables, and who completes a batch: pure functions."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.members.rules import CircumstanceKind, PostKind, Sex
from learnhub.organizations.rules import Domain
from learnhub.training.batches.rules import Slot, hints
from learnhub.training.classes.rules import Room, batches_needed, fingerprint, propose, split
from learnhub.training.results.rules import Shortfall, shortfall
from learnhub.training.tasks.rules import Audience, Candidate, CompletionRule, MemberKind, check_cycle, months_before

AUDIENCES = st.builds(
    Audience,
    kinds=st.frozensets(st.sampled_from(MemberKind)),
    posts=st.frozensets(st.sampled_from(PostKind)),
    domains=st.frozensets(st.sampled_from(Domain)),
    circumstances=st.frozensets(st.sampled_from(CircumstanceKind)),
    post_months=st.none() | st.integers(0, 60),
    full_months=st.none() | st.integers(0, 60),
)
DAY = dt.date(2026, 11, 20)
SECRETARY = {PostKind.SECRETARY: dt.date(2026, 6, 1)}


def fits(audience: Audience, **changes: object) -> bool:
    facts = {"day": DAY, "full_on": None, "posts": SECRETARY, "domain": Domain.RURAL, "circumstances": ()}
    return audience.includes(**(facts | changes))  # type: ignore[arg-type]


@given(AUDIENCES)
def test_an_audience_survives_being_kept_as_plain_data(audience: Audience) -> None:
    assert Audience.from_json(audience.to_json()) == audience


def test_an_unknown_word_in_kept_data_is_refused() -> None:
    with pytest.raises(ValueError, match="no-such-post"):
        Audience.from_json({"posts": ["no-such-post"]})


def test_an_empty_audience_is_for_everybody() -> None:
    assert fits(Audience(), posts={}, domain=None)
    assert Audience().sentence(str) == "全体党员"


@pytest.mark.parametrize(
    ("audience", "wanted"),
    [
        (Audience(kinds=frozenset({MemberKind.FULL})), False),
        (Audience(kinds=frozenset({MemberKind.PROBATIONARY})), True),
        (Audience(posts=frozenset({PostKind.SECRETARY})), True),
        (Audience(posts=frozenset({PostKind.GROUP_LEADER})), False),
        (Audience(domains=frozenset({Domain.RURAL})), True),
        (Audience(domains=frozenset({Domain.SCHOOL})), False),
        (Audience(circumstances=frozenset({CircumstanceKind.MOBILE})), False),
        (Audience(domains=frozenset({Domain.RURAL}), posts=frozenset({PostKind.PUBLICITY})), False),
    ],
)
def test_every_part_of_an_audience_must_be_met(audience: Audience, wanted: bool) -> None:
    assert fits(audience) is wanted


@pytest.mark.parametrize(("since", "wanted"), [("2026-05-20", True), ("2026-05-19", False), ("2026-11-20", True)])
def test_a_new_secretary_is_one_for_half_a_year(since: str, wanted: bool) -> None:
    new = Audience(posts=frozenset({PostKind.SECRETARY}), post_months=6)
    old = {PostKind.PUBLICITY: DAY}
    assert fits(new, posts={PostKind.SECRETARY: dt.date.fromisoformat(since), **old}) is wanted
    assert not fits(new, posts=old), "another post does not make a new secretary"
    assert fits(Audience(post_months=6), posts=old), "without a post named, any post newly taken up"
    assert not fits(Audience(post_months=6), posts={})
    assert new.sentence(str) == "党支部书记；任职不超过 6 个月"


def test_probation_and_the_year_after_are_two_stages() -> None:
    rule = Audience(full_months=12)
    full_on = dt.date(2026, 3, 1)
    assert fits(rule, full_on=None)
    assert fits(rule, full_on=dt.date(2027, 1, 1))
    assert fits(rule, full_on=dt.date(2025, 11, 20))
    assert not fits(rule, full_on=dt.date(2025, 11, 19))
    before, after = full_on - dt.timedelta(days=1), full_on
    assert not rule.covers(day=DAY, full_on=full_on, completed_on=before)
    assert rule.covers(day=DAY, full_on=full_on, completed_on=after)
    assert rule.covers(day=before, full_on=full_on, completed_on=before), "still on probation that day"
    assert Audience().covers(day=DAY, full_on=full_on, completed_on=before)


def test_months_are_counted_to_the_last_day_of_a_shorter_month() -> None:
    assert months_before(dt.date(2026, 8, 31), 6) == dt.date(2026, 2, 28)
    assert months_before(dt.date(2024, 8, 31), 6) == dt.date(2024, 2, 29)
    assert months_before(dt.date(2026, 1, 15), 12) == dt.date(2025, 1, 15)


@pytest.mark.parametrize(
    ("starts", "ends", "right"),
    [
        ("2026-01-01", "2026-12-31", True),
        ("2026-01-01", "2026-12-30", False),
        ("2026-01-01", "2030-12-31", True),
        ("2026-01-01", "2031-01-01", False),
        ("2024-02-29", "2025-02-28", True),
        ("2026-01-01", "2025-12-31", False),
    ],
)
def test_a_cycle_lasts_one_to_five_years(starts: str, ends: str, right: bool) -> None:
    if right:
        check_cycle(dt.date.fromisoformat(starts), dt.date.fromisoformat(ends))
        return
    with pytest.raises(DomainError) as refused:
        check_cycle(dt.date.fromisoformat(starts), dt.date.fromisoformat(ends))
    assert refused.value.field == "ends_on"


def people(count: int, branch: int = 1) -> list[Candidate]:
    return [Candidate(number, "某人", Sex.MALE, "1970-01", branch, "支部") for number in range(count)]


@given(st.integers(0, 400), st.integers(1, 60))
def test_classes_hold_everybody_once_and_differ_by_one_at_most(count: int, size: int) -> None:
    plans = split(people(count), {1: 9}, size)
    assert [each.id for plan in plans for each in plan.members] == list(range(count))
    sizes = [len(plan.members) for plan in plans]
    assert len(plans) == batches_needed(count, size)
    assert not sizes or (max(sizes) <= size and max(sizes) - min(sizes) <= 1)


def test_classes_are_held_where_the_branches_belong() -> None:
    both = [*people(3, branch=1), *people(2, branch=2)]
    assert [(plan.organization_id, len(plan.members)) for plan in split(both, {1: 8, 2: 9}, 2)] == [
        (8, 2),
        (8, 1),
        (9, 2),
    ]
    first, again, second = (propose(both, (), held_at, 3) for held_at in ({1: 8, 2: 8}, {1: 8, 2: 8}, {1: 8, 2: 9}))
    assert fingerprint(first) == fingerprint(again) != fingerprint(second)


def test_free_places_come_before_new_classes() -> None:
    both = [dataclasses.replace(each, id=number) for number, each in enumerate([*people(3, 1), *people(2, 2)])]
    rooms = [Room(7, 1, {2}), Room(8, 2, {1, 2}), Room(9, 5, ())]
    proposed = propose(both, rooms, {1: 8, 2: 8}, 1)
    assert [(each.batch_id, [who.organization_id for who in each.members]) for each in proposed.fillings] == [
        (7, [2]),
        (8, [1, 1]),
    ]
    assert [len(each.members) for each in proposed.classes] == [1, 1]
    assert (proposed.filled, proposed.total, proposed.first(1).total) == (3, 5, 4)
    assert fingerprint(proposed) != fingerprint(propose(both, (), {1: 8, 2: 8}, 1))


def test_overlaps_and_days_outside_the_batch_are_hinted_at() -> None:
    def slot(number: int, day: int, start: int, end: int) -> Slot:
        begins, ends = (clock.instant(dt.date(2026, 11, day), dt.time(hour)) for hour in (start, end))
        return Slot(number, f"第{number}课", begins, ends)

    slots = [slot(1, 10, 9, 11), slot(2, 10, 10, 12), slot(3, 10, 12, 13), slot(4, 12, 9, 10)]
    found = hints(slots, dt.date(2026, 11, 10), dt.date(2026, 11, 11))
    assert [(each.session_id, each.other) for each in found] == [(2, "第1课"), (4, "")]


def test_leave_is_what_one_seventh_leaves() -> None:
    assert CompletionRule(7, None).may_miss(112) == 16
    assert CompletionRule(7, None).may_miss(111) == 15


@pytest.mark.parametrize(
    ("total", "attended", "percent", "missing"),
    [
        (112, 112, 60, None),
        (112, 96, 60, None),  # exactly one seventh missed is allowed
        (112, 95, 60, Shortfall.MISSED),
        (112, 112, 59, Shortfall.NOT_PASSED),
        (112, 112, None, Shortfall.NO_TEST),
        (112, 0, 100, Shortfall.MISSED),
    ],
)
def test_hours_and_the_test_decide(total: int, attended: int, percent: int | None, missing: Shortfall | None) -> None:
    assert shortfall(CompletionRule(7, 60), total=total, attended=attended, percent=percent) is missing


def test_a_task_without_a_test_asks_for_none() -> None:
    assert shortfall(CompletionRule(7, None), total=16, attended=16, percent=None) is None


@given(st.integers(0, 100_000), st.integers(1, 500))
def test_the_batches_needed_hold_everybody_and_not_one_batch_more(remaining: int, capacity: int) -> None:
    needed = batches_needed(remaining, capacity)
    assert (needed - 1) * capacity < remaining <= needed * capacity or (remaining == 0 and needed == 0)
