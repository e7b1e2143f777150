"""The blueprint of rotational training, and what its pages share."""

from flask import Blueprint
from flask_babel import gettext

from learnhub.accounts import guards
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.members.rules import SEX_LABELS
from learnhub.training import queries
from learnhub.training.queries import BatchValue, TaskValue
from learnhub.training.rules import BATCH_LABELS, SESSION_LABELS, SHORTFALL_LABELS, Audience
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db

bp = Blueprint("training", __name__, template_folder="../templates")


@bp.context_processor
def _words() -> dict[str, object]:
    """The words of rotational training for every template of the room."""
    return {
        "audience": audience_words,
        "BATCH_LABELS": BATCH_LABELS,
        "SESSION_LABELS": SESSION_LABELS,
        "SEX_LABELS": SEX_LABELS,
        "SHORTFALL_LABELS": SHORTFALL_LABELS,
    }


def audience_words(audience: Audience) -> str:
    """Whom a task is for, as a sentence in the visitor's language."""
    return audience.sentence(gettext)


def found_task(task_id: int) -> TaskValue:
    """The task, when it has to do with the place that the guard let this request in for; else NotFound."""
    for each in queries.tasks_for(db.session(), [guards.place()], clock.today()):
        if each.id == task_id:
            return each
    raise NotFound(N_("没有这项轮训任务，或者它不在您负责的范围内。"))


def found_batch(batch_id: int) -> tuple[BatchValue, TaskValue]:
    """The batch and its task, or NotFound."""
    batch = queries.batch(db.session(), batch_id)
    task = queries.task(db.session(), batch.task_id) if batch else None
    if batch is None or task is None:
        raise NotFound(N_("没有这一期。"))
    return batch, task


def courses() -> list[tuple[str, str]]:
    """Slug and title of every course of the catalogue."""
    return [(each.slug, each.title) for each in catalogue().courses]


def courses_with_quiz() -> list[tuple[str, str]]:
    """Slug and title of the courses that have a quiz."""
    return [(each.slug, each.title) for each in catalogue().courses if each.quiz]
