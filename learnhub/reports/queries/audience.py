"""The rule of whom a task is for, for statements that join completions; `training.queries` defines it, once."""

import datetime as dt

from sqlalchemy import ColumnElement

from learnhub.members.queries.conditions import probationary
from learnhub.records.models import Completion
from learnhub.training import queries as training
from learnhub.training.queries import audience_conditions
from learnhub.training.rules import Audience

__all__ = ["audience_conditions", "probationary", "same_stage"]


def same_stage(audience: Audience, day: dt.date) -> list[ColumnElement[bool]]:
    """What a row of `Completion` must meet to cover the stage a member is in on `day`."""
    return training.same_stage(audience, day, Completion.completed_on)
