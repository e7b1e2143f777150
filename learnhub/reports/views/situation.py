"""The list of reports, the month's work list, the quarter's situation, and the year's archive as a job."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_, whole_number
from learnhub.jobs import service as jobs
from learnhub.jobs.rules import JobValue, Progress, Result
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue
from learnhub.papers.rules import Paper
from learnhub.reports import queries, service
from learnhub.reports.queries import situation as asking
from learnhub.reports.queries.hours import hours
from learnhub.reports.queries.life import life
from learnhub.reports.queries.record_list import record_list
from learnhub.reports.queries.theme_year import theme_year
from learnhub.reports.rules.quarter import Quarter, as_quarter, quarter_of, quarters_until
from learnhub.reports.service.archive import Archive, definitions_paper
from learnhub.reports.service.hours import hours_paper
from learnhub.reports.service.life import life_paper, theme_paper
from learnhub.reports.service.record_list import record_list_paper
from learnhub.reports.service.situation import quarter_paper, work_paper
from learnhub.reports.views.blueprint import bp, handed_out
from learnhub.training.tasks import queries as tasks
from learnhub.web import i18n
from learnhub.web.db import db
from learnhub.web.errors import back_to
from learnhub.web.voice import voice

# The years of which an archive may be asked for, back from this one.
YEARS = 3


@bp.get("/reports")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def reports() -> ResponseReturnValue:
    """Every report there is for a place, with what it says."""
    today = clock.today()
    return render_template(
        "reports/reports.html",
        place=_place(guards.place()),
        tasks=tasks.tasks_for(db.session(), [guards.place()], today),
        quarters=quarters_until(today, 4),
        years=range(today.year, today.year - YEARS, -1),
    )


@bp.get("/reports/work-list")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def work_list() -> ResponseReturnValue:
    """What this month asks for (月调度)."""
    paper = _work_paper()
    return render_template(
        "reports/paper.html", paper=paper, place=guards.place(), file="reports.work_list_file", kept={}
    )


@bp.get("/reports/work-list.<any(xlsx,pdf,docx):form>")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def work_list_file(form: str) -> ResponseReturnValue:
    """The month's work list as a file."""
    paper = _work_paper()
    return handed_out(paper, form, f"work-list-{clock.today():%Y-%m}", f"{paper.title}-{paper.facts[0][1]}")


@bp.get("/reports/quarters/<string:quarter>")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def quarter(quarter: str) -> ResponseReturnValue:
    """A quarter's situation (季通报)."""
    paper, kept = _quarter_paper(_quarter(quarter)), {"quarter": quarter}
    return render_template(
        "reports/paper.html", paper=paper, place=guards.place(), file="reports.quarter_file", kept=kept
    )


@bp.get("/reports/quarters/<string:quarter>/file.<any(xlsx,pdf,docx):form>")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def quarter_file(quarter: str, form: str) -> ResponseReturnValue:
    """A quarter's situation as a file."""
    paper = _quarter_paper(_quarter(quarter))
    return handed_out(paper, form, f"situation-{quarter}", f"{paper.title}-{paper.issuer}")


@bp.post("/reports/archive")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def archive() -> ResponseReturnValue:
    """Ask for the year's archive (年考核); it is made in the background."""
    year, today = whole_number(request.form.get("year", "")) or 0, clock.today()
    if not today.year - YEARS < year <= today.year:
        raise NotFound(N_("没有这一年的材料。"))
    job_id = jobs.submit(
        db.session(),
        guards.act(),
        kind="archive",
        title=_("%(name)s %(year)s 年度材料", name=_place(guards.place()).name, year=year),
        organization_id=guards.place(),
        permission=Permission.READ_REPORTS.value,
        language=i18n.language(),
        arguments={"year": year},
    )
    db.session.commit()
    return back_to("jobs.job", job_id=job_id)


# A county's list of records has tens of thousands of rows: a table to search, not one to print.
_LONG = "7-"


def make_archive(session: Session, job: JobValue, file: IO[bytes], progress: Progress) -> Result:
    """The handler of the jobs of kind `archive`: every table of one organization and year, and a manifest."""
    place, year, made_at = _place(job.organization_id), int(job.arguments["year"]), job.submitted_at
    papers = list(_papers_of(session, place, year, made_at))
    about = {"organization": place.name, "year": str(year), "made_at": made_at.isoformat()}
    with Archive(file, about) as kept:
        for number, (name, make) in enumerate(papers, 1):
            kept.add_paper(name, make(), printed=not name.startswith(_LONG))
            progress(number, len(papers))
    return Result(_("年度材料-%(name)s-%(year)s.zip", name=_plain(place.name), year=year), "application/zip")


def _papers_of(
    session: Session, place: OrganizationValue, year: int, made_at: dt.datetime
) -> Iterator[tuple[str, Callable[[], Paper]]]:
    """The papers of a year by the name of their file, each made only when its turn comes."""
    day, said = min(clock.today(), clock.last_day(f"{year}-12")), voice()

    def table(task_id: int) -> Paper:
        found = queries.coverage(session, queries.ask(session, task_id, place.id, day))
        return service.coverage_paper(found, said, made_at)

    def situation(quarter: Quarter) -> Paper:
        return quarter_paper(asking.situation(session, place, quarter, day), said, made_at)

    for number, task in enumerate(tasks.tasks_for(session, [place.id], day), 1):
        if task.starts_on.year <= year <= task.ends_on.year:
            yield f"1-{number}-{_plain(task.title)}", partial(table, task.id)
    yield _("2-三会一课执行情况"), lambda: life_paper(life(session, place.id, day), said, made_at)
    yield _("3-主题党日情况"), lambda: theme_paper(theme_year(session, place.id, day), said, made_at)
    yield _("4-学时情况"), lambda: hours_paper(hours(session, place.id, day), said, made_at)
    for number in range(1, quarter_of(day).number + 1):
        yield f"6-{year}-Q{number}", partial(situation, Quarter(year, number))
    records = partial(record_list, session, place.id, day)
    yield _LONG + _("记录目录"), lambda: record_list_paper(records(), place.name, said, made_at)
    yield _("口径说明"), lambda: definitions_paper(said, made_at)


def _plain(name: str) -> str:
    """`name` as part of a file's name on any system."""
    return "".join(each for each in name if each not in '\\/:*?"<>|')[:60]


def _place(organization_id: int) -> OrganizationValue:
    found = organizations.organization(db.session(), organization_id, clock.today())
    if found is None:
        raise NotFound(N_("没有这个组织。"))
    return found


def _quarter(text: str) -> Quarter:
    found = as_quarter(text)
    if found is None or found > quarter_of(clock.today()):
        raise NotFound(N_("没有这个季度。"))
    return found


def _quarter_paper(chosen: Quarter) -> Paper:
    found = asking.situation(db.session(), _place(guards.place()), chosen, clock.today())
    return quarter_paper(found, voice(), clock.now())


def _work_paper() -> Paper:
    today = clock.today()
    found = asking.work_list(db.session(), _place(guards.place()), clock.month_of(today), today)
    return work_paper(found, voice(), clock.now())
