"""What the tests of pages of training begin with."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.training.enrolment import service as enrolment_service
from learnhub.training.tasks.rules import CompletionRule
from tests.training.test_service import a_batch, a_task

Acts = Callable[..., Act]


@pytest.fixture
def batch_id(session: Session, act: Acts) -> int:
    """A batch of the county with everybody due in it."""
    task_id = a_task(session, act("organizer"), rule=CompletionRule(7, 60))
    batch_id = a_batch(session, act("organizer"), task_id, quiz_course="first-response")
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    session.commit()
    return batch_id
