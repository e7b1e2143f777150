"""Verbs of rotational training. The record book says who completed a batch; a closed one changes by corrections only."""

from learnhub.training.service.classes import (
    ClassesChanged,
    cancel_batch,
    change_batch,
    open_classes,
    open_remainder,
    remainder,
)
from learnhub.training.service.closing import close, may_reopen, reopen
from learnhub.training.service.opening import amend_task, open_batch, open_task
from learnhub.training.service.places import fill, place, withdraw_place
from learnhub.training.service.reflections import write_reflection
from learnhub.training.service.results import call_roll, enter_results, record_result
from learnhub.training.service.timetable import add_session, cancel_session, change_session

__all__ = [
    "ClassesChanged",
    "add_session",
    "amend_task",
    "call_roll",
    "cancel_batch",
    "cancel_session",
    "change_batch",
    "change_session",
    "close",
    "enter_results",
    "fill",
    "may_reopen",
    "open_batch",
    "open_classes",
    "open_remainder",
    "open_task",
    "place",
    "record_result",
    "remainder",
    "reopen",
    "withdraw_place",
    "write_reflection",
]
