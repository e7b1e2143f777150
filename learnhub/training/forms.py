"""Forms of rotational training. What may be chosen is handed in, never queried."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    DecimalField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from learnhub.core import clock
from learnhub.core.text import whole_number
from learnhub.members.rules import CIRCUMSTANCE_LABELS, POST_LABELS, CircumstanceKind, PostKind
from learnhub.organizations.rules import DOMAIN_LABELS, Domain
from learnhub.training.rules import KIND_LABELS, Audience, CompletionRule, MemberKind, NewSession
from learnhub.web.form import Form

MOST_HOURS = 1000
MOST_PLACES = 2000
# Rows for sessions on the form of a new batch; more are added on the batch's own page.
SESSION_ROWS = 6


def _quarters(hours: Any) -> int:
    return int(hours * 4)


class WholeQuarters:
    """Hours come in quarters: 0.25, 0.5, 0.75."""

    def __call__(self, form: Any, field: DecimalField) -> None:
        if field.data is not None and field.data * 4 % 1:
            raise ValidationError(_("学时按四分之一计，例如 4、3.5、0.25。"))


class Ticks(SelectMultipleField):
    """Any number of choices to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TaskForm(Form):
    """A training task: what, when, on which basis, for whom, completed by which rule."""

    title = StringField(_l("名称"), [InputRequired(_l("请填名称。")), Length(max=200)])
    starts_on = DateField(_l("开始日期"), [InputRequired(_l("请填开始日期。"))])
    ends_on = DateField(_l("结束日期"), [InputRequired(_l("请填结束日期。"))])
    hours = DecimalField(_l("学时"), [InputRequired(_l("请填学时。")), NumberRange(0.25, MOST_HOURS), WholeQuarters()])
    basis = StringField(_l("依据"), [InputRequired(_l("请填依据的文件或者计划。")), Length(max=300)])
    kinds = Ticks(_l("党员类别"))
    posts = Ticks(_l("职务"))
    domains = Ticks(_l("领域"))
    circumstances = Ticks(_l("情形"))
    leave_part = IntegerField(
        _l("缺课不超过总学时的几分之一"), [InputRequired(_l("请填一个数。")), NumberRange(1, 100)], default=7
    )
    pass_percent = IntegerField(_l("结业测试的合格线"), [Optional(), NumberRange(0, 100)])

    def offer(self) -> None:
        """Offer the words that an audience is made of."""
        self.kinds.choices = [(each.value, _(label)) for each, label in KIND_LABELS.items()]
        self.posts.choices = [(each.value, _(label)) for each, label in POST_LABELS.items()]
        self.domains.choices = [(each.value, _(label)) for each, label in DOMAIN_LABELS.items()]
        self.circumstances.choices = [(each.value, _(label)) for each, label in CIRCUMSTANCE_LABELS.items()]

    @property
    def quarters(self) -> int:
        """The hours in quarter hours."""
        return _quarters(self.hours.data)

    @property
    def audience(self) -> Audience:
        """Whom the task is for."""
        return Audience(
            kinds=frozenset(MemberKind(each) for each in self.kinds.data or ()),
            posts=frozenset(PostKind(each) for each in self.posts.data or ()),
            domains=frozenset(Domain(each) for each in self.domains.data or ()),
            circumstances=frozenset(CircumstanceKind(each) for each in self.circumstances.data or ()),
        )

    @property
    def rule(self) -> CompletionRule:
        """Who completes it."""
        return CompletionRule(self.leave_part.data, self.pass_percent.data)


class SessionFields(Form):
    """One session; on the form of a batch an empty row is no session."""

    class Meta(Form.Meta):
        csrf = False

    title = StringField(_l("课题"), [Length(max=200)])
    day = DateField(_l("日期"), [Optional()])
    starts = TimeField(_l("开始时间"), [Optional()])
    ends = TimeField(_l("结束时间"), [Optional()])
    place = StringField(_l("地点"), [Length(max=200)])
    lecturer = StringField(_l("主讲人"), [Length(max=100)])
    course = SelectField(_l("用平台上的课程"), [Optional()])
    hours = DecimalField(_l("学时"), [Optional(), NumberRange(0, 24), WholeQuarters()])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed that makes a session."""
        return not (self.title.data or self.day.data or self.starts.data or self.ends.data)

    def validate_title(self, field: StringField) -> None:
        if not self.is_empty and not (field.data and self.day.data and self.starts.data and self.ends.data):
            raise ValidationError(_("一次课要有课题、日期、开始和结束时间。"))

    def validate_ends(self, field: TimeField) -> None:
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError(_("结束时间要晚于开始时间。"))

    @property
    def new_session(self) -> NewSession:
        """The session of a filled row."""
        return NewSession(
            title=self.title.data,
            starts_at=clock.instant(self.day.data, self.starts.data),
            ends_at=clock.instant(self.day.data, self.ends.data),
            place=self.place.data or "",
            lecturer=self.lecturer.data or "",
            course=self.course.data or None,
            quarters=None if self.hours.data is None else _quarters(self.hours.data),
        )


class SessionForm(SessionFields):
    """One more session of a batch."""

    class Meta(Form.Meta):
        csrf = True

    title = StringField(_l("课题"), [InputRequired(_l("请填课题。")), Length(max=200)])
    day = DateField(_l("日期"), [InputRequired(_l("请填日期。"))])
    starts = TimeField(_l("开始时间"), [InputRequired(_l("请填开始时间。"))])
    ends = TimeField(_l("结束时间"), [InputRequired(_l("请填结束时间。"))])


class BatchForm(Form):
    """A batch and its timetable."""

    title = StringField(_l("期次名称"), [InputRequired(_l("请填期次名称。")), Length(max=200)])
    place = StringField(_l("地点"), [InputRequired(_l("请填地点。")), Length(max=200)])
    starts_on = DateField(_l("开始日期"), [InputRequired(_l("请填开始日期。"))])
    ends_on = DateField(_l("结束日期"), [InputRequired(_l("请填结束日期。"))])
    capacity = IntegerField(_l("名额"), [InputRequired(_l("请填名额。")), NumberRange(1, MOST_PLACES)])
    quiz_course = SelectField(_l("平台上的结业测试"), [Optional()])
    sessions = FieldList(FormField(SessionFields), min_entries=SESSION_ROWS, max_entries=SESSION_ROWS)

    def offer(self, courses: Sequence[tuple[str, str]], with_quiz: Sequence[tuple[str, str]]) -> None:
        """Offer courses (slug, title) for sessions, and those that have a quiz for the completion test."""
        self.quiz_course.choices = [("", _("不在平台上测试")), *with_quiz]
        for row in self.sessions:
            row.form.course.choices = course_choices(courses)

    @property
    def new_sessions(self) -> list[NewSession]:
        """The sessions of the filled rows."""
        return [row.form.new_session for row in self.sessions if not row.form.is_empty]


def course_choices(courses: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Courses (slug, title) to choose from, after the choice of none."""
    return [("", _("不用")), *courses]


class ReasonForm(Form):
    """A reason for taking something back."""

    reason = StringField(_l("原因"), [InputRequired(_l("请写明原因。")), Length(max=500)])


class RollForm(Form):
    """What a roll is sent with, besides its marks."""

    base_version = IntegerField(validators=[InputRequired()])
    because = StringField(_l("更正的理由"), [Length(max=500)])


class EmptyForm(Form):
    """A form that is but a button."""


@dataclasses.dataclass(frozen=True, slots=True)
class SentResults:
    """Test results as typed, by member id: those that can be used, and the words of those that cannot."""

    percents: Mapping[int, int | None]
    wrong: Mapping[int, str]


def sent_results(fields: Mapping[str, str], member_ids: Sequence[int]) -> SentResults:
    """Read `percent-<id>` of each member; an empty field means no result."""
    percents: dict[int, int | None] = {}
    wrong: dict[int, str] = {}
    for member in member_ids:
        typed = fields.get(f"percent-{member}", "").strip()
        percent = whole_number(typed, digits=3)
        if typed and (percent is None or percent > 100):
            wrong[member] = typed
        else:
            percents[member] = percent
    return SentResults(percents, wrong)
