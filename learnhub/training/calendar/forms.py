"""Forms of the list of holidays."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from learnhub.web.form import Form


class _Working(Form):
    """Whether days are worked."""

    def offer(self) -> None:
        """Offer the two answers, in the visitor's language."""
        self._fields["working"].choices = [("off", _("放假")), ("on", _("补班"))]

    @property
    def is_working(self) -> bool:
        """The answer chosen."""
        return bool(self._fields["working"].data == "on")


class HolidaysForm(_Working):
    """Days to be put on the list by one notice."""

    first = DateField(_l("第一天"), [InputRequired(_l("请填日期。"))])
    last = DateField(_l("最后一天"), [Optional()])
    working = SelectField(_l("这些天"))
    basis = StringField(_l("依据"), [InputRequired(_l("请写明依据。")), Length(max=300)])


class HolidayForm(_Working):
    """What one day of the list should say instead, and why; to take it back, the reason alone."""

    working = SelectField(_l("这一天"))
    basis = StringField(_l("依据"), [InputRequired(_l("请写明依据。")), Length(max=300)])
    because = StringField(_l("更正的理由"), [InputRequired(_l("请写明原因。")), Length(max=500)])
