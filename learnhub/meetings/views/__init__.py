"""Pages of meetings."""

from learnhub.meetings.views import (
    codes,
    duties,
    feeds,
    follow_ups,
    lists,
    packs,
    papers,
    planning,
    record,
    roll,
    usual,
    work,
)
from learnhub.meetings.views.blueprint import bp

__all__ = [
    "bp",
    "codes",
    "duties",
    "feeds",
    "follow_ups",
    "lists",
    "packs",
    "papers",
    "planning",
    "record",
    "roll",
    "usual",
    "work",
]
