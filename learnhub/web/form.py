"""The base of every form, and the key that makes a repeated sending count once."""

import datetime as dt
import secrets
from decimal import Decimal
from typing import Any

from flask import Flask, g, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from markupsafe import Markup
from wtforms import DateField, DecimalField, FieldList, FormField, IntegerField

from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.text import LARGEST_INTEGER

protection = CSRFProtect()


class BoundedIntegerField(IntegerField):
    """A whole number that a column of the database can hold."""

    data: int | None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if valuelist and self.data is not None and abs(self.data) > LARGEST_INTEGER:
            self.data = None
            raise ValueError(_("这个数太大了。"))


class BoundedDecimalField(DecimalField):
    """A decimal number that is one: neither infinite nor "not a number"."""

    data: Decimal | None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if valuelist and self.data is not None and (not self.data.is_finite() or abs(self.data) > LARGEST_INTEGER):
            self.data = None
            raise ValueError(_("这个数太大了。"))


class BoundedDateField(DateField):
    """A day that anybody may mean."""

    data: dt.date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if valuelist and self.data is not None and not clock.EARLIEST <= self.data <= clock.LATEST:
            self.data = None
            raise ValueError(_("日期要在 1900 年到 2999 年之间。"))


_BOUNDED = {IntegerField: BoundedIntegerField, DecimalField: BoundedDecimalField, DateField: BoundedDateField}


class Form(FlaskForm):
    """A form that strips what was typed, takes numbers and days within bounds, and the refusals of the domain.

    What cannot be stored is taken out before a form sees it (`learnhub.web.requests`).
    """

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            if issubclass(unbound_field.field_class, FieldList | FormField):
                return unbound_field.bind(form=form, **options)  # rows take no filters of their own; their fields do
            unbound_field.field_class = _BOUNDED.get(unbound_field.field_class, unbound_field.field_class)
            filters = [_strip, *unbound_field.kwargs.get("filters", [])]
            return unbound_field.bind(form=form, filters=filters, **options)

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
