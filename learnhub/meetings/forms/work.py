"""Forms of what is due and of the work list."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from learnhub.meetings.forms.planning import kind_choices
from learnhub.meetings.rules import MeetingKind
from learnhub.web.form import Form


class HintForm(Form):
    """Why a hint is put aside."""

    reason = StringField(_l("理由"), [DataRequired(_l("请写明理由，以后能看到为什么。")), Length(max=200)])


class HelpForm(Form):
    """What a branch needs help with."""

    words = TextAreaField(_l("需要帮什么"), [DataRequired(_l("请写明需要帮什么。")), Length(max=500)])


class RuleForm(Form):
    """How often a kind of meeting is held, from when, by which rule."""

    kind = SelectField(_l("哪种会议"))
    months = SelectField(_l("多久一次"), coerce=int)
    valid_from = DateField(_l("从哪天起执行"), [InputRequired(_l("请填执行日期。"))])
    basis = StringField(_l("依据"), [InputRequired(_l("请填依据的文件或者计划。")), Length(max=300)])

    def offer(self, every: Mapping[int, str]) -> None:
        """Offer the kinds that a rule can be about, and how often in words."""
        self.kind.choices = [choice for choice in kind_choices() if choice[0] != MeetingKind.THEME_DAY.value]
        self.months.choices = [(months, _(words)) for months, words in every.items()]


class ExplanationForm(Form):
    """Why a meeting was not held."""

    reason = TextAreaField(_l("为什么没有开"), [DataRequired(_l("请写明为什么没有开。")), Length(max=300)])
