"""Pages of rotational training."""

from learnhub.training.views import (
    answers,
    batches,
    calendar,
    certificates,
    changes,
    classes,
    closing,
    places,
    recognition,
    recognition_lists,
    recognition_waiting,
    reflections,
    rolls,
    tasks,
    timetable,
)
from learnhub.training.views.blueprint import bp

__all__ = [
    "answers",
    "batches",
    "bp",
    "calendar",
    "certificates",
    "changes",
    "classes",
    "closing",
    "places",
    "recognition",
    "recognition_lists",
    "recognition_waiting",
    "reflections",
    "rolls",
    "tasks",
    "timetable",
]
