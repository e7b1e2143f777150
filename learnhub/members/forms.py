"""The form of a roster file."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SubmitField
from wtforms.validators import DataRequired

from learnhub.web.form import Form


class UploadForm(Form):
    """A file, and the civil day from which its changes hold."""

    file = FileField(_l("名册文件"), [FileRequired(_l("请选择文件。"))])
    on = DateField(_l("名册日期"), [DataRequired(_l("请填名册日期，如 2026-11-01。"))])


class ConfirmForm(Form):
    """Confirms what was previewed; `digest` says what that was."""

    confirm = SubmitField(_l("确认导入"))
