"""The form of a change of a batch."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from learnhub.training.batches.forms import DatesForm
from learnhub.training.batches.rules import BATCH_LABELS
from learnhub.training.tasks.forms import MOST_PLACES


class ChangeBatchForm(DatesForm):
    """What of an open batch may be changed."""

    kind = SelectField(_l("班次形式"), [InputRequired(_l("请选一种。"))])
    capacity = IntegerField(_l("名额"), [InputRequired(_l("请填名额。")), NumberRange(1, MOST_PLACES)])

    def offer(self) -> None:
        """Offer the kinds of batches."""
        self.kind.choices = [(each.value, _(label)) for each, label in BATCH_LABELS.items()]
