"""Forms of scheduling and of month packs."""

import dataclasses
import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from learnhub.meetings.rules import KIND_LABELS, HabitValue, MeetingKind, Minutes
from learnhub.meetings.rules.packs import OwnValue, PackWords, Part
from learnhub.web.form import Form

OTHER = "other"
LONGEST_MINUTES = 24 * 60


def unix_lines(text: str | None) -> str | None:
    """Browsers send line ends as CR LF; kept as LF, so that words sent back unchanged are the same."""
    return text.replace("\r\n", "\n") if text else text


class WhenAndWhere(Form):
    """A beginning and a place: one of those proposed, or one typed, which goes before."""

    when = RadioField(_l("时间"), validate_choice=False, validators=[Optional()])
    day = DateField(_l("其他日期"), [Optional()])
    starts = TimeField(_l("其他钟点"), [Optional()])
    minutes = IntegerField(
        _l("大约开多少分钟"),
        [InputRequired(_l("请填大约开多少分钟。")), NumberRange(1, LONGEST_MINUTES, _l("分钟数要在 1 到 1440 之间。"))],
    )
    spot = RadioField(_l("地点"), validate_choice=False, validators=[Optional()])
    place = StringField(_l("其他地点"), [Length(max=200)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, then whether a time and a place were chosen or typed at all."""
        valid = super().validate(extra_validators)
        if self.day.data is None and not self.day.errors and self._chosen() is None:
            self.day.errors = [_("请选一个时间，或者填上日期。")]
        if not self.place.data and (self.spot.data or OTHER) == OTHER:
            self.place.errors = [_("请选一个地点，或者填上地点。")]
        return valid and not self.day.errors and not self.place.errors

    def _chosen(self) -> dt.datetime | None:
        try:
            return dt.datetime.fromisoformat(self.when.data or "").replace(tzinfo=None)
        except ValueError:
            return None

    def beginning(self, usual: dt.time) -> tuple[dt.date, dt.time]:
        """The civil day and time: typed ones go before the chosen one; `usual` is the hour when only a day is typed."""
        chosen = self._chosen()
        day = self.day.data or (chosen.date() if chosen else dt.date.min)
        time = self.starts.data or (chosen.time() if chosen else usual)
        return day, time

    @property
    def where(self) -> str:
        """The place: the typed one goes before the chosen one."""
        return str(self.place.data or self.spot.data)


class ScheduleForm(WhenAndWhere):
    """A meeting to be: time, place, chair, kinds, and what it is about."""

    kinds = SelectMultipleField(
        _l("会议种类"), option_widget=CheckboxInput(), widget=ListWidget(), validate_choice=True
    )
    chair = StringField(_l("主持人"), [DataRequired(_l("请填主持人。")), Length(max=100)])
    theme = StringField(_l("主题"), [DataRequired(_l("请填主题。")), Length(max=200)])
    lesson = StringField(_l("课"), [Length(max=200)])
    lecturer = StringField(_l("主讲人"), [Length(max=100)])
    film = StringField(_l("片"), [Length(max=200)])
    film_source = StringField(_l("片的来源"), [Length(max=200)])
    practice = StringField(_l("实践"), [Length(max=200)])
    agenda = TextAreaField(_l("议程"), [Length(max=2000)], filters=[unix_lines])

    @property
    def planned(self) -> Minutes:
        """What is known beforehand."""
        return Minutes(
            chair=self.chair.data,
            lesson=self.lesson.data or "",
            lecturer=self.lecturer.data or "",
            film=self.film.data or "",
            film_source=self.film_source.data or "",
            practice=self.practice.data or "",
            agenda=self.agenda.data or "",
        )

    @property
    def chosen_kinds(self) -> tuple[MeetingKind, ...]:
        """The kinds that were ticked."""
        return tuple(MeetingKind(value) for value in self.kinds.data)


def kind_choices() -> list[tuple[str, str]]:
    """Every kind of meeting to tick."""
    return [(kind.value, _(label)) for kind, label in KIND_LABELS.items()]


class UsualForm(Form):
    """A branch's fixed day of the month, hour, length, place and chair, from a day on."""

    day_of_month = IntegerField(
        _l("每月几日"), [InputRequired(_l("请填每月几日。")), NumberRange(1, 31, _l("日子要在 1 到 31 之间。"))]
    )
    starts = TimeField(_l("几点开始"), [InputRequired(_l("请填几点开始。"))])
    minutes = IntegerField(
        _l("大约开多少分钟"),
        [InputRequired(_l("请填大约开多少分钟。")), NumberRange(1, LONGEST_MINUTES, _l("分钟数要在 1 到 1440 之间。"))],
    )
    place = StringField(_l("地点"), [DataRequired(_l("请填地点。")), Length(max=200)])
    chair = StringField(_l("主持人"), [DataRequired(_l("请填主持人。")), Length(max=100)])
    since = DateField(_l("从哪天起"), [InputRequired(_l("请填从哪天起。"))])

    @property
    def usual(self) -> HabitValue:
        """What was typed."""
        return HabitValue(self.day_of_month.data, self.starts.data, self.minutes.data, self.place.data, self.chair.data)


class PackForm(Form):
    """A month's unit as it is prepared for a subtree."""

    title = StringField(_l("题目"), [DataRequired(_l("请填题目。")), Length(max=200)])
    lesson = StringField(_l("课"), [DataRequired(_l("请填课。")), Length(max=200)])
    lecturer = StringField(_l("主讲人"), [Length(max=100)])
    film = StringField(_l("片"), [Length(max=200)])
    film_source = StringField(_l("片的来源"), [Length(max=200)])
    practice = StringField(_l("实践"), [DataRequired(_l("请填实践。")), Length(max=200)])
    fixed = TextAreaField(_l("都要做的事"), [Length(max=2000)])
    free = TextAreaField(_l("可以选做的事"), [Length(max=2000)])

    @property
    def words(self) -> PackWords:
        """What was typed."""
        return PackWords(**{each.name: (self[each.name].data or "").strip() for each in dataclasses.fields(PackWords)})


class PublishForm(Form):
    """Why a published pack is replaced or withdrawn; nothing to say when none stands."""

    because = StringField(_l("理由"), [Length(max=500)])


class OwnForm(Form):
    """A branch's own film and practice of a month; an empty one returns to what is published."""

    film = StringField(_l("本支部自己的片"), [Length(max=200)])
    film_source = StringField(_l("片的来源"), [Length(max=200)])
    practice = StringField(_l("本支部自己的实践"), [Length(max=200)])

    @property
    def chosen(self) -> dict[Part, OwnValue]:
        """What was typed for each part; a source without a film says nothing."""
        film = (self.film.data or "").strip()
        source = (self.film_source.data or "").strip() if film else ""
        return {Part.FILM: OwnValue(film, source), Part.PRACTICE: OwnValue((self.practice.data or "").strip(), "")}


class ReasonForm(Form):
    """A reason for taking something back."""

    reason = StringField(_l("原因"), [DataRequired(_l("请写明原因。")), Length(max=200)])


class EmptyForm(Form):
    """A button and nothing else."""
