"""A list of people trained by a higher level: the template, the preview, the confirmation."""

import csv
import io

import xlsxwriter
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.members import service as members
from learnhub.members.service.reading import guarded
from learnhub.organizations import queries as organizations
from learnhub.records.rules import WAY_LABELS
from learnhub.training.blueprint import bp
from learnhub.training.recognition_lists import queries, service
from learnhub.training.recognition_lists.forms import ListForm
from learnhub.training.recognition_lists.rules import HEADERS, MOST_ROWS, Key, ReadRow, rows_of
from learnhub.training.tasks.views import found_task
from learnhub.web.db import db
from learnhub.web.downloads import disposition
from learnhub.web.errors import back_to, say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# How many rows of each sort a preview prints; the others are counted.
MOST_SHOWN = 200


@bp.route("/training/tasks/<int:task_id>/recognitions/list", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def recognition_list(task_id: int) -> ResponseReturnValue:
    """Choose a list; it is read and previewed, nothing else."""
    task, form = found_task(task_id), ListForm()
    if form.validate_on_submit():
        try:
            rows = rows_of(members.read(form.file.data.read(), form.file.data.filename or ""))
            return _preview(task_id, rows, form.file.data.filename or "")
        except DomainError as error:
            form.refuse(error)
    place = organizations.organization(db.session(), guards.place(), clock.today())
    page = render_template("training/recognition_list.html", task=task, form=form, place=place, most=MOST_ROWS)
    return page, 422 if form.errors else 200


@bp.post("/training/tasks/<int:task_id>/recognitions/list/confirm")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def confirm_recognition_list(task_id: int) -> ResponseReturnValue:
    """Recognise what was previewed, whole or not at all; what the preview said is read and checked anew."""
    session, task = db.session(), found_task(task_id)
    rows = rows_of(members.read(request.form.get("list", "").encode("utf-8", "replace"), ""))
    added = service.recognise_list(
        session,
        guards.act(),
        task_id=task.id,
        organization_id=guards.place(),
        rows=rows,
        digest=request.form.get("digest", ""),
    )
    session.commit()
    say(_("认定了 %(count)s 人次。", count=added))
    return back_to("training.recognitions", task_id=task.id, organization=guards.place())


@bp.get("/training/tasks/<int:task_id>/recognitions/template.xlsx")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def recognition_template(task_id: int) -> ResponseReturnValue:
    """An empty list to be filled in: the headers, every column as text."""
    found_task(task_id)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_(WAY_LABELS[service.LIST_WAY]))
        head, text = (
            book.add_format({"bold": True, "num_format": "@", "bottom": 1}),
            book.add_format({"num_format": "@"}),
        )
        sheet.set_column(0, len(Key) - 1, 18, text)
        sheet.freeze_panes(1, 0)
        for place, key in enumerate(Key):
            sheet.write_string(0, place, HEADERS[key][0], head)
    headers = {"Content-Disposition": disposition("recognition.xlsx", _(WAY_LABELS[service.LIST_WAY]))}
    return Response(file.getvalue(), content_type=XLSX, headers=headers)


def _preview(task_id: int, rows: tuple[ReadRow, ...], name: str) -> str:
    session, task, today = db.session(), found_task(task_id), clock.today()
    plan = queries.plan_list(session, task_id, guards.place(), rows, today)
    return render_template(
        "training/recognition_preview.html",
        task=task,
        plan=plan,
        file_name=name[:200],
        place=organizations.organization(session, guards.place(), today),
        most=MOST_SHOWN,
        rows=_as_text(rows) if plan.new and not plan.wrong else "",
    )


def _as_text(rows: tuple[ReadRow, ...]) -> str:
    """The rows as they were read, for the confirmation to send back: nothing is kept on the server meanwhile."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([HEADERS[key][0] for key in Key])
    for row in rows:
        writer.writerow([guarded(row.cells[key]) for key in Key])
    return file.getvalue()
