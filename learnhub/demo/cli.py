"""`flask demo …`: an empty database filled with a generated town or county, and links for its people."""

import click
from flask import current_app
from flask.cli import AppGroup

from learnhub.demo import service
from learnhub.demo.rules import SEED, SIZES, pack_of
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db

cli = AppGroup("demo", help="A generated town or county to try things on.")


@cli.command("build")
@click.option("--size", type=click.Choice(SIZES), default=SIZES[0], show_default=True)
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed gives the same people.")
def build(size: str, seed: int) -> None:
    """Fill an empty database; refused where there are organizations already, or without LEARNHUB_DEMO=1."""
    _check_allowed()
    written = service.build(db.session(), size, seed=seed, pack=pack_of(catalogue()))
    db.session.commit()
    for table, count in written.items():
        click.echo(f"{table:<20} {count:>9}")


@cli.command("links")
def links() -> None:
    """Print a one-time sign-in link for each role of the demonstration."""
    _check_allowed()
    for label, token in service.links(db.session()):
        click.echo(f"{label}  /sign-in/link/{token}")
    db.session.commit()


def _check_allowed() -> None:
    if not current_app.config["SETTINGS"].demo:
        raise click.ClickException("LEARNHUB_DEMO=1 is needed: this is for trying things, not for a real county")
