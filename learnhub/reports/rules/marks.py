"""What a mark of the roll-up names."""

import enum


class MarkKind(enum.Enum):
    """The figures of one organization, of wherever a member belongs, or of a whole task."""

    ORGANIZATION = "organization"
    MEMBER = "member"
    TASK = "task"
