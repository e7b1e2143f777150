"""`flask content`: check what authors wrote, and publish it. Neither needs the database."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from flask_babel import gettext as _

from learnhub.content.check import as_json, as_sarif, as_text, check
from learnhub.content.problems import has_errors
from learnhub.content.publish import publish

cli = AppGroup("content", help="Check and publish the study content.")

# There is no reader here whose language could be asked; authors write Chinese.
LANGUAGE = "zh_CN"
_FORMATS = {"text": as_text, "json": as_json, "sarif": as_sarif}


@cli.command("check")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), default="text", help="How to print the problems.")
def check_command(path: Path | None, form: str) -> None:
    """Print every problem of the content; ends with 1 on an error, with 0 on warnings only.

    PATH is a part of the content folder, or another content folder.
    """
    folder = current_app.config["SETTINGS"].content_folder.resolve()
    wanted = (path or folder).resolve()
    is_part = wanted.is_relative_to(folder)
    problems = check(folder, within=wanted.relative_to(folder).as_posix()) if is_part else check(wanted)
    with force_locale(LANGUAGE):
        report = _FORMATS[form](problems, _)
        if form == "text" and not problems:
            report = _("内容没有问题。")
    click.echo(report)
    raise SystemExit(1 if has_errors(problems) else 0)


@cli.command("publish")
def publish_command() -> None:
    """Check the content folder and put it on the site; with errors the last good version stays, and it ends with 1."""
    settings = current_app.config["SETTINGS"]
    outcome = publish(settings.content_folder, settings.published_content)
    with force_locale(LANGUAGE):
        if outcome.problems:
            click.echo(as_text(outcome.problems, _))
        if outcome.version is None:
            click.echo(_("没有发布：请先改正上面的错误。网站上仍是上一个好的版本。"))
            raise SystemExit(1)
        click.echo(_("已发布，版本 %(version)s。", version=outcome.version[:12]))
