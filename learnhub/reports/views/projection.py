"""What it takes to finish a task: the page, and the part of it that stands on the coverage page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.reports import queries
from learnhub.reports.queries import projection as projections
from learnhub.reports.rules import Column
from learnhub.reports.views.blueprint import asked_filter, bp
from learnhub.training.calendar.queries import top
from learnhub.web.db import db


@bp.get("/reports/training/<int:task_id>/projection")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def projection(task_id: int) -> ResponseReturnValue:
    """Classes still needed, the earliest end, and how each figure comes about. About classes, never about a person."""
    session, form = db.session(), asked_filter()
    table = queries.coverage(session, queries.ask(session, task_id, guards.place(), form.day))
    return render_template(
        "reports/projection.html",
        table=table,
        projection=projections.projection(session, table),
        covered=not table.total.figures[Column.NOT_COVERED],
        in_transit=table.total.figures[Column.IN_TRANSIT],
        calendar=projections.working_days(session),
        keeps_calendar=top(session) in guards.visitor().organizations(Permission.RUN_TRAINING),
    )
