"""`flask accounts …`: the first administrator, links and roles."""

import click
from flask.cli import AppGroup

from learnhub.accounts import queries, service
from learnhub.accounts.rules import Role
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.web.commands import ID
from learnhub.web.db import db

cli = AppGroup("accounts", help="Accounts, roles and one-time sign-in links.")
ROLES = click.Choice([role.value for role in Role])


@cli.command("open")
@click.argument("name")
@click.option("--login", "login_name", help="Login name; left out for an account that only uses links.")
@click.option("--role", type=ROLES, help="A role to bind.")
@click.option("--organization", "organization_id", type=ID, help="Id of the organization the role is bound to.")
def open_account(name: str, login_name: str | None, role: str | None, organization_id: int | None) -> None:
    """Open an account for NAME and print its id and a one-time sign-in link."""
    if (role is None) != (organization_id is None):
        raise click.UsageError("--role and --organization go together")
    act = Act(0, clock.now())
    session = db.session()
    account_id = service.open_account(session, act, name=name, login_name=login_name)
    if role and organization_id:
        service.grant(session, act, account_id=account_id, role=Role(role), organization_id=organization_id)
    token = service.issue_link(session, act, account_id=account_id)
    session.commit()
    click.echo(f"account {account_id}: /sign-in/link/{token}")


@cli.command("link")
@click.argument("account_id", type=ID)
def link(account_id: int) -> None:
    """Print a one-time sign-in link for ACCOUNT_ID."""
    token = service.issue_link(db.session(), Act(0, clock.now()), account_id=account_id)
    db.session.commit()
    click.echo(f"/sign-in/link/{token}")


@cli.command("list")
@click.option("--name", default="", help="Only those whose name or login name holds this.")
@click.option("--role", type=ROLES, help="Only those who hold this role today.")
@click.option("--below", type=ID, help="Only those with a role at the organization with this id, or below it.")
def list_accounts(name: str, role: str | None, below: int | None) -> None:
    """List accounts in the order of their ids: id, login name, name, and today's roles, each with its organization's id."""
    rows = queries.listed(db.session(), clock.today(), name=name, role=Role(role) if role else None, below=below)
    for row in rows:
        roles = " ".join(f"{each.role.value}@{each.organization_id}" for each in row.bindings) or "-"
        click.echo(f"{row.id:>8}  {row.login_name or '-'}  {row.name}  {'disabled' if row.is_disabled else roles}")
    click.echo(f"accounts: {len(rows)}", err=True)
