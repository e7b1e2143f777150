"""The form with which a picture is put beside a record."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import Length

from learnhub.attendance.rules import LONGEST_CAPTION
from learnhub.web.form import Form


class AttachmentForm(Form):
    """One picture, and a few words about it if there is something to say."""

    file = FileField(_l("照片"), [FileRequired(_l("请选一张照片。"))])
    caption = StringField(_l("照片说明"), [Length(max=LONGEST_CAPTION)])
