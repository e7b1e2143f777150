"""The list of tasks, a task with its batches, a batch with its timetable."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.attendance import queries as attendance
from learnhub.attendance.queries import OccasionValue
from learnhub.attendance.rules import ATTENDED, Outcome, has_ended
from learnhub.core import clock
from learnhub.organizations import queries as organizations
from learnhub.training.batches import queries as batches_queries
from learnhub.training.batches.queries import BatchValue, SessionValue
from learnhub.training.batches.rules import SessionKind, Slot, hints
from learnhub.training.batches.views import courses, found_batch, place_of_batches
from learnhub.training.blueprint import bp
from learnhub.training.enrolment import queries as enrolment
from learnhub.training.tasks import queries as tasks_queries
from learnhub.training.tasks.queries import TaskValue
from learnhub.training.tasks.views import found_task
from learnhub.web.db import db


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line of the timetable; `came` is how many came, None before the roll is called."""

    session: SessionValue
    came: int | None


@bp.get("/training/batches/<int:batch_id>")
@guards.requires(Permission.RUN_TRAINING, at=batches_queries.organization_of_batch)
def batch(batch_id: int) -> ResponseReturnValue:
    """A batch: what it is, what needs doing next, its timetable with the rolls."""
    session, (found, task) = db.session(), found_batch(batch_id)
    every = batches_queries.all_sessions(session, batch_id)
    timetable = [each for each in every if each.occasion.cancelled_at is None]
    counts = attendance.outcome_counts(session, [each.occasion.id for each in timetable])
    lines = [Line(each, _came(counts.get(each.occasion.id))) for each in timetable]
    uncalled = [line.session for line in lines if line.came is None]
    return render_template(
        "training/batch.html",
        batch=found,
        task=task,
        lines=lines,
        total=sum(each.occasion.quarters for each in timetable),
        called=len(lines) - len(uncalled),
        unregistered=[each for each in timetable if _waits_for_hours(each.occasion, clock.now())],
        **_uncalled_by_day(uncalled, clock.today()),
        test_title=_test_title(found),
        gone=[each for each in every if each.occasion.cancelled_at is not None],
        hints=_hints(found, timetable),
        remainders=batches_queries.remainders(session, batch_id),
        waiting=enrolment.count_waiting_list(session, batch_id),
    )


def _uncalled_by_day(uncalled: Sequence[SessionValue], today: dt.date) -> dict[str, object]:
    """The sessions without a roll: the first to be called by now, the next one, and those whose day has passed."""
    return {
        "today": today,
        "to_call": next((each for each in uncalled if each.occasion.day <= today), None),
        "upcoming": next((each for each in uncalled if each.occasion.day >= today), None),
        "late": [each for each in uncalled if each.occasion.day < today],
    }


def _waits_for_hours(occasion: OccasionValue, at: dt.datetime) -> bool:
    return occasion.called and not occasion.finished_at and has_ended(occasion, at)


def _hints(found: BatchValue, timetable: Sequence[SessionValue]) -> list[str]:
    """What of the timetable to look at twice, in words."""
    slots = [Slot(each.id, each.occasion.title, each.occasion.starts_at, each.occasion.ends_at) for each in timetable]
    said = [_(each.words, title=each.title, other=each.other) for each in hints(slots, found.starts_on, found.ends_on)]
    if found.is_reading and timetable and all(each.kind is not SessionKind.EXCHANGE for each in timetable):
        said.append(_("课程表里还没有交流研讨"))
    return said


def _came(counts: Mapping[Outcome, int] | None) -> int | None:
    if counts is None:
        return None
    return sum(number for outcome, number in counts.items() if outcome in ATTENDED)


def _test_title(batch: BatchValue) -> str:
    """The title of the course whose quiz is the completion test; its slug when the catalogue has lost it."""
    return dict(courses()).get(batch.quiz_course or "", batch.quiz_course or "")


@bp.get("/training")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def tasks() -> ResponseReturnValue:
    """The tasks that concern this place, each with the batches held here."""
    session, today = db.session(), clock.today()
    found = tasks_queries.tasks_for(session, [guards.place()], today)
    batches = batches_queries.batches(session, [each.id for each in found], guards.place(), today)
    place = organizations.organization(session, guards.place(), today)
    return render_template("training/tasks.html", tasks=found, batches=batches, place=place)


@bp.get("/training/tasks/<int:task_id>")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def task(task_id: int) -> ResponseReturnValue:
    """A task: its rules, and the batches held at this place."""
    session, today = db.session(), clock.today()
    found = found_task(task_id)
    batches = batches_queries.batches(session, [task_id], guards.place(), today)
    return render_template(
        "training/task.html",
        task=found,
        batches=batches,
        roomy=batches_queries.with_room(batches, today),
        owner=organizations.organization(session, found.organization_id, today),
        place=guards.place(),
        waiting=enrolment.count_waiting(session, found, place_of_batches(session, found), today),
        amendments=tasks_queries.amendments(session, task_id),
        may_amend=_may_amend(session, found),
    )


def _may_amend(session: Session, found: TaskValue) -> bool:
    held = guards.visitor().organizations(Permission.RUN_TRAINING)
    return organizations.covers(session, held, found.organization_id, clock.today())
