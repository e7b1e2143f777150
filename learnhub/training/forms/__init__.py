"""Forms of rotational training. What may be chosen is handed in, never queried."""

from learnhub.training.forms.batches import (
    BatchForm,
    ChangeBatchForm,
    ChangeSessionForm,
    ClassesForm,
    DatesForm,
    ReflectionForm,
    SessionForm,
    SplitForm,
)
from learnhub.training.forms.rolls import AnswersFileForm, ReasonForm, ResultsForm, RollForm, SentResults, sent_results
from learnhub.training.forms.tasks import AmendForm, TaskForm

__all__ = [
    "AmendForm",
    "AnswersFileForm",
    "BatchForm",
    "ChangeBatchForm",
    "ChangeSessionForm",
    "ClassesForm",
    "DatesForm",
    "ReasonForm",
    "ReflectionForm",
    "ResultsForm",
    "RollForm",
    "SentResults",
    "SessionForm",
    "SplitForm",
    "TaskForm",
    "sent_results",
]
