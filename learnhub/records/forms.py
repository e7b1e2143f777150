"""Forms of the record book. What may be chosen is handed in, never queried."""

from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from learnhub.records.rules import (
    ANSWER_LABELS,
    CREDIT_LABELS,
    MOST_QUARTERS,
    POST_LABELS,
    Answer,
    Change,
    Correction,
)
from learnhub.web.form import Form

_POST = "post:"
_KIND = "kind:"


def _whole_quarters(form: Form, field: DecimalField) -> None:
    if field.data is not None and field.data * 4 % 1:
        raise ValidationError(_("学时按四分之一计，例如 4、3.5、0.25。"))


class RuleForm(Form):
    """A new dated rule: for what, how many hours, from when, on which basis."""

    subject = SelectField(_l("哪一条规则"))
    hours = DecimalField(
        _l("学时"),
        [InputRequired(_l("请填学时。")), NumberRange(Decimal("0.25"), MOST_QUARTERS // 4), _whole_quarters],
    )
    valid_from = DateField(_l("从哪天起执行"), [InputRequired(_l("请填执行日期。"))])
    basis = StringField(_l("依据"), [InputRequired(_l("请填依据的文件或者计划。")), Length(max=300)])

    def offer(self) -> None:
        """Offer every kind of study, and the yearly need of every post."""
        kinds = [(f"{_KIND}{each.value}", _(label)) for each, label in CREDIT_LABELS.items()]
        posts = [(f"{_POST}{each}", _("全年要求：%(who)s", who=_(label))) for each, label in POST_LABELS.items()]
        self.subject.choices = [*kinds, *posts]

    @property
    def quarters(self) -> int:
        """The hours in quarter hours."""
        return int(self.hours.data * 4)

    @property
    def post(self) -> str | None:
        """The post whose yearly need it is, or None for a kind of study."""
        chosen = self.subject.data
        return chosen.removeprefix(_POST) if chosen.startswith(_POST) else None

    @property
    def kind(self) -> str:
        """The kind of study (`records.rules.CreditKind`) that it is for."""
        return self.subject.data.removeprefix(_KIND)


class AnswerForm(Form):
    """The answer to an objection, and what it corrects."""

    answer = RadioField(_l("答复"), [InputRequired(_l("请选一种答复。"))])
    change = RadioField(_l("在这里改什么"), default=Change.NONE.value)
    hours = DecimalField(_l("更正后的学时"), [Optional(), NumberRange(Decimal("0.25"), 100), _whole_quarters])
    words = TextAreaField(_l("给本人的说明"), [InputRequired(_l("请写明情况。")), Length(max=500)])

    def offer(self, above: bool, changes: tuple[Change, ...]) -> None:
        """Offer the answers of a branch or of the level above, and what can be changed of this entry."""
        answers = [each for each in Answer if not (above and each is Answer.PASSED_ON)]
        self.answer.choices = [(each.value, _(ANSWER_LABELS[each])) for each in answers]
        words = {
            Change.NONE: _("不在这里改（已在会议或者培训班的记录里更正）"),
            Change.HOURS: _("改学时：原来的一条撤回，按新的学时重新登记"),
            Change.WITHDRAW: _("整条撤回"),
        }
        self.change.choices = [(each.value, words[each]) for each in changes]

    @property
    def chosen(self) -> Answer:
        """How it is answered."""
        return Answer(self.answer.data)

    @property
    def correction(self) -> Correction:
        """What is corrected along with a correcting answer; the other answers correct nothing."""
        if self.chosen is not Answer.CORRECTED:
            return Correction()
        return Correction(Change(self.change.data), int((self.hours.data or 0) * 4))


class CorrectionForm(Form):
    """The correction of an entry that nobody objected to, with its reason."""

    change = RadioField(_l("怎样更正"), [InputRequired(_l("请选怎样更正。"))])
    hours = DecimalField(_l("更正后的学时"), [Optional(), NumberRange(Decimal("0.25"), 1000), _whole_quarters])
    words = TextAreaField(_l("更正的原因"), [InputRequired(_l("更正记录要写明原因。")), Length(max=500)])

    def offer(self, changes: tuple[Change, ...]) -> None:
        """Offer what can be changed of a credit."""
        words = {
            Change.HOURS: _("改学时：原来的一条撤回，按新的学时重新登记"),
            Change.WITHDRAW: _("整条撤回"),
        }
        self.change.choices = [(each.value, words[each]) for each in changes]

    @property
    def correction(self) -> Correction:
        """What is corrected."""
        return Correction(Change(self.change.data), int((self.hours.data or 0) * 4))
