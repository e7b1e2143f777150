"""`make run`: bring database and content up to date, fill a new database with the demonstration, and serve.

The parent stays: it watches the content for changes and ends with the server. When the last start left everything in
place the server starts first and the rest is looked at while it serves.
"""

import argparse
import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

import config

if TYPE_CHECKING:
    from learnhub.content.child import Outcome

GRANIAN = [
    "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
    "--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "20",
]  # fmt: skip
STOP_SECONDS = 5
START_SECONDS = 10


def main() -> int:
    """Run the site until it is stopped; returns the server's exit code."""
    wanted = _arguments()
    settings = config.from_environment()
    settings.instance_folder.mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server = _serve(wanted.port) if _left_in_place(settings) else None
    if server:
        _await(wanted.port, stop)
    try:
        links = _prepare(settings, wanted.demo)
    except BaseException:
        if server:
            _end(server)
        raise
    server = server or _serve(wanted.port)
    _say(links, wanted.port)
    _watch(settings, stop)
    worker = _work()
    while server.poll() is None and not stop.wait(0.2):
        pass
    stop.set()
    _end(worker)
    return _end(server)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--demo", choices=["town", "county"], default="town")
    return parser.parse_args()


def _serve(port: int) -> "subprocess.Popen[bytes]":
    program = str(Path(sys.executable).parent / "granian")
    return subprocess.Popen([program, *GRANIAN, "--port", str(port), "wsgi:app"], start_new_session=True)  # noqa: S603


def _work() -> "subprocess.Popen[bytes]":
    """The worker for what takes longer than a request."""
    return subprocess.Popen([sys.executable, "-m", "flask", "jobs", "work"], start_new_session=True)


def _await(port: int, stop: threading.Event) -> None:
    """Leave both processors to the server until it answers."""
    for _ in range(START_SECONDS * 20):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if stop.wait(0.05):
            return


def _end(server: "subprocess.Popen[bytes]") -> int:
    """Let the server finish what it has in hand; one that was still starting may not listen and is ended."""
    server.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    return server.wait()


def _stamp(settings: config.Config) -> str:
    """What a finished preparation is recognised by: this database, these migrations."""
    versions = sorted(path.name for path in (config.ROOT / "migrations" / "versions").glob("*.py"))
    return hashlib.sha256(repr((settings.database_url, versions)).encode()).hexdigest()


def _left_in_place(settings: config.Config) -> bool:
    stamp = settings.instance_folder / "prepared"
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    there = file.exists() or not settings.database_url.startswith("sqlite")
    return there and settings.published_content.exists() and stamp.exists() and stamp.read_text() == _stamp(settings)


def _prepare(settings: config.Config, size: str) -> list[tuple[str, str]]:
    """Schema at head, some content published, people in an empty database; returns a sign-in link for each role.

    Raises SystemExit with one line when there is no content to serve.
    """
    # Imported here: the server is started before, and needs the processors for the same imports.
    from flask_migrate import upgrade  # noqa: PLC0415

    from learnhub.app import create_app  # noqa: PLC0415
    from learnhub.content.publish import is_published  # noqa: PLC0415
    from learnhub.demo import service as demo  # noqa: PLC0415
    from learnhub.demo.rules import pack_of  # noqa: PLC0415
    from learnhub.web.catalogue import catalogue  # noqa: PLC0415
    from learnhub.web.db import db  # noqa: PLC0415

    with create_app(settings).app_context():
        in_place = _left_in_place(settings)
        if not in_place:
            upgrade()
        if not in_place or not is_published(settings.published_content):
            publish_content(settings)
        if demo.is_empty(db.session()):
            click.echo(f"Making a demonstration {size} ...")
            demo.build(db.session(), size=size, pack=pack_of(catalogue()))
        links = list(demo.links(db.session()))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    (settings.instance_folder / "prepared").write_text(_stamp(settings))
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


def _say(links: list[tuple[str, str]], port: int) -> None:
    """One-time sign-in links, one a role. There is no password to know."""
    click.echo(f"\nLearnHub: http://127.0.0.1:{port}")
    for label, token in links:
        click.echo(f"  {label:<16} http://127.0.0.1:{port}/sign-in/link/{token}")


def _watch(settings: config.Config, stop: threading.Event) -> None:
    from learnhub.content.watcher import CatalogueWatcher  # noqa: PLC0415

    watcher = CatalogueWatcher(settings.content_folder, settings.published_content, settings.media_root)
    report = partial(_report, settings=settings)
    threading.Thread(target=watcher.run, args=(stop, report), daemon=True).start()


if __name__ == "__main__":
    os.environ.setdefault("FLASK_APP", "wsgi")
    raise SystemExit(main())
