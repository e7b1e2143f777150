"""Random histories, told by a state machine: however facts change and days pass, the roll-up is a recount.

The live count with which it is compared is held to the pure rules by test_coverage.py on random worlds. A small number of
examples in the suite; `make properties` takes many (LEARNHUB_EXAMPLES).
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.members.service import people
from learnhub.organizations.rules import Domain
from learnhub.reports import queries, service
from learnhub.training.rules import Audience
from tests import cast
from tests.reports.steps import Steps
from tests.training.test_service import a_batch, a_task

EXAMPLES = int(os.environ.get("LEARNHUB_EXAMPLES", "4"))
OPTIONS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=max(20, min(EXAMPLES, 60)),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    derandomize=EXAMPLES < 100,
    database=None,
    report_multiple_bugs=False,
)


def machine(connection: Connection) -> type[RuleBasedStateMachine]:
    """A state machine whose every history begins with the cast and is gone afterwards."""

    class Histories(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            clock.fix(cast.NOW)
            self.whole = connection.begin_nested()
            self.session = Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
            act = Act(1, cast.NOW)
            tasks = [
                a_task(self.session, act),
                a_task(self.session, act, organization_id=cast.WILLOW_TOWN),
                a_task(self.session, act, audience=Audience(domains=frozenset({Domain.RURAL}))),
            ]
            self.steps = Steps(self.session, tasks, a_batch(self.session, act, tasks[0]))
            service.recount_all(self.session, cast.TODAY)
            self.session.commit()
            self.settled = True

        @initialize(seed=st.integers(0, 2**32))
        def begin(self, seed: int) -> None:
            self.steps.chance.seed(seed)

        @rule(kind=st.integers(0, 11))
        def act(self, kind: int) -> None:
            self.settled = False
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

        @invariant()
        def the_roll_up_is_a_recount(self) -> None:
            if self.settled:
                assert not list(service.check(self.session))

        def teardown(self) -> None:
            self.session.commit()
            for task in self.steps.tasks:
                question = queries.ask(self.session, task, cast.WILLOW_TOWN, clock.today())
                assert queries.coverage(self.session, question) == queries.counted_live(self.session, question)
            self.session.close()
            self.whole.rollback()

    return Histories


def test_in_every_history_the_roll_up_is_a_recount(session: Session) -> None:
    run_state_machine_as_test(machine(session.connection()), settings=OPTIONS)


@pytest.mark.one_database(crossed_by_everything=True)  # the damage is in a verb, not in a database
def test_a_history_in_which_a_mark_is_forgotten_fails(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "changed", lambda *_, **__: None)
    with pytest.raises((AssertionError, ExceptionGroup)):  # the check, and the last look at the pages
        run_state_machine_as_test(machine(session.connection()), settings=OPTIONS)
