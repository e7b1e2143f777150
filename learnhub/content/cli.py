"""`flask content`: check what authors wrote, publish it, take questions in and out. None of it needs the database."""

from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from flask_babel import gettext as _

from learnhub.content import versions
from learnhub.content.check import as_json, as_sarif, as_text, check
from learnhub.content.exchange import files
from learnhub.content.preview.server import serve
from learnhub.content.problems import Problem, has_errors
from learnhub.content.publish import is_published, publish, roll_back
from learnhub.core.files import write_whole

cli = AppGroup("content", help="Check, preview and publish the study content; take questions in and out.")

# There is no reader here whose language could be asked; authors write Chinese.
LANGUAGE = "zh_CN"
_FORMATS = {"text": as_text, "json": as_json, "sarif": as_sarif}


@cli.command("check")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), default="text", help="How to print the problems.")
@click.option(
    "--media-root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where films stand that are too large for git, instead of LEARNHUB_MEDIA_ROOT.",
)
def check_command(path: Path | None, form: str, media_root: Path | None) -> None:
    """Print every problem of the content; ends with 1 on an error, with 0 on warnings only.

    PATH is a part of the content folder, or another content folder.
    """
    settings = current_app.config["SETTINGS"]
    folder, films = settings.content_folder.resolve(), media_root or settings.media_root
    wanted = (path or folder).resolve()
    is_part = wanted.is_relative_to(folder)
    within = wanted.relative_to(folder).as_posix() if is_part else "."
    problems = check(folder if is_part else wanted, within=within, media_root=films)
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
    outcome = publish(settings.content_folder, settings.published_content, media_root=settings.media_root)
    with force_locale(LANGUAGE):
        if outcome.problems:
            click.echo(as_text(outcome.problems, _))
        if outcome.version is None:
            what = _("没有发布，请过一会儿再发布。") if outcome.is_transient else _("没有发布：请先改正上面的错误。")
            serves = is_published(settings.published_content)
            click.echo(what + (_("网站上仍是上一个好的版本。") if serves else _("网站上还没有内容。")))
            raise SystemExit(1)
        click.echo(_("已发布，版本 %(version)s。", version=outcome.version[:12]))


@cli.command("versions")
def versions_command() -> None:
    """List the published versions that are kept, newest first, each with the time of its publication (UTC)."""
    for each in reversed(versions.kept(current_app.config["SETTINGS"].published_content)):
        click.echo(f"{each.hash[:12]}  {each.at:%Y-%m-%d %H:%M:%S}")


@cli.command("rollback")
@click.argument("version", default="")
def rollback_command(version: str) -> None:
    """Serve the version before the present one again, or VERSION (the beginning of its hash), in every worker."""
    found = roll_back(current_app.config["SETTINGS"].published_content, version)
    with force_locale(LANGUAGE):
        click.echo(_("已退回版本 %(version)s。内容文件夹没有动，改好后再发布。", version=found.hash[:12]))


@cli.command("preview")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--port", type=int, default=8010, show_default=True)
def preview_command(folder: Path, port: int) -> None:
    """Show FOLDER (a course, a month, or all content) as the site would, with keys, anew at every change.

    On this computer only, without the database; an error is shown with its file and line instead of the page.
    """
    try:
        server = serve(folder, port, current_app.config["SETTINGS"].media_root)
    except ValueError:
        with force_locale(LANGUAGE):
            message = _("这不是内容文件夹里的一门课或一个月：%(folder)s", folder=folder)
        raise click.ClickException(message) from None
    click.echo(f"http://127.0.0.1:{server.port}/")
    server.serve_forever()


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(list(files.FORMS)), required=True, help="What FILE is written in.")
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="The quiz.md to put them into.")
def import_command(file: Path, form: str, target: Path | None) -> None:
    """Turn the questions of FILE into Markdown, at the end of the quiz file --to or on standard output.

    What could not be read is told by line; then it ends with 1, and what could be read is there all the same.
    """
    taken = files.take_in(file, form, target)
    text = taken.markdown
    if target is None:
        click.echo(text, nl=False)
    elif taken.drafts:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, text.encode())
    with force_locale(LANGUAGE):
        _tell(taken.problems)
        click.echo(_("读入 %(count)s 道题。", count=len(taken.drafts)), err=True)
    raise SystemExit(1 if has_errors(taken.problems) else 0)


@cli.command("export")
@click.argument("quiz", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["gift", "xlsx"]), required=True, help="What to write.")
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The new file.")
def export_command(quiz: Path, form: str, target: Path) -> None:
    """Write the questions of a quiz file as Moodle GIFT or on an XLSX sheet; ends with 1 when some could not be held."""
    given = files.give_out(quiz, form)
    write_whole(target, given.body)
    with force_locale(LANGUAGE):
        _tell(given.problems)
    raise SystemExit(1 if has_errors(given.problems) else 0)


@cli.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def template_command(file: Path) -> None:
    """Write the XLSX sheet in which questions can be written, with an example of each kind."""
    write_whole(file, files.template())


def _tell(problems: Sequence[Problem]) -> None:
    if problems:
        click.echo(as_text(problems, _), err=True)
