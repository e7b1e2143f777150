"""The blueprint of the reports, and what their pages and files share."""

import tempfile
from typing import IO

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.members.rules import SEX_LABELS
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue
from learnhub.papers import service as papers
from learnhub.papers.rules import MEDIA_TYPES, Form, Paper
from learnhub.records.rules import WAY_LABELS
from learnhub.reports import queries
from learnhub.reports.forms import FilterForm, domain_choices
from learnhub.reports.queries import Coverage, Question
from learnhub.reports.rules import BASIS, CLASS_COLUMNS, COLUMN_LABELS, SOURCE, Column
from learnhub.web.db import db
from learnhub.web.downloads import download

bp = Blueprint("reports", __name__, template_folder="../templates")

# Files up to this size stay in memory while they are sent.
SPOOL = 4 * 1024 * 1024


def asked_filter() -> FilterForm:
    """The filters of this request; what cannot be used stands in their errors."""
    form = FilterForm(request.args)
    form.domain.choices = domain_choices()
    form.validate()
    return form


def asked_question(task_id: int, form: FilterForm) -> Question:
    """What the address asks for; `own` narrows it to those who stand directly in the organization."""
    own = request.args.get("own") == "1"
    return queries.ask(db.session(), task_id, guards.place(), form.day, form.chosen_domain, own=own)


def asked_column() -> Column:
    """The column whose names are asked for, everybody when none is; NotFound for one that there is not."""
    try:
        return Column(request.args.get("class", Column.HEADS.value))
    except ValueError:
        raise NotFound(N_("没有这一栏。")) from None


def asked_size(total: int) -> int:
    """How many of `total` names the page shows: with `all=1` every one, to be printed, where they are not too many."""
    whole = request.args.get("all") == "1" and total <= queries.MOST_PRINTED
    return queries.MOST_PRINTED if whole else queries.PAGE


def may_print(total: int, size: int) -> bool:
    """Whether a page of `size` names leads to the one that shows all `total` of them."""
    return size < total <= queries.MOST_PRINTED


def above() -> tuple[OrganizationValue, ...]:
    """The organizations above the one shown, from the highest that this visitor may read down."""
    line = organizations.ancestors(db.session(), guards.place(), clock.today())
    held = guards.visitor().organizations(Permission.READ_REPORTS)
    first = next((number for number, each in enumerate(line) if each.id in held), len(line))
    return line[first:-1]


def words() -> dict[str, object]:
    """The words of the tables and lists, for their templates."""
    return {
        "labels": COLUMN_LABELS,
        "class_columns": CLASS_COLUMNS,
        "ways": WAY_LABELS,
        "sexes": SEX_LABELS,
        "Column": Column,
        "basis": BASIS,
        "source": SOURCE,
        "filters": carried,
    }


def carried(asked: Question | Coverage) -> dict[str, str]:
    """The filters of a question or a table as they stand in an address."""
    return {"as-of": asked.day.isoformat()} | ({"domain": asked.domain.value} if asked.domain else {})


def spool() -> IO[bytes]:
    """A file that is sent from memory, or from the disk when it grows."""
    return tempfile.SpooledTemporaryFile(max_size=SPOOL)  # sent, and closed, by the server


def sent(file: IO[bytes] | bytes, form: Form, name: str, title: str) -> ResponseReturnValue:
    """Send a written file as `name` (ASCII) and `title`, both without an ending."""
    return download(file, MEDIA_TYPES[form], f"{name}.{form.value}", title)


def handed_out(paper: Paper, form: str, name: str, title: str) -> ResponseReturnValue:
    """Send `paper` as a file of that form (`xlsx`, `pdf`, `docx`), named as in `sent`."""
    wanted = Form(form)
    if wanted is Form.XLSX:
        file = spool()
        papers.write_xlsx(file, paper)
        return sent(file, wanted, name, title)
    return sent(papers.pdf(paper) if wanted is Form.PDF else papers.word(paper), wanted, name, title)
