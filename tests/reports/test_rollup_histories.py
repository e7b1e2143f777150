"""Random histories, told by a state machine: however facts change, days pass and sweeps come, pages are what the facts say.

What is not marked is a recount; what is marked is counted live.

The live count with which it is compared is held to the pure rules by test_coverage.py on random worlds. A small number of
examples in the suite; `make properties` takes many (LEARNHUB_EXAMPLES).
"""

import dataclasses
import datetime as dt
import os
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.members.service import people
from learnhub.organizations.rules import Domain
from learnhub.reports import service
from learnhub.reports.queries import marks
from learnhub.reports.queries import rollup as reading
from learnhub.reports.service import rollup
from learnhub.training.tasks.rules import Audience
from tests import cast
from tests.reports.rollup_world import differences, pages_are_right, swept
from tests.reports.steps import Steps
from tests.training.test_service import a_batch, a_task

YEAR_AGO = cast.TODAY - dt.timedelta(days=500)
_take_marks = rollup._take_marks
EXAMPLES = int(os.environ.get("LEARNHUB_EXAMPLES", "3"))
OPTIONS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=max(12, min(EXAMPLES, 60)),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    derandomize=EXAMPLES < 100,
    database=None,
    report_multiple_bugs=False,
)


class Histories(RuleBasedStateMachine):
    """Every history begins with the cast and is gone afterwards."""

    connection: Connection

    def __init__(self) -> None:
        super().__init__()
        clock.fix(cast.NOW)
        self.whole = self.connection.begin_nested()
        self.session = Session(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        act = Act(1, cast.NOW)
        tasks = [
            a_task(self.session, act),
            a_task(self.session, act, organization_id=cast.WILLOW_TOWN),
            a_task(self.session, act, audience=Audience(domains=frozenset({Domain.RURAL}))),
        ]
        self.steps = Steps(self.session, tasks, a_batch(self.session, act, tasks[0]))
        self.session.commit()
        service.recount_all(self.session, cast.TODAY)
        self.session.commit()
        self.settled = True

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.steps.chance.seed(seed)

    @rule(kinds=st.lists(st.integers(0, 11), min_size=1, max_size=4))
    def act(self, kinds: list[int]) -> None:
        self.settled = False
        for kind in kinds:
            self.steps.take(kind)

    @rule()
    def end(self) -> None:
        self.steps.end()
        self.settled = True

    @rule(days=st.integers(1, 3))
    def pass_days(self, days: int) -> None:
        self.session.commit()
        self.steps.pass_days(days)
        self.settled = True

    @rule()
    def sweep(self) -> None:
        self.session.commit()
        service.sweep(self.session, clock.today())
        self.session.commit()
        self.settled = True

    @rule(ended=st.booleans())
    def new_task(self, ended: bool) -> None:
        ends_on = cast.TODAY - rollup.KEPT_AFTER if ended else cast.TODAY
        where = self.steps.chance.choice([cast.COUNTY, cast.EAST_TOWN])
        task = a_task(self.session, Act(1, clock.now()), organization_id=where, starts_on=YEAR_AGO, ends_on=ends_on)
        self.session.commit()
        self.steps.tasks = [*self.steps.tasks[:3], task]
        self.settled = True

    @invariant()
    def pages_are_what_the_facts_say(self) -> None:
        if self.settled:
            assert not differences(self.session)
            assert pages_are_right(self.session, [self.steps.chance.choice(self.steps.tasks)], (cast.COUNTY,))

    def teardown(self) -> None:
        self.session.commit()
        assert pages_are_right(self.session, self.steps.tasks[:3], (cast.WILLOW_TOWN,))
        assert swept(self.session)
        self.session.close()
        self.whole.rollback()


def machine(connection: Connection) -> type[RuleBasedStateMachine]:
    """The state machine on one connection."""
    return type("HistoriesHere", (Histories,), {"connection": connection})


def test_in_every_history_pages_are_what_the_facts_say(session: Session) -> None:
    run_state_machine_as_test(machine(session.connection()), settings=OPTIONS)


def told(histories: type[RuleBasedStateMachine]) -> None:
    """One history in which everything happens, swept after every other act."""
    history: Any = histories()
    history.begin(seed=1)
    for kind in range(12):
        history.act([kind, kind])
        history.session.commit()
        history.settled = True
        history.pages_are_what_the_facts_say()
        if kind % 2:
            history.sweep()
    history.teardown()


@pytest.mark.one_database(crossed_by_everything=True)  # told for the damages below
def test_nothing_is_wrong_in_a_told_history(session: Session) -> None:
    told(machine(session.connection()))


def _takes_more_than_it_reads(session: Session) -> marks.Marks:
    """A sweep that takes the marks of members away and does not count them."""
    return dataclasses.replace(_take_marks(session), members=frozenset())


DAMAGES: dict[str, tuple[object, str, Callable[..., object]]] = {
    "a verb forgets to mark": (people, "changed", lambda *_, **__: None),
    "a sweep takes marks it did not read": (rollup, "_take_marks", _takes_more_than_it_reads),
    "a page looks at no mark": (marks, "any_left", lambda: sa.literal(False)),
}


@pytest.mark.one_database(crossed_by_everything=True)  # the damage is in Python, not in a database
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_history_fails(session: Session, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    monkeypatch.setattr(*DAMAGES[damage])
    reading._statement.cache_clear()
    monkeypatch.setattr(reading, "_statement", reading._statement.__wrapped__)
    with pytest.raises(AssertionError):
        told(machine(session.connection()))
