"""Several writers at once, with real commits: whatever is not marked in the end is a recount."""

import itertools
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.members import service as members
from learnhub.members.rules import CircumstanceKind
from learnhub.reports import service
from learnhub.reports.models import RollupMark
from learnhub.reports.queries import marks
from learnhub.reports.service import rollup
from learnhub.web.db import db
from tests import cast
from tests.reports.rollup_world import ACT, World, differences, pages_are_right, swept

KINDS = (CircumstanceKind.EXEMPT, CircumstanceKind.LOST_CONTACT, CircumstanceKind.SUSPENDED)


def _tasks(app: Flask) -> list[int]:
    with app.app_context():
        world = World(db.session())
        db.session.remove()
    return [world.task, world.town, world.rural]


def _note(session: Session, member_id: int, kind: CircumstanceKind) -> None:
    members.note_circumstance(session, ACT, member_id=member_id, kind=kind, reason="", on=cast.TODAY)
    session.commit()


def _together(app: Flask, *works: Callable[[Session], None]) -> None:
    """Each work in a thread and a session of its own; what goes wrong in one of them is raised."""
    failed: list[BaseException] = []
    begin = threading.Barrier(len(works))

    def run(work: Callable[[Session], None]) -> None:
        try:
            with app.app_context(), Session(db.engine) as session:
                begin.wait()
                work(session)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failed:
        raise failed[0]


def test_two_writers_of_one_branch_and_two_sweeps_leave_nothing_wrong(own_app: Flask) -> None:
    tasks = _tasks(own_app)

    def writer(member_ids: tuple[int, ...]) -> Callable[[Session], None]:
        def write(session: Session) -> None:
            for member_id, kind in itertools.product(member_ids, KINDS):
                _note(session, member_id, kind)

        return write

    def sweeper(session: Session) -> None:
        for _ in range(8):
            service.sweep(session, clock.today())
            session.commit()

    _together(own_app, writer((3, 4, 6)), writer((7, 8, 9)), sweeper, sweeper)
    with own_app.app_context():
        assert not differences(db.session())
        assert pages_are_right(db.session(), tasks)
        assert swept(db.session())
        db.session.remove()


def _in_three_steps(session: Session) -> marks.Marks:
    """What a careless sweep does: it reads the marks, and later removes whatever is there then."""
    found = marks.gathered(session.execute(select(RollupMark.kind, RollupMark.subject_id)))
    _meanwhile()
    session.execute(delete(RollupMark))
    return found


def _meanwhile() -> None:
    """Somebody else writes in another branch and commits."""
    with Session(db.engine) as other:
        _note(other, 18, CircumstanceKind.EXEMPT)


def _in_one_step(session: Session) -> marks.Marks:
    found = _take_marks(session)
    _meanwhile()
    return found


_take_marks = rollup._take_marks


@pytest.mark.one_database(kind="postgresql")  # SQLite has one writer at a time: nothing is written during a sweep
@pytest.mark.parametrize(("take", "right"), [(_in_one_step, True), (_in_three_steps, False)])
def test_a_mark_that_is_made_during_a_sweep_outlives_it(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch, take: Callable[..., marks.Marks], right: bool
) -> None:
    _tasks(own_app)
    with own_app.app_context(), Session(db.engine) as session:
        _note(session, 3, CircumstanceKind.EXEMPT)
        monkeypatch.setattr(rollup, "_take_marks", take)
        service.sweep(session, clock.today())
        session.commit()
        assert marks.waiting(session) is right
        assert bool(differences(session)) is not right
