"""The form of a reflection."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Optional

from learnhub.web.form import Form


class ReflectionForm(Form):
    """What a member of a reading class chooses to write, as long or as short as they like."""

    text = TextAreaField(_l("心得（自愿）"), [Optional()])
