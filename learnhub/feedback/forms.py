"""Forms of feedback."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from learnhub.feedback.rules import CLARITY_LABELS, KIND_LABELS, USE_LABELS, ComplaintKind
from learnhub.web.form import Form


class ComplaintForm(Form):
    """A complaint, a suggestion, a mistake found, a call for help."""

    kind = RadioField(_l("是哪一类"), [InputRequired(_l("请选一类。"))], default=ComplaintKind.SUGGESTION.value)
    words = TextAreaField(_l("内容"), [DataRequired(_l("请写下要说的事。")), Length(max=2000)])
    contact = StringField(_l("联系方式（可以不填）"), [Length(max=100)])
    nameless = BooleanField(_l("不留名"))
    page = HiddenField()

    def offer(self) -> None:
        """Offer the kinds."""
        self.kind.choices = [(each.value, _(label)) for each, label in KIND_LABELS.items()]


class NumberForm(Form):
    """The number of a complaint."""

    number = StringField(_l("受理编号"), [DataRequired(_l("请填受理编号。")), Length(max=40)])


class ReplyForm(Form):
    """The reply to a complaint; `instead_of` is the one its writer saw."""

    words = TextAreaField(_l("答复"), [DataRequired(_l("请写答复。")), Length(max=2000)])
    because = StringField(_l("为什么改"), [Length(max=500)])
    instead_of = HiddenField()


class OpinionForm(Form):
    """What one thinks of a course or a month."""

    clarity = RadioField(_l("看得懂吗"), [InputRequired(_l("请选一项。"))])
    use = RadioField(_l("用得上吗"), [InputRequired(_l("请选一项。"))])
    words = TextAreaField(_l("想说的话（可以不填）"), [Length(max=500)])

    def offer(self) -> None:
        """Offer what may be chosen."""
        self.clarity.choices = [(each.value, _(label)) for each, label in CLARITY_LABELS.items()]
        self.use.choices = [(each.value, _(label)) for each, label in USE_LABELS.items()]
