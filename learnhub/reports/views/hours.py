"""Credit hours reached: the page and its files, from one paper."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.reports.queries.hours import hours as counted
from learnhub.reports.service.hours import hours_paper
from learnhub.reports.views.blueprint import asked_filter, bp, handed_out, voice
from learnhub.web.db import db


@bp.get("/reports/hours")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def hours() -> ResponseReturnValue:
    """Members by the credit hours they have reached this year, by direct sub-organization."""
    form = asked_filter()
    table = counted(db.session(), guards.place(), form.day)
    return render_template("reports/hours.html", table=table, form=form, paper=hours_paper(table, voice(), clock.now()))


@bp.get("/reports/hours.<any(xlsx,pdf,docx):form>")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def hours_file(form: str) -> ResponseReturnValue:
    """The same as a file."""
    table = counted(db.session(), guards.place(), asked_filter().day)
    title = _("学时情况-%(name)s-%(day)s", name=table.total.name, day=table.day.isoformat())
    return handed_out(hours_paper(table, voice(), clock.now()), form, title)
