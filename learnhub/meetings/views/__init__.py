"""Pages of meetings."""

from learnhub.meetings.views import (
    attachments,
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
    "attachments",
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
