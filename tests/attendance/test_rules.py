"""The arithmetic of the roll."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.attendance.rules import (
    PRESENT,
    LeaveReason,
    Outcome,
    RollMark,
    StrangerOnRoll,
    lists_exactly,
    tally,
    whole_roll,
)
from learnhub.core.errors import DomainError

marks = st.one_of(
    st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.LEAVE]).map(RollMark),
    st.sampled_from(list(LeaveReason)).map(lambda reason: RollMark(Outcome.LEAVE, reason)),
)
people = st.sets(st.integers(1, 40))


@given(people, st.data())
def test_a_roll_lists_exactly_those_expected(expected: set[int], data: st.DataObject) -> None:
    marked = data.draw(st.dictionaries(st.sampled_from(sorted(expected)), marks)) if expected else {}
    roll = whole_roll(expected, marked)
    assert set(roll) == expected
    assert all(roll[member] == marked.get(member, PRESENT) for member in expected)
    assert lists_exactly(roll, expected)


@given(people, st.integers(41, 50), marks)
def test_a_stranger_can_only_be_non_voting(expected: set[int], stranger: int, mark: RollMark) -> None:
    if mark.outcome is Outcome.NON_VOTING:
        with pytest.raises(StrangerOnRoll):
            whole_roll(expected, {stranger: mark}, guests=expected)
        roll = whole_roll(expected, {stranger: mark}, guests={stranger})
        assert set(roll) == expected | {stranger}
        assert lists_exactly(roll, expected)
    else:
        with pytest.raises(DomainError):
            whole_roll(expected, {stranger: mark}, guests={stranger})
        assert not lists_exactly({stranger: mark}, [])


@given(st.lists(st.sampled_from(list(Outcome))))
def test_the_counts_sum(outcomes: list[Outcome]) -> None:
    counts = tally(outcomes)
    assert counts.expected == counts.present + counts.leave + counts.absent
    assert counts.expected + counts.exempt + counts.non_voting == len(outcomes)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_leave_and_only_leave_has_a_reason(outcome: Outcome) -> None:
    wrong = None if outcome is Outcome.LEAVE else LeaveReason.SICK
    with pytest.raises(DomainError):
        RollMark(outcome, wrong)
