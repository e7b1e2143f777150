"""Forms of batches, their sessions, and of classes for everybody who waits."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, FieldList, FormField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from learnhub.core import clock
from learnhub.training.batches.rules import BATCH_LABELS, SESSION_LABELS, BatchKind, ClassDates, NewSession, SessionKind
from learnhub.training.tasks.forms import MOST_PLACES, SESSION_ROWS, WholeQuarters, quarters_of
from learnhub.web.form import Form


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
    kind = SelectField(_l("形式"), [Optional()], default=SessionKind.LECTURE.value)
    course = SelectField(_l("用平台上的课程"), [Optional()])
    hours = DecimalField(_l("学时"), [Optional(), NumberRange(0, 24), WholeQuarters()])

    def offer(self, courses: Sequence[tuple[str, str]]) -> None:
        """Offer the kinds of sessions, and courses (slug, title)."""
        self.kind.choices = [(each.value, _(label)) for each, label in SESSION_LABELS.items()]
        self.course.choices = [("", _("不用")), *courses]

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
            quarters=None if self.hours.data is None else quarters_of(self.hours.data),
            kind=SessionKind(self.kind.data or SessionKind.LECTURE.value),
        )


class DatesForm(Form):
    """What a batch is called, where and when it is held."""

    title = StringField(_l("期次名称"), [InputRequired(_l("请填期次名称。")), Length(max=200)])
    place = StringField(_l("地点"), [InputRequired(_l("请填地点。")), Length(max=200)])
    starts_on = DateField(_l("开始日期"), [InputRequired(_l("请填开始日期。"))])
    ends_on = DateField(_l("结束日期"), [InputRequired(_l("请填结束日期。"))])

    @property
    def dates(self) -> ClassDates:
        """What was filled in."""
        return ClassDates(self.title.data, self.place.data, self.starts_on.data, self.ends_on.data)


class BatchForm(Form):
    """A batch and its timetable."""

    kind = SelectField(_l("班次形式"), [Optional()], default=BatchKind.TRAINING.value)
    title = StringField(_l("期次名称"), [InputRequired(_l("请填期次名称。")), Length(max=200)])
    place = StringField(_l("地点"), [InputRequired(_l("请填地点。")), Length(max=200)])
    starts_on = DateField(_l("开始日期"), [InputRequired(_l("请填开始日期。"))])
    ends_on = DateField(_l("结束日期"), [InputRequired(_l("请填结束日期。"))])
    capacity = IntegerField(_l("名额"), [InputRequired(_l("请填名额。")), NumberRange(1, MOST_PLACES)])
    quiz_course = SelectField(_l("平台上的结业测试"), [Optional()])
    sessions = FieldList(FormField(SessionFields), min_entries=SESSION_ROWS, max_entries=SESSION_ROWS)

    def offer(self, courses: Sequence[tuple[str, str]], with_quiz: Sequence[tuple[str, str]]) -> None:
        """Offer courses (slug, title) for sessions, and those that have a quiz for the completion test."""
        self.kind.choices = [(each.value, _(label)) for each, label in BATCH_LABELS.items()]
        self.quiz_course.choices = [("", _("不在平台上测试")), *with_quiz]
        for row in self.sessions:
            row.form.offer(courses)

    @property
    def new_sessions(self) -> list[NewSession]:
        """The sessions of the filled rows."""
        return [row.form.new_session for row in self.sessions if not row.form.is_empty]
