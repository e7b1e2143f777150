"""Forms of classes for everybody who waits."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from learnhub.training.batches.forms import DatesForm
from learnhub.training.batches.rules import ClassDates
from learnhub.training.classes.rules import MOST_CLASSES, SPLIT_LABELS
from learnhub.training.tasks.forms import MOST_PLACES
from learnhub.web.form import Form


class ClassRow(DatesForm):
    """One of the classes proposed."""

    class Meta(Form.Meta):
        csrf = False


class SplitForm(Form):
    """How those who wait are split into classes: where, and how many in one."""

    class Meta(Form.Meta):
        csrf = False

    by = SelectField(_l("在哪里办班"), [InputRequired(_l("请选一种。"))])
    size = IntegerField(_l("每班最多几人"), [InputRequired(_l("请填一个数。")), NumberRange(1, MOST_PLACES)])

    def offer(self) -> None:
        """Offer where classes may be held."""
        self.by.choices = [(each.value, _(label)) for each, label in SPLIT_LABELS.items()]


class ClassesForm(Form):
    """The classes proposed, with what is to be filled in for each."""

    seen = StringField(validators=[InputRequired(), Length(max=64)])
    rows = FieldList(FormField(ClassRow), max_entries=MOST_CLASSES)

    @property
    def dates(self) -> list[ClassDates]:
        """What was filled in, class by class."""
        return [row.form.dates for row in self.rows]
