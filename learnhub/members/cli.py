"""`flask roster …`: import with a preview, undo, export."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.files import write_whole
from learnhub.members import service
from learnhub.members.rules.columns import SHEET_LABELS, UNREAD, SheetKind, headers, normal_header
from learnhub.members.rules.parsing import parse
from learnhub.members.rules.plan import Plan, Status
from learnhub.web.db import db

cli = AppGroup("roster", help="The roster: import with a preview, undo, export.")
MOST_LINES = 200


def _day(context: click.Context, parameter: click.Parameter, value: dt.datetime | None) -> dt.date:
    return value.date() if value else clock.today()


def _pairs(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """What `NAME=VALUE` options say."""
    wrong = [value for value in values if "=" not in value]
    if wrong:
        raise click.BadParameter(f"{wrong[0]} is not of the form {parameter.make_metavar(context)}")
    return {name: value for name, _, value in (each.partition("=") for each in values)}


day_option = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    help="The civil day from which it holds; today if left out.",
)


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--confirm", is_flag=True, help="Carry the import out; without it there is only a preview.")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    callback=_pairs,
    metavar="QUESTION=ANSWER",
    help="An answer to a question of the preview; complete:CODE=yes says that FILE lists everybody of a branch.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    callback=_pairs,
    metavar="HEADER=COLUMN",
    help="What a column that is not understood is, by the header that an export has; nothing for one not to be read.",
)
@day_option
def import_file(file: Path, confirm: bool, answers: dict[str, str], columns: dict[str, str], on: dt.date) -> None:
    """Preview what FILE (.xlsx or .csv) would do to the roster; with --confirm do it, whole or not at all."""
    session, key = db.session(), current_app.config["SETTINGS"].identity_key
    service.require_identity_key(session, key)
    parsed = parse(service.read(file.read_bytes(), file.name), key, _by_hand(columns))
    plan = service.plan(session, parsed, root_id=None, on=on, answers=answers)
    _print(plan)
    if plan.faults:
        raise click.ClickException(f"{len(plan.faults)} wrong cells; nothing was imported")
    if plan.unanswered and confirm:
        raise click.ClickException(f"{plan.unanswered} questions without an answer; nothing was imported")
    if not confirm:
        click.echo("preview only; add --confirm to import" if plan.changes_anything else "nothing to import")
        return
    act = Act(0, clock.now())
    service.remember_identity_key(session, act, key)
    service.confirm(
        session, act, parsed=parsed, root_id=None, on=on, file_name=file.name, digest=plan.digest, answers=answers
    )
    session.commit()
    click.echo("imported; `flask roster undo` takes it back until the next import")


def _by_hand(pairs: dict[str, str]) -> dict[str, str]:
    """Keys of columns by header in its normal form; raises UsageError for a column that there is not."""
    known = {header: key for kind in SheetKind for key, header in headers(kind).items()} | {"": UNREAD}
    wrong = [column for column in pairs.values() if column not in known]
    if wrong:
        raise click.UsageError(f"no such column: {wrong[0]}; there are {' '.join(filter(None, known))}")
    return {normal_header(header): known[column] for header, column in pairs.items()}


def _words(message: str, values: Mapping[str, Any]) -> str:
    return message % values if values else message


def _print_questions(plan: Plan) -> None:
    for question in plan.questions[:MOST_LINES]:
        click.echo(f"? {question.key}={question.answer or '...'} {_words(question.message, question.values)}")
        for choice in question.choices:
            click.echo(f"    {question.key}={choice.value}: {_words(choice.message, choice.values)}")
    for branch in plan.branches[:MOST_LINES]:
        click.echo(f"missing from {branch.name}: {branch.missing}; if it is complete: complete:{branch.code}=yes")


def _print_passed_over(plan: Plan) -> None:
    if plan.unknown_columns:
        click.echo(f"columns not understood: {' '.join(plan.unknown_columns)}")
    if plan.passed_over:
        click.echo(f"sheets passed over: {' '.join(plan.passed_over)}")
    if plan.hidden:
        click.echo(f"hidden sheets passed over: {' '.join(plan.hidden)}")
    for row in plan.skipped[:MOST_LINES]:
        click.echo(f"row passed over: {row.tab} {row.number} {row.text}")


def _print(plan: Plan) -> None:
    for kind in SheetKind:
        counts = {status: plan.count(kind, status) for status in Status}
        if any(counts.values()):
            words = ", ".join(f"{count} {status.value}" for status, count in counts.items())
            click.echo(f"{SHEET_LABELS[kind]}: {words}")
    _print_passed_over(plan)
    changed = [row for row in plan.rows if row.status is Status.CHANGED]
    for row in changed[:MOST_LINES]:
        words = "; ".join(f"{each.column} {each.before or '-'} -> {each.after or '-'}" for each in row.differences)
        click.echo(f"~ {SHEET_LABELS[row.sheet]} {row.number} {row.label}: {words}")
    for sign, faults in (("?", plan.remarks), ("!", plan.faults)):
        for fault in faults[:MOST_LINES]:
            message = _words(fault.message, fault.values)
            click.echo(f"{sign} {SHEET_LABELS[fault.sheet]}{fault.tab} {fault.row} {fault.column}: {message}")
    _print_questions(plan)


@cli.command("undo")
def undo() -> None:
    """Take the newest import back."""
    service.undo(db.session(), Act(0, clock.now()), root_id=None, on=clock.today())
    db.session.commit()
    click.echo("the newest import is undone")


@cli.command("accept-key")
@click.option("--confirm", is_flag=True, help="Carry it out; without it nothing is changed.")
def accept_key(confirm: bool) -> None:
    """Go on with the present LEARNHUB_IDENTITY_KEY where the one before is lost for good.

    Identity numbers hashed by the lost key stay, and match nothing that is imported from now on.
    """
    if not confirm:
        raise click.UsageError("numbers hashed by the key before will never match again; add --confirm if it is lost")
    act, key = Act(0, clock.now()), current_app.config["SETTINGS"].identity_key
    changed = service.replace_identity_key(db.session(), act, key)
    db.session.commit()
    click.echo("identity numbers are hashed by the present key from now on" if changed else "it is the key in use")


@cli.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--sheet", type=click.Choice([kind.value for kind in SheetKind]), default="members", help="For .csv.")
@day_option
def export(file: Path, sheet: str, on: dt.date) -> None:
    """Write the roster to FILE: .xlsx with both sheets, .csv with one."""
    if file.suffix not in {".xlsx", ".csv"}:
        raise click.UsageError("FILE must end in .xlsx or .csv")
    if file.suffix == ".xlsx":
        body = service.workbook(db.session(), SHEET_LABELS, root_id=None, on=on)
    else:
        body = service.delimited(db.session(), SheetKind(sheet), root_id=None, on=on)
    write_whole(file, body)
    click.echo(f"written: {file}")
