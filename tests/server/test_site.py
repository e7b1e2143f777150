"""`make run` and the service for real: they answer, refuse what is taken, and stop whole."""

import contextlib
import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_migrate import upgrade

from config import Config
from learnhub.app import create_app
from learnhub.content.publish import publish
from learnhub.web.db import db
from tests.databases import IDENTITY_KEY, SECRET_KEY
from tests.server.running import GENEROUS, Server, becomes_true, free_port


def environment(folder: Path) -> dict[str, str]:
    return {
        "LEARNHUB_INSTANCE": str(folder),
        "LEARNHUB_SECRET_KEY": SECRET_KEY,
        "LEARNHUB_IDENTITY_KEY": IDENTITY_KEY,
        "LEARNHUB_DEMO": "1",
        "LEARNHUB_SECURE_COOKIES": "0",
    }


def prepare(folder: Path) -> None:
    """What an operator does before the first start of the service."""
    settings = Config.from_environment(environment(folder))
    publish(settings.content_folder, settings.published_content)
    with create_app(settings).app_context():
        upgrade()
        db.engine.dispose()


def start_site(folder: Path) -> Server:
    """`make run` in a folder of its own; the caller stops it."""
    port = free_port()
    return Server(["-m", "learnhub.start", "--port", str(port)], port, environment(folder))


@contextlib.contextmanager
def make_run(folder: Path) -> Iterator[Server]:
    """The same until the block ends."""
    server = start_site(folder)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.communicate()


def lines(server: Server, last: str) -> list[str]:
    """What the terminal shows, up to the line that holds `last`."""
    assert server.process.stdout
    found: list[str] = []
    for line in server.process.stdout:
        found.append(line)
        if last in line:
            break
    return found


@pytest.mark.long
def test_a_start_that_was_killed_amid_its_demonstration_is_made_good_by_the_next(tmp_path: Path) -> None:
    """The demonstration is one transaction: there is all of it, or it is made anew."""
    with make_run(tmp_path) as cut:
        lines(cut, "Making a demonstration")
    with make_run(tmp_path) as again:
        shown = lines(again, "审计管理员")
        assert len([line for line in shown if "/sign-in/link/" in line]) == 8
        assert any(line.startswith("  SQLite 3.") for line in shown)


@pytest.mark.long
def test_the_site_starts_on_a_demonstration_and_stops_whole(tmp_path: Path) -> None:
    """Links are shown when the site answers them; a second start is refused with one line; nothing is left behind."""
    with make_run(tmp_path) as first:
        shown = lines(first, "审计管理员")
        links = [line.split()[-1] for line in shown if "/sign-in/link/" in line]
        assert len(links) == 8
        assert "<form" in first.get(links[0].removeprefix(f"http://127.0.0.1:{first.port}"))
        assert json.loads(first.get("/healthz"))["status"] == "ok"
        with make_run(tmp_path) as second:
            printed = second.process.communicate(timeout=GENEROUS)[0]
            assert second.process.returncode == 1 and printed.count("\n") == 1
            assert f"process {first.process.pid}" in printed and str(tmp_path) in printed
        first.process.send_signal(signal.SIGINT)
        first.process.communicate(timeout=GENEROUS)
        assert first.process.returncode == 0
        with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
            probe.connect(("127.0.0.1", first.port))
    with make_run(tmp_path) as second:
        assert not any("demonstration" in line for line in lines(second, "审计管理员"))
        first_children = second.children()
        second.process.kill()
        assert becomes_true(lambda: not any(Path(f"/proc/{each}/exe").exists() for each in first_children))
    with make_run(tmp_path) as third:  # neither the folder nor the port is held by the dead
        assert json.loads(third.answers("/healthz"))["status"] == "ok"


@pytest.mark.long
def test_a_port_that_another_program_has_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        server = Server(["-m", "learnhub.start", "--port", str(port)], port, environment(tmp_path))
        printed = server.process.communicate(timeout=GENEROUS)[0]
    assert server.process.returncode == 1 and printed.count("\n") == 1
    assert f"127.0.0.1:{port}" in printed and not (tmp_path / "learnhub.sqlite3").exists()


@pytest.mark.long
def test_the_service_answers_at_a_unix_socket(tmp_path: Path) -> None:
    """As behind a proxy on the same machine; the socket file of a server that was killed is replaced."""
    path = tmp_path / "http.sock"
    prepare(tmp_path)
    words = ["-m", "learnhub.server", "--unix-socket", str(path), "--without-jobs"]
    for _ in range(2):
        server = Server(words, 0, environment(tmp_path))
        try:
            assert becomes_true(lambda: b"HTTP/1." in _ask(path))
        finally:
            server.process.kill()
            server.process.communicate()


def _ask(path: Path) -> bytes:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(str(path))
        client.sendall(b"GET /static/css/base.css HTTP/1.0\r\n\r\n")
        return client.recv(20)
    return b""
