"""`flask organizations …`: the tree as of today, with the ids that other commands ask for."""

import click
from flask.cli import AppGroup

from learnhub.core import clock
from learnhub.organizations import queries
from learnhub.organizations.rules import OrganizationKind
from learnhub.web.commands import ID
from learnhub.web.db import db

cli = AppGroup("organizations", help="The organizations and their ids.")


@cli.command("list")
@click.option("--name", default="", help="Only those whose name or code holds this.")
@click.option("--kind", type=click.Choice([kind.value for kind in OrganizationKind]), help="Only those of this kind.")
@click.option("--below", type=ID, help="Only the organization with this id and what hangs below it.")
def list_organizations(name: str, kind: str | None, below: int | None) -> None:
    """List organizations of today in the order of their ids: id, parent's id, kind, code and name."""
    wanted = OrganizationKind(kind) if kind else None
    rows = queries.listed(db.session(), clock.today(), name=name, kind=wanted, below=below)
    for row in rows:
        click.echo(f"{row.id:>8}  {row.parent_id or '-':>8}  {row.kind.value:<20}  {row.code}  {row.name}")
    click.echo(f"organizations: {len(rows)}", err=True)
