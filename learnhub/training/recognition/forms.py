"""Forms of study elsewhere that is recognised for a task."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from learnhub.records.rules import WAY_LABELS, CompletionWay
from learnhub.training.recognition.rules import EVIDENCE_LABELS, MOST_QUARTERS, EvidenceClass, NewRecognition
from learnhub.web.form import Form


class RecognitionForm(Form):
    """Study elsewhere of one member."""

    way = RadioField(_l("怎样学的"), [InputRequired(_l("请选一种。"))])
    title = StringField(_l("班次或者学习内容"), [InputRequired(_l("请填班次名称，或者学了什么。")), Length(max=200)])
    organizer = StringField(_l("举办单位或者送学的人"), [InputRequired(_l("请填是谁办的、谁送的。")), Length(max=200)])
    starts_on = DateField(_l("开始日期"), [InputRequired(_l("请填开始日期。"))])
    ends_on = DateField(_l("结束日期"), [InputRequired(_l("请填结束日期，只有一天就填同一天。"))])
    hours = DecimalField(
        _l("学时"), [InputRequired(_l("请填学时。")), NumberRange(0.25, MOST_QUARTERS // 4)], places=None
    )
    evidence = RadioField(_l("凭据种类"), [InputRequired(_l("请选一种凭据。"))])
    reference = StringField(_l("凭据编号或者说明"), [InputRequired(_l("请填凭据在哪里能查到。")), Length(max=300)])

    def offer(self, ways: Iterable[CompletionWay]) -> None:
        """Offer the `ways` that may be recognised here, and the kinds of evidence."""
        self.way.choices = [(each.value, _(WAY_LABELS[each])) for each in ways]
        self.evidence.choices = [(each.value, _(label)) for each, label in EVIDENCE_LABELS.items()]

    def validate_hours(self, field: DecimalField) -> None:
        if field.data is not None and field.data * 4 % 1:
            raise ValidationError(_("学时按四分之一计，例如 4、3.5、0.25。"))

    def new(self, member_id: int) -> NewRecognition:
        """What was typed, about `member_id`."""
        return NewRecognition(
            member_id=member_id,
            way=CompletionWay(self.way.data),
            title=self.title.data or "",
            organizer=self.organizer.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            quarters=int(self.hours.data * 4),
            evidence=EvidenceClass(self.evidence.data),
            reference=self.reference.data or "",
        )


class CorrectionForm(RecognitionForm):
    """What a recognition should say instead, and why."""

    because = StringField(_l("更正的理由"), [InputRequired(_l("请写明原因。")), Length(max=500)])
