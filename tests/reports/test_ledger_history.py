"""As-of answers never change but by corrections that can be named: on random histories, and with damages that show."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import CTE, ColumnElement
from sqlalchemy.orm import Session

from learnhub.audit import service as audit
from learnhub.core import clock
from learnhub.core.errors import Conflict
from learnhub.members.rules import CircumstanceKind
from learnhub.organizations.rules import Domain
from learnhub.records.rules import CompletionWay
from learnhub.reports.queries import differences, facts
from learnhub.reports.rules import Column
from tests import cast
from tests.reports.history import Histories

# `make properties` asks for many more.
EXAMPLES = int(os.environ.get("LEARNHUB_EXAMPLES", "0")) or 5
STEPS = 40 if EXAMPLES > 25 else 20


_counted = facts.counted


def _exempt_for_lost(found: CTE, column: Column) -> ColumnElement[bool]:
    return _counted(found, Column.EXEMPT if column is Column.LOST else column)


@pytest.fixture
def machine(session: Session) -> type[Histories]:
    """A machine of which each history is rolled back at its end."""

    class Machine(Histories):
        def __init__(self) -> None:
            super().__init__()
            self.session = session
            clock.fix(cast.NOW)
            self.nested = session.begin_nested()

        def teardown(self) -> None:
            self.nested.rollback()
            session.expire_all()

    return Machine


def test_issued_answers_change_only_by_listed_corrections(machine: type[Histories]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=EXAMPLES <= 25,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


def told(machine: type[Histories]) -> None:
    """A short history in which every kind of correction follows an issue."""
    history = machine()
    try:
        history.task()
        history.open_batch(cast.COUNTY)
        for step in (
            lambda: history.recognize(5, CompletionWay.HIGHER_LEVEL, 0),
            lambda: history.circumstance(7, CircumstanceKind.LOST_CONTACT, 0),
            lambda: history.place(0, 6, out=False),
            lambda: history.move(cast.WILLOW, cast.EAST_TOWN, 0),
            lambda: history.describe(cast.BRIDGE, Domain.SCHOOL, None, 3),
        ):
            history.issue(cast.COUNTY, 0, None)
            history.issue(cast.COUNTY, 0, Domain.RURAL)
            step()  # type: ignore[no-untyped-call]
            history.issued_answers_change_only_by_corrections()
    finally:
        history.teardown()


def test_nothing_is_missed_in_a_told_history(machine: type[Histories]) -> None:
    told(machine)


DAMAGES = {
    "a verb forgets to note its change": (audit, "revise", lambda *_args, **_details: None),
    "late recognitions are not looked for": (differences, "_completions", lambda *_args: []),
    "places are not looked for": (differences, "_places", lambda *_args: []),
    "the tree is not looked at": (differences, "_of_tree", lambda *_args: {}),
    "one class is counted as another": (facts, "counted", _exempt_for_lost),
}


@pytest.mark.one_database  # the damage is in Python, the same on both
@pytest.mark.parametrize("damage", DAMAGES)
def test_each_damage_is_noticed(machine: type[Histories], monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    monkeypatch.setattr(*DAMAGES[damage])
    with pytest.raises((AssertionError, Conflict)):
        told(machine)
