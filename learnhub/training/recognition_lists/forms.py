"""The form of a list of members trained by a higher level."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from learnhub.web.form import Form


class ListForm(Form):
    """A file of people trained by a higher level."""

    file = FileField(_l("名单文件"), [FileRequired(_l("请选择文件。"))])
