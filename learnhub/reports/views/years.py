"""The reports of a calendar year: what branches held, their theme Party days, credit hours; each from one paper."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_, whole_number
from learnhub.members.rules import SEX_LABELS
from learnhub.papers.rules import Form, Paper, Table
from learnhub.reports.queries.hours import Band, Hours, Reached
from learnhub.reports.queries.hours import hours as counted
from learnhub.reports.queries.hours_names import every_hours_name, hours_names
from learnhub.reports.queries.life import life
from learnhub.reports.queries.theme_year import theme_year
from learnhub.reports.queries.units import Units
from learnhub.reports.service import hours as writing
from learnhub.reports.service.life import life_paper, theme_paper
from learnhub.reports.views.blueprint import above, asked_filter, asked_size, bp, handed_out, may_print, sent, spool
from learnhub.web.db import db
from learnhub.web.voice import voice

# The years that the picker offers, back from this one; another day is asked for by its date.
YEARS = 3
# What stands in the address for the committee and for the others.
_GROUPS = {"committee": True, "others": False}
# Addresses behind the cells of a paper, by table, row and column, each with what it leads to.
Links = dict[tuple[int, int, int], tuple[str, str]]


@bp.get("/reports/meetings")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def meetings() -> ResponseReturnValue:
    """Report 2: what the branches were to hold this year, and what came of it, by unit and month."""
    found = life(db.session(), guards.place(), asked_filter().day)
    links = _down("reports.meetings", found.units, 2)
    return _page(life_paper(found, voice(), clock.now()), found.units.day, "reports.meetings", links)


@bp.get("/reports/meetings.<any(xlsx,pdf,docx):form>")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def meetings_file(form: str) -> ResponseReturnValue:
    """The same as a file."""
    return _file(
        life_paper(life(db.session(), guards.place(), asked_filter().day), voice(), clock.now()), form, "meetings"
    )


@bp.get("/reports/theme-days")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def theme_days() -> ResponseReturnValue:
    """Report 3: the theme Party days of a year, by unit and by month."""
    found = theme_year(db.session(), guards.place(), asked_filter().day)
    links = _down("reports.theme_days", found.units, 1)
    return _page(theme_paper(found, voice(), clock.now()), found.units.day, "reports.theme_days", links)


@bp.get("/reports/theme-days.<any(xlsx,pdf,docx):form>")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def theme_days_file(form: str) -> ResponseReturnValue:
    """The same as a file."""
    return _file(
        theme_paper(theme_year(db.session(), guards.place(), asked_filter().day), voice(), clock.now()),
        form,
        "theme-days",
    )


@bp.get("/reports/hours")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def hours() -> ResponseReturnValue:
    """Report 4: members by the credit hours they have reached this year; each number leads to its names."""
    table = counted(db.session(), guards.place(), asked_filter().day)
    paper = writing.hours_paper(table, voice(), clock.now())
    return _page(paper, table.day, "reports.hours", dict(_hours_links(table, paper)))


@bp.get("/reports/hours.<any(xlsx,pdf,docx):form>")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def hours_file(form: str) -> ResponseReturnValue:
    """The same as a file."""
    return _file(
        writing.hours_paper(counted(db.session(), guards.place(), asked_filter().day), voice(), clock.now()),
        form,
        "credit-hours",
    )


@bp.get("/reports/hours/names")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
@guards.writes
def hours_list() -> ResponseReturnValue:
    """The names behind a number of report 4, page by page. Reading them is noted on the audit trail."""
    session, band, own = db.session(), _asked_band(), request.args.get("own") == "1"
    table = counted(session, guards.place(), asked_filter().day)
    row, after = table.row(own), request.args.get("after", type=whole_number)
    size = asked_size(row.of(band))
    page = hours_names(session, guards.place(), table.day, band, own=own, after=after, limit=size + 1)
    writing.note_hours_reading(session, guards.act(), table, band, own=own)
    session.commit()
    return render_template(
        "reports/hours_names.html",
        table=table,
        row=row,
        band=writing.band_words(band, voice()),
        total=row.of(band),
        names=page[:size],
        printable=may_print(row.of(band), size),
        after=after,
        more=len(page) > size,
        headings=writing.HEADINGS,
        sources=lambda name: writing.source_words(name, voice()),
        sexes=SEX_LABELS,
        args=_names_args(table, band, own=own),
    )


@bp.get("/reports/hours/names.xlsx")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
@guards.writes
def hours_names_xlsx() -> ResponseReturnValue:
    """All names behind a number of report 4 as XLSX. Taking them away is noted on the audit trail."""
    session, band, own = db.session(), _asked_band(), request.args.get("own") == "1"
    table, file = counted(session, guards.place(), asked_filter().day), spool()
    found = every_hours_name(session, guards.place(), table.day, band, own=own)
    writing.write_hours_names(file, table, band, names=found, voice=voice(), made_at=clock.now())
    writing.note_hours_reading(session, guards.act(), table, band, own=own, exported=True)
    session.commit()
    words = {"name": table.row(own).name, "band": writing.band_words(band, voice()), "day": table.day}
    return sent(file, Form.XLSX, f"credit-hours-names-{table.day}", _("学时名单-%(name)s-%(band)s-%(day)s", **words))


def _page(paper: Paper, day: dt.date, endpoint: str, links: Links) -> str:
    today = clock.today()
    ends = {year: min(today, dt.date(year, 12, 31)) for year in range(today.year, today.year - YEARS, -1)}
    return render_template(
        "reports/year.html",
        paper=paper,
        day=day,
        form=asked_filter(),
        years=ends,
        place=guards.place(),
        above=above(),
        page=endpoint,
        links=links,
    )


def _file(paper: Paper, form: str, name: str) -> ResponseReturnValue:
    day = asked_filter().day.isoformat()
    return handed_out(paper, form, f"{name}-{day}", f"{paper.title}-{paper.facts[0][1]}-{day}")


def _down(endpoint: str, found: Units, tables: int) -> Links:
    """From the name of each unit to its own report."""
    if found.organization.is_branch:
        return {}
    return {
        (table, row, 0): (_address(endpoint, unit.organization.id, found.day), "")
        for table in range(tables)
        for row, unit in enumerate(found.units)
    }


def _address(endpoint: str, place: int, day: dt.date) -> str:
    args: dict[str, Any] = {"organization": place, "as-of": day.isoformat()}
    return url_for(endpoint, **args)


def _hours_links(table: Hours, paper: Paper) -> Iterator[tuple[tuple[int, int, int], tuple[str, str]]]:
    """From each number to its names, from each name of a unit to its own report."""
    shown = paper.blocks[0]
    cells = list(shown.rows) if isinstance(shown, Table) else []
    for number, row in enumerate((*table.rows, table.total)):
        if row is not table.total and not row.own:
            yield (0, number, 0), (_address("reports.hours", row.organization_id, table.day), "")
        for column, band in enumerate(writing.bands(), 1):
            if row.of(band):
                address = url_for(
                    "reports.hours_list", organization=row.organization_id, **_names_args(table, band, own=row.own)
                )
                words = {"name": cells[number][0], "column": writing.band_words(band, voice()), "count": row.of(band)}
                yield (0, number, column), (address, _("%(name)s，%(column)s %(count)s 人，看名单", **words))


def _names_args(table: Hours, band: Band, *, own: bool) -> dict[str, Any]:
    """A band and a day as they stand in an address."""
    group = next((word for word, committee in _GROUPS.items() if committee is band.committee), None)
    chosen = {"group": group, "reached": band.reached.value if band.reached else None, "own": "1" if own else None}
    return {"as-of": table.day.isoformat()} | {name: value for name, value in chosen.items() if value}


def _asked_band() -> Band:
    """The band asked for, everybody when none is; NotFound for one that there is not."""
    group, reached = request.args.get("group", ""), request.args.get("reached", "")
    try:
        return Band(_GROUPS[group] if group else None, Reached(reached) if reached else None)
    except (KeyError, ValueError):
        raise NotFound(N_("没有这一栏。")) from None
