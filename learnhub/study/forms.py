"""The form of the member's own mark."""

from wtforms import HiddenField
from wtforms.validators import AnyOf, Length

from learnhub.web.form import Form


class MarkForm(Form):
    """Which unit, and whether the mark is made (`1`) or taken back (`0`)."""

    unit = HiddenField(validators=[Length(min=1, max=160)])
    set = HiddenField(validators=[AnyOf(["0", "1"])])
