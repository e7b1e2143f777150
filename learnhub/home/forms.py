"""The form of the member's own page."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from learnhub.web.form import Form


class ObjectionForm(Form):
    """What a member has to say about an entry of their own record."""

    words = TextAreaField(_l("您认为应当是怎样的"), [InputRequired(_l("请写明情况。")), Length(max=1000)])


class OwnDataForm(Form):
    """That it is really the owner who takes everything away: the password, or a tick where there is none."""

    password = PasswordField(_l("密码"), [DataRequired(_l("请填密码。")), Length(max=128)])
    sure = BooleanField(_l("我确认在自己的设备上下载，并且会保管好这个文件"), [DataRequired(_l("请先确认。"))])

    by_password = False

    def ask(self, *, password: bool) -> None:
        """Ask for one of the two."""
        self.by_password = password
        spared = self.sure if password else self.password
        spared.validators = [Optional()]
