"""Forms of the roll, of what follows it, and of the record."""

import dataclasses
from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from learnhub.attendance.rules import FOLLOW_UP_LABELS, FollowUpKind
from learnhub.core.text import whole_number
from learnhub.meetings.forms.planning import unix_lines
from learnhub.meetings.rules import Minutes
from learnhub.meetings.rules.decisions import Matter, Progress, Told
from learnhub.web.form import Form

LONGEST_TOLD = 300


class CodeForm(Form):
    """A check-in code as it is read off a screen: the screen's number, a dash, six signs."""

    code = StringField(_l("签到码"), [DataRequired(_l("请输入签到码。")), Length(max=20)])


class RollForm(Form):
    """What a roll is sent with, besides its marks."""

    base_version = IntegerField(validators=[InputRequired()])
    because = StringField(_l("更正的理由"), [Length(max=500)])


class FollowUpForm(Form):
    """A make-up or a home visit for one or several of those who missed a meeting."""

    # Whether somebody may be chosen is the service's to say: a repeated sending names one who is no longer waiting.
    # Nor is it required here: browsers would then ask for every box to be ticked.
    member = SelectMultipleField(_l("谁"), option_widget=CheckboxInput(), validate_choice=False)
    kind = RadioField(_l("怎么补的"), validators=[InputRequired(_l("请选一种方式。"))])
    day = DateField(_l("日期"), [InputRequired(_l("请填日期。"))])
    visitor = StringField(_l("谁去的、谁讲的"), [Length(max=100)])
    content = StringField(_l("学了什么"), [DataRequired(_l("请写学了什么。")), Length(max=500)])

    def chosen(self, occasion_id: int | None = None) -> list[tuple[int, int]]:
        """Whom it is for: ids of occasions and members; of `occasion_id` where the form is about one alone."""
        found = []
        for each in self.member.data or ():
            occasion, _dash, member = each.rpartition("-")
            pair = occasion_id if occasion_id is not None else whole_number(occasion), whole_number(member)
            found += [(pair[0], pair[1])] if pair[0] is not None and pair[1] is not None else []
        return found

    @property
    def chosen_kind(self) -> FollowUpKind:
        """The kind that was chosen."""
        return FollowUpKind(self.kind.data)


def follow_up_choices() -> list[tuple[str, str]]:
    """Every kind of follow-up, a home visit last."""
    return [(kind.value, _(label)) for kind, label in FOLLOW_UP_LABELS.items()]


class RecordForm(Form):
    """The record: what the roll does not already say."""

    chair = StringField(_l("主持人"), [DataRequired(_l("请填主持人。")), Length(max=100)])
    recorder = StringField(_l("记录人"), [DataRequired(_l("请填记录人。")), Length(max=100)])
    lesson = StringField(_l("课"), [Length(max=200)])
    lecturer = StringField(_l("主讲人"), [Length(max=100)])
    film = StringField(_l("片"), [Length(max=200)])
    film_source = StringField(_l("片的来源"), [Length(max=200)])
    practice = StringField(_l("实践"), [Length(max=200)])
    practice_people = IntegerField(
        _l("参加实践的人数"), [Optional(), NumberRange(0, 10_000, _l("人数要在 0 到 10000 之间。"))]
    )
    agenda = TextAreaField(_l("议程"), [Length(max=2000)], filters=[unix_lines])
    decisions = TextAreaField(_l("议定的事和谁来办"), [Length(max=4000)], filters=[unix_lines])
    summary = TextAreaField(_l("活动情况"), [Length(max=4000)], filters=[unix_lines])
    because = StringField(_l("更正的理由"), [Length(max=500)])
    late_reason = StringField(_l("补录的原因"), [Length(max=200)])
    started_from = HiddenField()

    @property
    def written(self) -> Minutes:
        """The record's words."""
        planned = {each.name: self[each.name].data or "" for each in dataclasses.fields(Minutes)}
        return Minutes(**{**planned, "practice_people": self.practice_people.data})


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """An earlier decision as the record asks after it, with what is chosen (None for nothing) and said about it."""

    matter: Matter
    progress: Progress | None
    words: str

    @property
    def name(self) -> str:
        """What its fields are called by."""
        return f"{self.matter.decision.meeting_id}-{self.matter.decision.key}"


def asked_after(known: Iterable[tuple[Matter, Told | None]], sent: Mapping[str, str] | None) -> tuple[Asked, ...]:
    """The decisions to ask after, with what was sent about each, or with what the record says where nothing was sent."""
    found = []
    for matter, told in known:
        shown = Asked(matter, told.progress if told else None, told.words if told else "")
        if sent is not None and f"progress-{shown.name}" in sent:
            chosen = next((each for each in Progress if each.value == sent[f"progress-{shown.name}"]), None)
            shown = Asked(matter, chosen, sent.get(f"words-{shown.name}", "").strip()[:LONGEST_TOLD])
        found.append(shown)
    return tuple(found)
