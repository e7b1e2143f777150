"""Coverage of rotational training: the table, the names behind each number, and both as files."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.text import whole_number
from learnhub.papers.rules import Form
from learnhub.reports import queries, service
from learnhub.reports.queries import projection as projections
from learnhub.reports.queries.frozen_names import names_of
from learnhub.reports.rules import AMONG, COLUMN_LABELS, SIX, WAYS, Column
from learnhub.reports.views.blueprint import (
    above,
    asked_column,
    asked_filter,
    asked_question,
    asked_size,
    bp,
    handed_out,
    may_print,
    sent,
    spool,
    words,
)
from learnhub.training.batches import queries as batches
from learnhub.training.classes.rules import batches_needed
from learnhub.training.tasks import queries as tasks_queries
from learnhub.web import errors
from learnhub.web.db import db
from learnhub.web.voice import voice


@bp.get("/reports/training")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def training() -> ResponseReturnValue:
    """Which training task; straight to the table when there is but one, or one was chosen."""
    tasks = tasks_queries.tasks_for(db.session(), [guards.place()], clock.today())
    chosen = [each for each in tasks if len(tasks) == 1 or str(each.id) == request.args.get("task")]
    if chosen:
        kept = {name: value for name in ("as-of", "domain") if (value := request.args.get(name))}
        return errors.back_to("reports.coverage", task_id=chosen[0].id, organization=guards.place(), **kept)
    return render_template("reports/training.html", tasks=tasks, place=guards.place())


@bp.get("/reports/training/<int:task_id>")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def coverage(task_id: int) -> ResponseReturnValue:
    """The coverage table: organizations in organization order, six classes, two rates, each number a link to its names."""
    session, form = db.session(), asked_filter()
    question = queries.ask(session, task_id, guards.place(), form.day, form.chosen_domain)
    table = queries.coverage(session, question)
    capacity = batches.newest_capacity(session, task_id)
    remaining = table.total.figures[Column.NOT_COVERED]
    return render_template(
        "reports/coverage.html",
        table=table,
        form=form,
        tasks=tasks_queries.tasks_for(session, [guards.place()], clock.today()),
        above=above(),
        capacity=capacity,
        needed=batches_needed(remaining, capacity) if capacity else None,
        projection=projections.projection(session, table),
        now=clock.now(),
        renamed=_renamed(session, table),
        columns={"six": SIX, "ways": WAYS, "among": AMONG},
        **words(),
    )


def _renamed(session: Session, table: queries.Coverage) -> dict[int, str]:
    """What those of the rows are called today that were called otherwise on the table's day."""
    if table.day == clock.today():
        return {}
    then = {row.organization_id: row.name for row in (*table.rows, table.total)}
    today = names_of(session, then, clock.today())
    return {id_: name for id_, name in today.items() if name != then[id_]}


@bp.get("/reports/training/<int:task_id>/names")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
@guards.writes
def names(task_id: int) -> ResponseReturnValue:
    """The names behind a number, page by page. Reading them is noted on the audit trail."""
    session, form = db.session(), asked_filter()
    column, question = asked_column(), asked_question(task_id, form)
    total = queries.count(session, question, column)
    after = request.args.get("after", type=whole_number)
    size = asked_size(total)
    page = queries.names(session, question, column, after=after, limit=size + 1)
    service.note_reading(session, guards.act(), question, column)
    session.commit()
    return render_template(
        "reports/names.html",
        question=question,
        name=queries.name_of(session, question.organization_id, question.day),
        column=column,
        names=page[:size],
        printable=may_print(total, size),
        total=total,
        after=after,
        more=len(page) > size,
        **words(),
    )


@bp.get("/reports/training/<int:task_id>/coverage.<any(xlsx,pdf,docx):form>")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def coverage_file(task_id: int, form: str) -> ResponseReturnValue:
    """The coverage table as a file: the rows of the screen."""
    session, filters = db.session(), asked_filter()
    question = queries.ask(session, task_id, guards.place(), filters.day, filters.chosen_domain)
    table = queries.coverage(session, question)
    paper = service.coverage_paper(table, voice(), clock.now(), renamed=_renamed(session, table))
    title = _("轮训覆盖情况-%(name)s-%(day)s", name=table.total.name, day=table.day.isoformat())
    return handed_out(paper, form, f"coverage-{table.day}", title)


@bp.get("/reports/training/<int:task_id>/names.xlsx")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
@guards.writes
def names_xlsx(task_id: int) -> ResponseReturnValue:
    """All names behind a number as XLSX. Taking them away is noted on the audit trail."""
    session, form = db.session(), asked_filter()
    column, question = asked_column(), asked_question(task_id, form)
    table = queries.coverage(session, question)
    file = spool()
    found = queries.every_name(session, question, column)
    service.write_names(file, table, column, names=found, voice=voice(), made_at=clock.now())
    service.note_reading(session, guards.act(), question, column, exported=True)
    session.commit()
    title = _("%(name)s-%(column)s-%(day)s", name=table.total.name, column=_(COLUMN_LABELS[column]), day=table.day)
    return sent(file, Form.XLSX, f"coverage-names-{column.value.replace('_', '-')}-{table.day}", title)
