"""`make run`: bring database and content up to date, fill a new database with the demonstration, and serve.

When the last start left everything in place the server starts first and the rest is looked at while it serves.
"""

import argparse
import hashlib
import os
import socket
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

import config
from learnhub.core.sqlite import describe_sqlite
from learnhub.doctor import service as doctor
from learnhub.server.claims import Address, Taken, claim_instance_folder, is_well, listen
from learnhub.server.programs import site
from learnhub.server.supervisor import Program, run_once, supervise

if TYPE_CHECKING:
    from learnhub.content.child import Outcome

# After how long it is said that the site does not answer yet.
SLOW_SECONDS = 20.0


def main() -> int:
    """Run the site until it is stopped; returns the exit code."""
    wanted = _arguments()
    settings = config.from_environment()
    address = Address(port=wanted.port)
    try:
        with claim_instance_folder(settings.instance_folder), listen(address) as listener:
            return _run(settings, wanted.demo, address, listener)
    except Taken as taken:
        raise SystemExit(f"LearnHub cannot start: {taken}.") from None


def _run(settings: config.Config, size: str, address: Address, listener: socket.socket) -> int:
    in_place = _left_in_place(settings)
    doctor.refuse_unsafe_start(settings, prepares=not in_place)
    if not in_place:
        # In a process of its own: the server's children are made of this one, without threads and connections.
        code = run_once(Program("preparation", lambda: _prepare(settings, size)))
        if code:
            return code
        doctor.refuse_unsafe_start(settings)

    def announce() -> None:
        _prepare(settings, size)
        links = _make_links(settings)
        _await(listener)
        _say(links, address, settings)

    return supervise(
        [
            *site(settings, listener),
            Program("content watcher", lambda: _watch(settings)),
            Program("announcement", announce, once=True),
        ]
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--demo", choices=["town", "county"], default="town")
    return parser.parse_args()


def _await(listener: socket.socket) -> None:
    """Wait until the server itself answers that it is well."""
    begun, told = time.monotonic(), False
    while not is_well(listener):
        if not told and time.monotonic() - begun > SLOW_SECONDS:
            told = True
            click.echo("The site does not answer yet; the sign-in links come as soon as it does.", err=True)
        time.sleep(0.1)


def _stamp(settings: config.Config) -> str:
    """What a finished preparation is recognised by: this database, these migrations."""
    versions = sorted(path.name for path in (config.ROOT / "migrations" / "versions").glob("*.py"))
    return hashlib.sha256(repr((settings.database_url, versions)).encode()).hexdigest()


def _left_in_place(settings: config.Config) -> bool:
    stamp = settings.instance_folder / "prepared"
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    there = file.exists() or not settings.database_url.startswith("sqlite")
    return there and settings.published_content.exists() and stamp.exists() and stamp.read_text() == _stamp(settings)


def _prepare(settings: config.Config, size: str) -> None:
    """Schema at head, some content published, people in an empty database.

    Raises SystemExit with one line when there is no content to serve.
    """
    # Imported here: only the process that prepares needs them.
    from flask_migrate import upgrade  # noqa: PLC0415

    from learnhub.app import create_app  # noqa: PLC0415
    from learnhub.content.publish import is_published  # noqa: PLC0415
    from learnhub.demo import service as demo  # noqa: PLC0415
    from learnhub.demo.rules import pack_of  # noqa: PLC0415
    from learnhub.web.catalogue import catalogue  # noqa: PLC0415
    from learnhub.web.db import db  # noqa: PLC0415

    application = create_app(settings)
    with application.app_context():
        in_place = _left_in_place(settings)
        if not in_place:
            upgrade()
            for load in application.extensions["published_rules"]:
                load(db.session())
            db.session.commit()
        if not in_place or not is_published(settings.published_content):
            publish_content(settings)
        if demo.is_empty(db.session()):
            click.echo(f"Making a demonstration {size} ...")
            demo.build(db.session(), size=size, pack=pack_of(catalogue()))
            db.session.commit()
        db.session.remove()
        db.engine.dispose()
    (settings.instance_folder / "prepared").write_text(_stamp(settings))


def _make_links(settings: config.Config) -> list[tuple[str, str]]:
    """A sign-in link for each role: its label and its token."""
    from learnhub.app import create_app  # noqa: PLC0415
    from learnhub.demo import service as demo  # noqa: PLC0415
    from learnhub.web.db import db  # noqa: PLC0415

    with create_app(settings).app_context():
        links = list(demo.links(db.session()))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return links


def publish_content(settings: config.Config) -> None:
    """Publish the content. What keeps it from being published is printed; an earlier good version serves on.

    Raises SystemExit with one line when there is none.
    """
    from learnhub.content.publish import is_published, publish  # noqa: PLC0415

    outcome = publish(settings.content_folder, settings.published_content, media_root=settings.media_root)
    if outcome.version is None and not is_published(settings.published_content):
        fault = outcome.first_error(settings.content_folder)
        raise SystemExit(f"LearnHub cannot start: the content was not published. {fault}")
    _report(outcome, settings)


def _report(outcome: "Outcome", settings: config.Config) -> None:
    """Say in the terminal why the newest content is not what serves."""
    if outcome.version is None:
        fault = outcome.first_error(settings.content_folder)
        click.echo(f"The content was not published, the version before it serves on. {fault}", err=True)


def _say(links: list[tuple[str, str]], address: Address, settings: config.Config) -> None:
    """One-time sign-in links, one a role, and which SQLite it is. There is no password to know."""
    click.echo(f"\nLearnHub: {address}")
    if settings.database_url.startswith("sqlite"):
        click.echo(f"  {describe_sqlite()}")
    for label, token in links:
        click.echo(f"  {label:<16} {address}/sign-in/link/{token}")


def _watch(settings: config.Config) -> None:
    from learnhub.content.watcher import CatalogueWatcher  # noqa: PLC0415

    watcher = CatalogueWatcher(settings.content_folder, settings.published_content, settings.media_root)
    watcher.run(threading.Event(), partial(_report, settings=settings))


if __name__ == "__main__":
    os.environ.setdefault("FLASK_APP", "wsgi")
    raise SystemExit(main())
