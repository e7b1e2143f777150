"""Forms of signing in."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from learnhub.web.form import Form


class SignInForm(Form):
    """Name and password."""

    login_name = StringField(_l("登录名"), [DataRequired(_l("请填登录名。")), Length(max=64)])
    password = PasswordField(_l("密码"), [DataRequired(_l("请填密码。")), Length(max=128)])


class PasswordForm(Form):
    """A new password, typed once; it can be shown while typing."""

    password = PasswordField(_l("新密码"), [DataRequired(_l("请填新密码。")), Length(max=128)])
