"""Pages of training are for organizers, each of its own place; what they cost, and what stands on the trail."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.models import AuditEntry
from learnhub.training.batches import queries as batches
from learnhub.training.batches.models import Batch
from learnhub.training.tasks.models import Task
from tests import cast
from tests.databases import count_statements
from tests.training.test_pages import BATCH, Acts, Clients
from tests.training.test_service import a_batch, a_task


@pytest.mark.parametrize("person", ["member", "recorder", "reader", "author", "system_admin", "audit_admin"])
def test_training_is_for_organizers(client_as: Clients, person: str) -> None:
    client_as(person).page("/training", status=403)


def test_a_town_runs_its_own_batches_and_sees_no_others(client_as: Clients, session: Session, batch_id: int) -> None:
    town, foreign = client_as("town_organizer"), client_as("foreign_organizer")
    (first, _second) = batches.sessions(session, batch_id)
    for url in (
        f"/training/batches/{batch_id}",
        f"/training/batches/{batch_id}/places",
        f"/training/batches/{batch_id}/results",
        f"/training/batches/{batch_id}/close",
        f"/training/sessions/{first.id}/roll",
        f"/training?organization={cast.COUNTY}",
        "/training/batches/999",
        "/training/tasks/999",
    ):
        town.page(url, status=404)
    (task_id,) = session.scalars(select(Task.id)).all()
    assert "2026 年党员集中轮训" in town.page("/training")
    assert "第 1 期" not in town.page(f"/training/tasks/{task_id}")
    sent = town.send(f"/training/tasks/{task_id}/batches/new", {**BATCH, "organization": ""})
    assert sent.status_code == 303
    town.page(sent.location)
    foreign.page(sent.location, status=404)
    assert foreign.send(f"{sent.location}/fill").status_code == 404


def test_a_task_of_another_town_is_not_there(client_as: Clients, session: Session, act: Acts) -> None:
    task_id = a_task(session, act("town_organizer"), organization_id=cast.WILLOW_TOWN)
    session.commit()
    foreign = client_as("foreign_organizer")
    foreign.page(f"/training/tasks/{task_id}", status=404)
    foreign.page(f"/training/tasks/{task_id}/batches/new", status=404)
    county = client_as("organizer")
    sent = county.send(f"/training/tasks/{task_id}/batches/new", BATCH)
    assert sent.status_code == 303
    session.commit()
    assert session.scalars(select(Batch.organization_id)).one() == cast.WILLOW_TOWN, "it is held where the task belongs"


def test_pages_cost_the_same_however_many_there_are(client_as: Clients, session: Session, act: Acts) -> None:
    browser = client_as("organizer")
    counts = []
    for _ in range(2):
        task_id = a_task(session, act("organizer"))
        for _number in range(3):
            batch_id = a_batch(session, act("organizer"), task_id)
        session.commit()
        with count_statements() as seen:
            browser.page("/training")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8
    with count_statements() as seen:
        browser.page(f"/training/batches/{batch_id}")
    assert len(seen) <= 10


def test_every_act_is_on_the_trail(client_as: Clients, session: Session, batch_id: int) -> None:
    client_as("organizer").send(f"/training/batches/{batch_id}/places", {"member": "2"})
    session.commit()
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {"training.open_task", "training.open_batch", "training.fill", "training.place"} <= actions
