"""Reports as they were issued: issuing one, the list of them, one of them, its files, and what a later run finds."""

import datetime as dt

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts import queries as accounts
from learnhub.accounts.rules import Permission
from learnhub.audit.rules import FACT_LABELS
from learnhub.core import clock
from learnhub.core.text import whole_number
from learnhub.organizations.rules import DOMAIN_LABELS
from learnhub.reports import queries, service
from learnhub.reports.queries import differences, freezing, frozen_names
from learnhub.reports.queries.differences import CAUSE_LABELS, Difference
from learnhub.reports.rules import AMONG, SIX, WAYS
from learnhub.reports.views.blueprint import asked_column, asked_filter, asked_question, bp, words
from learnhub.web.db import db
from learnhub.web.downloads import download
from learnhub.web.errors import back_to, say
from learnhub.web.voice import voice


@bp.post("/reports/training/<int:task_id>/freeze")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def freeze(task_id: int) -> ResponseReturnValue:
    """Issue the table as it stands: kept for good with the people behind it and its files."""
    session = db.session()
    question = asked_question(task_id, asked_filter())
    report_id = service.freeze(session, guards.act(), question=question, voice=voice())
    session.commit()
    say(_("这份报表已经存档，以后不会再变。"))
    return back_to("reports.frozen", report_id=report_id)


@bp.get("/reports/frozen")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def frozen_list() -> ResponseReturnValue:
    """The reports issued for the organization asked for, the newest first."""
    session = db.session()
    found = freezing.issues(session, guards.place(), request.args.get("task", type=whole_number))
    name = queries.name_of(session, guards.place(), clock.today())
    return render_template("reports/frozen_list.html", issues=found, name=name, domains=DOMAIN_LABELS)


@bp.get("/reports/frozen/<int:report_id>")
@guards.requires(Permission.READ_REPORTS, at=freezing.organization_of_report)
def frozen(report_id: int) -> ResponseReturnValue:
    """A report as issued, from what was stored and nothing else."""
    session = db.session()
    report, files = freezing.frozen(session, report_id), freezing.files(session, report_id)
    columns = {
        name: [each for each in group if each in report.columns]
        for name, group in (("six", SIX), ("ways", WAYS), ("among", AMONG))
    }
    return render_template(
        "reports/frozen.html",
        report=report,
        files=files,
        without_pdf=bool(files) and not any(each.name.endswith(".pdf") for each in files),
        issuer=accounts.names(session, [report.issued_by]).get(report.issued_by),
        columns=columns,
        domains=DOMAIN_LABELS,
        **words(),
    )


@bp.get("/reports/frozen/<int:report_id>/names")
@guards.requires(Permission.READ_REPORTS, at=freezing.organization_of_report)
@guards.writes
def frozen_names_page(report_id: int) -> ResponseReturnValue:
    """The names behind a number of an issued report. Reading them is noted on the audit trail."""
    session, column = db.session(), asked_column()
    report, row_id = freezing.frozen(session, report_id), request.args.get("row", type=whole_number)
    row = report.row(row_id)
    found = frozen_names.behind(session, report_id, report.organization_id, column, row_id)
    start = whole_number(request.args.get("from", "")) or 0
    page = found[start : start + queries.PAGE]
    service.note_frozen_names(session, guards.act(), report, column, row_id)
    session.commit()
    return render_template(
        "reports/frozen_names.html",
        report=report,
        row=row,
        column=column,
        page=page,
        total=len(found),
        start=start,
        size=queries.PAGE,
        persons=frozen_names.persons(session, [id_ for id_, _standing in page]),
        organizations=frozen_names.names_of(session, {each.organization_id for _id, each in page}, report.day),
        way_columns=WAYS,
        **words(),
    )


@bp.get("/reports/frozen/<int:report_id>/files/<int:file_id>")
@guards.requires(Permission.READ_REPORTS, at=freezing.organization_of_report)
def frozen_file(report_id: int, file_id: int) -> ResponseReturnValue:
    """A file of an issued report, byte for byte as it was handed out then."""
    file = freezing.file_of(db.session(), report_id, file_id)
    title, _dot, ending = file.name.rpartition(".")
    return download(file.bytes, file.media_type, f"coverage-issued-{report_id}-{file_id}.{ending}", title)


@bp.get("/reports/frozen/<int:report_id>/differences")
@guards.requires(Permission.READ_REPORTS, at=freezing.organization_of_report)
@guards.writes
def frozen_differences(report_id: int) -> ResponseReturnValue:
    """The same report run now, as of the same day: each difference with what caused it. Reading names is noted."""
    session = db.session()
    report = freezing.frozen(session, report_id)
    question = queries.ask(session, report.task_id, report.organization_id, report.day, report.domain)
    run = differences.run_again(session, report, question)
    found = differences.in_order(session, run.differences, report.organization_id)
    start = whole_number(request.args.get("from", "")) or 0
    page = found[start : start + queries.PAGE]
    service.note_differences(session, guards.act(), report)
    session.commit()
    return render_template(
        "reports/differences.html",
        report=report,
        page=page,
        total=len(found),
        unexplained=sum(not each.causes for each in found),
        start=start,
        size=queries.PAGE,
        moved=differences.moved_figures(report, run.figures),
        now=clock.now(),
        **_named(page, report.day),
        **words(),
    )


def _named(page: list[Difference], day: dt.date) -> dict[str, object]:
    """What a page of differences calls its people, organizations, accounts and causes."""
    session = db.session()
    return {
        "persons": frozen_names.persons(session, [each.member_id for each in page]),
        "organizations": differences.organization_names(session, page, day),
        "issuers": accounts.names(session, _who(page)),
        "causes": CAUSE_LABELS,
        "facts": FACT_LABELS,
        "among": AMONG,
        "way_columns": WAYS,
    }


def _who(page: list[Difference]) -> list[int]:
    return sorted({cause.by for each in page for cause in each.causes if cause.by})
