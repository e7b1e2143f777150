"""The form of the member's own page."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from learnhub.web.form import Form


class ObjectionForm(Form):
    """What a member has to say about an entry of their own record."""

    words = TextAreaField(_l("您认为应当是怎样的"), [InputRequired(_l("请写明情况。")), Length(max=1000)])
