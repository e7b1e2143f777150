"""Verbs of rotational training. A closed batch is closed for good; the record book says who completed it."""

from learnhub.training.service.closing import close
from learnhub.training.service.opening import add_session, open_batch, open_task
from learnhub.training.service.places import fill, place, withdraw_place
from learnhub.training.service.results import call_roll, enter_results, record_result

__all__ = [
    "add_session",
    "call_roll",
    "close",
    "enter_results",
    "fill",
    "open_batch",
    "open_task",
    "place",
    "record_result",
    "withdraw_place",
]
