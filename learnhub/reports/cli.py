"""`flask reports …`: the roll-up of coverage, moved to a new day, counted anew, or compared with the facts."""

import zipfile
from pathlib import Path

import click
from flask.cli import AppGroup

from learnhub.core import clock
from learnhub.reports import service
from learnhub.reports.service.archive import faults
from learnhub.web.db import db

cli = AppGroup("reports", help="The roll-up of coverage: move it to a new day, count it anew, check it.")
# Differences printed one by one; a roll-up with more is counted anew in any case.
MOST_LINES = 50


@cli.command("advance")
def advance() -> None:
    """Move the roll-up to today; to be run each night, soon after midnight."""
    counted = service.advance(db.session(), clock.today())
    db.session.commit()
    click.echo(f"organizations counted: {counted}")


@cli.command("recount")
@click.option("--check", is_flag=True, help="Change nothing: compare, print what differs, and fail if anything does.")
@click.option("--sample", type=click.IntRange(min=1), help="With --check: so many organizations of each task, by lot.")
def recount(check: bool, sample: int | None) -> None:
    """Count the roll-up anew from the facts, for today."""
    if not check:
        counted = service.recount_all(db.session(), clock.today())
        db.session.commit()
        click.echo(f"organizations counted: {counted}")
        return
    found = list(service.check(db.session(), sample, seed=clock.today().toordinal()))
    db.session.rollback()
    for each in found[:MOST_LINES]:
        click.echo(
            f"task {each.task_id}, organization {each.organization_id}, {each.column.value}: "
            f"{each.kept} kept, {each.counted} counted"
        )
    click.echo(f"differences: {len(found)}")
    if found:
        raise click.exceptions.Exit(1)


@cli.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Compare every file of a year's archive with its manifest; fail if anything was changed, removed or added."""
    try:
        found = faults(file)
    except zipfile.BadZipFile:
        found = ["this is not an archive"]
    for fault in found:
        click.echo(fault)
    if found:
        raise click.exceptions.Exit(1)
    click.echo("whole")
