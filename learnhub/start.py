"""`make run`: bring database and content up to date, fill a new database with the demonstration, and serve.

The parent stays: it watches the content for changes and ends with the server.
"""

import argparse
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade

import config
from learnhub.app import create_app
from learnhub.content.publish import Watch, publish
from learnhub.demo import service as demo
from learnhub.demo.rules import pack_of
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db

GRANIAN = [
    "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
    "--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "20",
]  # fmt: skip


def main() -> int:
    """Run the site until it is stopped; returns the server's exit code."""
    wanted = _arguments()
    settings = config.from_environment()
    app = create_app(settings)
    settings.instance_folder.mkdir(parents=True, exist_ok=True)
    with app.app_context():
        _prepare(app, wanted.demo)
        _say_links(app, wanted.port)
        db.session.remove()
        db.engine.dispose()
    server = subprocess.Popen([_program("granian"), *GRANIAN, "--port", str(wanted.port), "wsgi:app"])  # noqa: S603
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    signal.signal(signal.SIGINT, lambda *_: server.terminate())
    watch = Watch(settings.content_folder, settings.published_content)
    threading.Thread(target=watch.run, args=(stop,), daemon=True).start()
    code = server.wait()
    stop.set()
    return code


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--demo", choices=["town", "county"], default="town")
    return parser.parse_args()


def _program(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _prepare(app: Flask, size: str) -> None:
    """Schema at head, content published, and people in an empty database."""
    settings = app.config["SETTINGS"]
    head = ScriptDirectory(str(app.config["MIGRATIONS"])).get_current_head()
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != head:
        upgrade()
    outcome = publish(settings.content_folder, settings.published_content)
    if outcome.version is None:
        click.echo("Content has errors; the last good version serves. `flask content check` names them.", err=True)
    if demo.is_empty(db.session()):
        click.echo(f"Making a demonstration {size} ...")
        demo.build(db.session(), size=size, pack=pack_of(catalogue()))
        db.session.commit()


def _say_links(app: Flask, port: int) -> None:
    """One-time sign-in links, one a role. There is no password to know."""
    click.echo(f"\nLearnHub: http://127.0.0.1:{port}")
    for label, token in demo.links(db.session()):
        click.echo(f"  {label:<16} http://127.0.0.1:{port}/sign-in/link/{token}")
    db.session.commit()


if __name__ == "__main__":
    os.environ.setdefault("FLASK_APP", "wsgi")
    raise SystemExit(main())
