"""Whom a task is for, and who completes a batch: pure functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.members.rules import CircumstanceKind, PostKind
from learnhub.organizations.rules import Domain
from learnhub.training.rules import Audience, CompletionRule, MemberKind, Shortfall, batches_needed, shortfall

AUDIENCES = st.builds(
    Audience,
    kinds=st.frozensets(st.sampled_from(MemberKind)),
    posts=st.frozensets(st.sampled_from(PostKind)),
    domains=st.frozensets(st.sampled_from(Domain)),
    circumstances=st.frozensets(st.sampled_from(CircumstanceKind)),
)


@given(AUDIENCES)
def test_an_audience_survives_being_kept_as_plain_data(audience: Audience) -> None:
    assert Audience.from_json(audience.to_json()) == audience


def test_an_unknown_word_in_kept_data_is_refused() -> None:
    with pytest.raises(ValueError, match="no-such-post"):
        Audience.from_json({"posts": ["no-such-post"]})


def test_an_empty_audience_is_for_everybody() -> None:
    assert Audience().includes(probationary=True, posts=(), domain=None, circumstances=())


@pytest.mark.parametrize(
    ("audience", "fits"),
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
def test_every_part_of_an_audience_must_be_met(audience: Audience, fits: bool) -> None:
    assert (
        audience.includes(probationary=True, posts=[PostKind.SECRETARY], domain=Domain.RURAL, circumstances=[]) is fits
    )


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
