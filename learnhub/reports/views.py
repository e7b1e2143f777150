"""Coverage of rotational training: the table, the names behind each number, and both as files."""

import tempfile
from typing import IO

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.members.rules import SEX_LABELS
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue
from learnhub.records.rules import WAY_LABELS
from learnhub.reports import queries, service
from learnhub.reports.forms import FilterForm, domain_choices
from learnhub.reports.queries import Coverage, Question
from learnhub.reports.rules import AMONG, BASIS, CLASS_COLUMNS, COLUMN_LABELS, SIX, SOURCE, WAYS, Column
from learnhub.training import queries as training_queries
from learnhub.training.rules import batches_needed
from learnhub.web import errors, filters
from learnhub.web.db import db

bp = Blueprint("reports", __name__, template_folder="templates")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Files up to this size stay in memory while they are sent.
SPOOL = 4 * 1024 * 1024


@bp.get("/reports/training")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def training() -> ResponseReturnValue:
    """Which training task; straight to the table when there is but one, or one was chosen."""
    tasks = training_queries.tasks_for(db.session(), [guards.place()], clock.today())
    chosen = [each for each in tasks if len(tasks) == 1 or str(each.id) == request.args.get("task")]
    if chosen:
        kept = {name: value for name in ("as-of", "domain") if (value := request.args.get(name))}
        return errors.back_to("reports.coverage", task_id=chosen[0].id, organization=guards.place(), **kept)
    return render_template("reports/training.html", tasks=tasks, place=guards.place())


@bp.get("/reports/training/<int:task_id>")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def coverage(task_id: int) -> ResponseReturnValue:
    """The coverage table: organizations in organization order, six classes, two rates, each number a link to its names."""
    session, form = db.session(), _filter()
    question = queries.ask(session, task_id, guards.place(), form.day, form.chosen_domain)
    table = queries.coverage(session, question)
    capacity = training_queries.newest_capacity(session, task_id)
    remaining = table.total.figures[Column.NOT_COVERED]
    return render_template(
        "reports/coverage.html",
        table=table,
        form=form,
        tasks=training_queries.tasks_for(session, [guards.place()], clock.today()),
        above=_above(),
        capacity=capacity,
        needed=batches_needed(remaining, capacity) if capacity else None,
        now=clock.now(),
        columns={"six": SIX, "ways": WAYS, "among": AMONG},
        **_words(),
    )


@bp.get("/reports/training/<int:task_id>/names")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
@guards.writes
def names(task_id: int) -> ResponseReturnValue:
    """The names behind a number, page by page. Reading them is noted on the audit trail."""
    session, form = db.session(), _filter()
    column, question = _column(), _question(task_id, form)
    total = queries.count(session, question, column)
    after = request.args.get("after", type=int)
    page = queries.names(session, question, column, after=after, limit=queries.PAGE + 1)
    service.note_reading(session, guards.act(), question, column)
    session.commit()
    return render_template(
        "reports/names.html",
        question=question,
        name=queries.name_of(session, question.organization_id),
        column=column,
        names=page[: queries.PAGE],
        total=total,
        after=after,
        more=len(page) > queries.PAGE,
        **_words(),
    )


@bp.get("/reports/training/<int:task_id>/coverage.xlsx")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def coverage_xlsx(task_id: int) -> ResponseReturnValue:
    """The coverage table as XLSX: the rows of the screen."""
    session, form = db.session(), _filter()
    table = queries.coverage(session, queries.ask(session, task_id, guards.place(), form.day, form.chosen_domain))
    file = _spool()
    service.write_coverage(file, table, _voice(), clock.now())
    return _sent(file, _("轮训覆盖情况-%(name)s-%(day)s", name=table.total.name, day=table.day.isoformat()))


@bp.get("/reports/training/<int:task_id>/names.xlsx")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
@guards.writes
def names_xlsx(task_id: int) -> ResponseReturnValue:
    """All names behind a number as XLSX. Taking them away is noted on the audit trail."""
    session, form = db.session(), _filter()
    column, question = _column(), _question(task_id, form)
    table = queries.coverage(session, question)
    file = _spool()
    found = queries.every_name(session, question, column)
    service.write_names(file, table, column, names=found, voice=_voice(), made_at=clock.now())
    service.note_reading(session, guards.act(), question, column, exported=True)
    session.commit()
    title = _("%(name)s-%(column)s-%(day)s", name=table.total.name, column=_(COLUMN_LABELS[column]), day=table.day)
    return _sent(file, title)


def _filter() -> FilterForm:
    form = FilterForm(request.args)
    form.domain.choices = domain_choices()
    form.validate()
    return form


def _question(task_id: int, form: FilterForm) -> Question:
    """What the address asks for; `own` narrows it to those who stand directly in the organization."""
    own = request.args.get("own") == "1"
    return queries.ask(db.session(), task_id, guards.place(), form.day, form.chosen_domain, own=own)


def _column() -> Column:
    try:
        return Column(request.args.get("class", ""))
    except ValueError:
        raise NotFound(N_("没有这一栏。")) from None


def _above() -> tuple[OrganizationValue, ...]:
    """The organizations above the one shown, from the highest that this visitor may read down."""
    line = organizations.ancestors(db.session(), guards.place(), clock.today())
    held = guards.visitor().organizations(Permission.READ_REPORTS)
    first = next((number for number, each in enumerate(line) if each.id in held), len(line))
    return line[first:-1]


def _words() -> dict[str, object]:
    return {
        "labels": COLUMN_LABELS,
        "class_columns": CLASS_COLUMNS,
        "ways": WAY_LABELS,
        "sexes": SEX_LABELS,
        "Column": Column,
        "basis": BASIS,
        "source": SOURCE,
        "filters": _carried,
    }


def _carried(asked: Question | Coverage) -> dict[str, str]:
    """The filters of a question or a table as they stand in an address."""
    return {"as-of": asked.day.isoformat()} | ({"domain": asked.domain.value} if asked.domain else {})


def _voice() -> service.Voice:
    return service.Voice(
        say=_,
        rate=filters.rate,
        day=lambda day: filters.day(day, year=True),
        instant=lambda at: f"{filters.day(at, year=True)} {filters.time(at)}",
    )


def _spool() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=SPOOL)  # sent, and closed, by the server


def _sent(file: IO[bytes], title: str) -> ResponseReturnValue:
    file.seek(0)
    return send_file(file, XLSX, as_attachment=True, download_name=f"{title}.xlsx")
