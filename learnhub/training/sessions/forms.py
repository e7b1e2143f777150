"""Forms of sessions and their rolls."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, StringField, TimeField
from wtforms.validators import InputRequired, Length

from learnhub.training.batches.forms import SessionFields
from learnhub.web.form import Form


class SessionForm(SessionFields):
    """One more session of a batch."""

    class Meta(Form.Meta):
        csrf = True

    title = StringField(_l("课题"), [InputRequired(_l("请填课题。")), Length(max=200)])
    day = DateField(_l("日期"), [InputRequired(_l("请填日期。"))])
    starts = TimeField(_l("开始时间"), [InputRequired(_l("请填开始时间。"))])
    ends = TimeField(_l("结束时间"), [InputRequired(_l("请填结束时间。"))])


class ChangeSessionForm(SessionForm):
    """Another session in the place of one, and why."""

    reason = StringField(_l("更改的原因"), [InputRequired(_l("请写明原因。")), Length(max=500)])


class RollForm(Form):
    """What a roll is sent with, besides its marks."""

    base_version = IntegerField(validators=[InputRequired()])
    because = StringField(_l("更正的理由"), [Length(max=500)])
