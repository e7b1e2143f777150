"""The filters of the reports: sent with GET, so they carry no token."""

import datetime as dt

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import Optional, ValidationError

from learnhub.core import clock
from learnhub.organizations.rules import DOMAIN_LABELS, Domain
from learnhub.web.form import Form


class FilterForm(Form):
    """Which domain of branches, and as of which day; what is not given is everything, today."""

    class Meta(Form.Meta):
        csrf = False

    domain = SelectField(_l("领域"), [Optional()])
    as_of = DateField(_l("名册日"), [Optional()], name="as-of")

    def validate_as_of(self, field: DateField) -> None:
        if field.data and field.data > clock.today():
            raise ValidationError(_("名册日不能晚于今天。"))

    @property
    def day(self) -> dt.date:
        """The day asked for; today when there is none or it cannot be used."""
        chosen: dt.date | None = None if self.as_of.errors else self.as_of.data
        return chosen or clock.today()

    @property
    def chosen_domain(self) -> Domain | None:
        """The domain asked for, or None for all of them."""
        return Domain(self.domain.data) if self.domain.data and not self.domain.errors else None


def domain_choices() -> list[tuple[str, str]]:
    """Every domain, after the choice of all of them."""
    return [("", _("全部领域")), *((each.value, _(label)) for each, label in DOMAIN_LABELS.items())]
