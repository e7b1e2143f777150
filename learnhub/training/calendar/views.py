"""The list of holidays: one for the whole tree, kept at its root; a day is replaced or taken back, with the reason."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core.errors import DomainError
from learnhub.training.blueprint import bp
from learnhub.training.calendar import queries, service
from learnhub.training.calendar.forms import HolidayForm, HolidaysForm
from learnhub.training.calendar.queries import HolidayValue
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/training/holidays", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.top)
def holidays() -> ResponseReturnValue:
    """The days that are worked or not otherwise than the week says, and more of them by one notice."""
    session, form, status = db.session(), HolidaysForm(), 200
    form.offer()
    if form.validate_on_submit():
        try:
            added = _add(session, form)
            session.commit()
            say(_("登记了 %(count)s 天。", count=added))
            return back_to("training.holidays")
        except DomainError as error:
            session.rollback()
            form.refuse(error)
            status = error.status
    page = render_template(
        "training/holidays.html",
        form=form,
        rows=queries.holidays(session),
        gone=queries.holidays(session, standing=False),
    )
    return page, status if status != 200 or not form.errors else 422


@bp.route("/training/holidays/<int:holiday_id>", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.top)
def holiday(holiday_id: int) -> ResponseReturnValue:
    """Correct one day of the list, or take it back."""
    session, found = db.session(), queries.holiday(db.session(), holiday_id)
    form, status = HolidayForm(data={"working": "on" if found.working else "off", "basis": found.basis}), 200
    form.offer()
    if form.validate_on_submit():
        try:
            _change(session, form, found)
            session.commit()
            return back_to("training.holidays")
        except DomainError as error:
            session.rollback()
            form.refuse(error)
            status = error.status
    page = render_template("training/holiday.html", form=form, found=found)
    return page, status if status != 200 or not form.errors else 422


def _add(session: Session, form: HolidaysForm) -> int:
    added = service.add_holidays(
        session,
        guards.act(),
        first=form.first.data,
        last=form.last.data or form.first.data,
        working=form.is_working,
        basis=form.basis.data,
    )
    return len(added)


def _change(session: Session, form: HolidayForm, found: HolidayValue) -> None:
    act, reason = guards.act(), form.because.data
    if request.form.get("do") == "withdraw":
        service.withdraw_holiday(session, act, holiday_id=found.id, reason=reason)
        say(_("这一天撤回了，原因也记下了。"))
        return
    service.replace_holiday(
        session, act, holiday_id=found.id, working=form.is_working, basis=form.basis.data, reason=reason
    )
    say(_("改好了。"))
