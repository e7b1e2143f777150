"""`flask doctor`: everything a start looks at, told line by line."""

import click
from flask import current_app
from flask.cli import FlaskGroup, with_appcontext

from learnhub.doctor import service
from learnhub.doctor.rules import first_refusal


@click.command("doctor")
@with_appcontext
def cli() -> None:
    """Say what is well and what is not; ends with 1 when a start would be refused, with 0 on warnings only."""
    findings = service.examine(current_app.config["SETTINGS"])
    for finding in findings:
        click.echo(f"{finding.severity:<8} {finding.check:<17} {finding.line}")
    raise SystemExit(1 if first_refusal(findings) else 0)


def is_command() -> bool:
    """Whether `flask` makes the application for one of its commands, rather than a server (`flask run` is one)."""
    context = click.get_current_context(silent=True)
    return context is not None and isinstance(context.find_root().command, FlaskGroup) and context.info_name != "run"
