"""Forms of meetings. What may be chosen is handed in, never queried."""

from learnhub.meetings.forms.attachments import AttachmentForm
from learnhub.meetings.forms.planning import (
    LONGEST_MINUTES,
    OTHER,
    EmptyForm,
    OwnForm,
    PackForm,
    PublishForm,
    ReasonForm,
    ScheduleForm,
    UsualForm,
    WhenAndWhere,
    kind_choices,
)
from learnhub.meetings.forms.record import (
    LONGEST_TOLD,
    Asked,
    CodeForm,
    FollowUpForm,
    RecordForm,
    RollForm,
    asked_after,
    follow_up_choices,
)
from learnhub.meetings.forms.work import ExplanationForm, HelpForm, HintForm, RuleForm

__all__ = [
    "LONGEST_MINUTES",
    "LONGEST_TOLD",
    "OTHER",
    "Asked",
    "AttachmentForm",
    "CodeForm",
    "EmptyForm",
    "ExplanationForm",
    "FollowUpForm",
    "HelpForm",
    "HintForm",
    "OwnForm",
    "PackForm",
    "PublishForm",
    "ReasonForm",
    "RecordForm",
    "RollForm",
    "RuleForm",
    "ScheduleForm",
    "UsualForm",
    "WhenAndWhere",
    "asked_after",
    "follow_up_choices",
    "kind_choices",
]
