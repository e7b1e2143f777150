"""`flask accounts …`: the first administrator, links and roles."""

import click
from flask.cli import AppGroup

from learnhub.accounts import service
from learnhub.accounts.rules import Role
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.web.db import db

cli = AppGroup("accounts", help="Accounts, roles and one-time sign-in links.")


@cli.command("open")
@click.argument("name")
@click.option("--login", "login_name", help="Login name; left out for an account that only uses links.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="A role to bind.")
@click.option("--organization", "organization_id", type=int, help="Id of the organization the role is bound to.")
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
@click.argument("account_id", type=int)
def link(account_id: int) -> None:
    """Print a one-time sign-in link for ACCOUNT_ID."""
    token = service.issue_link(db.session(), Act(0, clock.now()), account_id=account_id)
    db.session.commit()
    click.echo(f"/sign-in/link/{token}")
