"""`flask rules …`: rules with a legal basis that come with the program."""

import click
from flask import current_app
from flask.cli import AppGroup

from learnhub.web.db import db

cli = AppGroup("rules", help="Rules with a legal basis that come with the program.")


@cli.command("load")
def load_published_rules() -> None:
    """Write the published rules that are not on record yet; may be repeated, after each upgrade too."""
    session = db.session()
    count = sum(load(session) for load in current_app.extensions["published_rules"])
    session.commit()
    click.echo(f"rules written: {count}")
