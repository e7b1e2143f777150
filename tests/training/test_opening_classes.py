"""Classes opened for everybody who waits, in one action: free places first, and nobody twice."""

import datetime as dt
import threading

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learnhub.core.errors import Conflict
from learnhub.training.batches import queries as batches
from learnhub.training.batches.models import Batch, Place
from learnhub.training.classes import queries as classes
from learnhub.training.classes import service as classes_service
from learnhub.training.classes.rules import Proposal, Split, fingerprint
from learnhub.training.tasks import queries as tasks
from learnhub.web.db import db
from tests import cast
from tests.training.test_batches import DATES, Acts
from tests.training.test_service import DUE, a_batch, a_task


def plans(session: Session, task_id: int, by: Split, size: int) -> Proposal:
    task = tasks.task(session, task_id)
    assert task is not None
    return classes.proposal(session, task, cast.COUNTY, cast.TODAY, by=by, size=size)


def test_everybody_who_waits_is_put_in_classes_at_once(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    proposed = plans(session, task_id, Split.EACH, 10)
    assert [plan.organization_id for plan in proposed.classes] == [cast.WILLOW_TOWN, cast.WILLOW_TOWN, cast.EAST_TOWN]
    assert session.scalar(select(func.count()).select_from(Batch)) == 0, "a proposal saves nothing"
    wanted = {"task_id": task_id, "organization_id": cast.COUNTY, "by": Split.EACH, "size": 10}
    seen = fingerprint(proposed)
    with pytest.raises(classes_service.ClassesChanged):
        classes_service.open_classes(session, act("organizer"), **wanted, seen="x", dates=[DATES] * 3)  # type: ignore[arg-type]
    once = act("organizer", key="open-them-once")
    assert classes_service.open_classes(session, once, **wanted, seen=seen, dates=[DATES] * 3) == len(DUE)  # type: ignore[arg-type]
    assert classes_service.open_classes(session, once, **wanted, seen=seen, dates=[DATES] * 3) == 0  # type: ignore[arg-type]
    assert batches.standing_places(session, task_id) == set(DUE)
    with pytest.raises(classes_service.ClassesChanged):
        classes_service.open_classes(session, act("organizer"), **wanted, seen=seen, dates=[DATES] * 3)  # type: ignore[arg-type]
    assert plans(session, task_id, Split.TOGETHER, 10) == Proposal()
    assert session.scalar(select(func.count()).select_from(Place)) == len(DUE)


def test_free_places_of_open_batches_are_part_of_the_one_action(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    later = {"ends_on": cast.TODAY + dt.timedelta(days=9)}
    east = a_batch(session, act("organizer"), task_id, organization_id=cast.EAST_TOWN, capacity=2, **later)
    over = a_batch(session, act("organizer"), task_id, capacity=2)
    proposed = plans(session, task_id, Split.TOGETHER, 50)
    (filling,) = proposed.fillings
    assert (filling.batch_id, [each.id for each in filling.members]) == (east, [17, 18])
    assert [len(each.members) for each in proposed.classes] == [len(DUE) - 2]
    wanted = {"task_id": task_id, "organization_id": cast.COUNTY, "by": Split.TOGETHER, "size": 50}
    opened = classes_service.open_classes(
        session,
        act("organizer"),
        **wanted,
        seen=fingerprint(proposed),
        dates=[DATES],  # type: ignore[arg-type]
    )
    assert (opened, batches.placed(session, east), batches.placed(session, over)) == (len(DUE), (17, 18), ())
    assert batches.standing_places(session, task_id) == set(DUE)


def test_two_organizers_at_once_place_nobody_twice(own_app: Flask, act: Acts) -> None:
    with own_app.app_context():
        task_id = a_task(db.session(), act("organizer"))
        seen = fingerprint(plans(db.session(), task_id, Split.TOGETHER, 50))
        db.session.commit()
    placed: list[object] = []

    def run() -> None:
        with own_app.app_context():
            try:
                count = classes_service.open_classes(
                    db.session(), act("organizer"), task_id=task_id, organization_id=cast.COUNTY, by=Split.TOGETHER,
                    size=50, seen=seen, dates=[DATES],
                )  # fmt: skip
                db.session.commit()
                placed.append(count)
            except Conflict as error:
                db.session.rollback()
                placed.append(type(error))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(map(str, placed)) == sorted(map(str, [len(DUE), classes_service.ClassesChanged]))
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Place)) == len(DUE)
