"""The base of every form, and the key that makes a repeated sending count once."""

import secrets
from typing import Any

from flask import Flask, g, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from markupsafe import Markup
from wtforms import Field, FieldList, FormField
from wtforms.validators import ValidationError

from learnhub.core.errors import DomainError
from learnhub.core.text import is_storable

protection = CSRFProtect()


class Storable:
    """Refuses text that a database cannot keep, and shows it again without what nothing can show."""

    def __call__(self, form: Any, field: Field) -> None:
        if isinstance(field.data, str) and not is_storable(field.data):
            field.data = "".join(character for character in field.data if is_storable(character))
            raise ValidationError(_("这里有不能保存的字符，请重新输入。"))


class Form(FlaskForm):
    """A form that strips what was typed, refuses what cannot be stored and takes the refusals of the domain."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            if issubclass(unbound_field.field_class, FieldList | FormField):
                return unbound_field.bind(form=form, **options)  # rows take no filters of their own; their fields do
            filters = [_strip, *unbound_field.kwargs.get("filters", [])]
            return unbound_field.bind(form=form, filters=filters, **options)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; each also takes only what can be stored."""
        extra = {name: [*(extra_validators or {}).get(name, []), Storable()] for name in self._fields}
        return bool(super().validate(extra_validators=extra))

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the domain beside the field it belongs to, or above the form."""
        words = _(error.message) % error.values
        if error.field and error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, words]
        else:
            self.form_errors.append(words)


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def sent_key() -> str | None:
    """The idempotency key of the form just sent, if it brought one of the right shape."""
    key = request.form.get("key", "")
    return key if 8 <= len(key) <= 64 and key.isascii() and key.replace("-", "").replace("_", "").isalnum() else None


def key_field() -> Markup:
    """A hidden field with a new idempotency key, or the one just sent when a form is shown again with errors."""
    return Markup('<input type="hidden" name="key" value="{}">').format(
        sent_key() or g.get("form_key") or secrets.token_urlsafe(12)
    )


def init_app(app: Flask) -> None:
    """Ask for a CSRF token on every change and let templates make keys."""
    protection.init_app(app)
    app.jinja_env.globals["key_field"] = key_field
