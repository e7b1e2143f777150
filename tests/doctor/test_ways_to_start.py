"""Every way to start looks at the same list, as a process of its own: one line and an exit code, or it serves."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from config import Config
from learnhub.doctor import queries
from tests import databases
from tests.doctor.spoiling import damage
from tests.server.running import ROOT, Server, free_port

WAYS: dict[str, tuple[str, ...]] = {
    "any WSGI server": ("-c", "import wsgi"),
    "the service": ("-m", "learnhub.server", "--port", "0"),
    "make run": ("-m", "learnhub.start", "--port", "0"),
    "flask jobs work": ("-m", "flask", "--app", "wsgi", "jobs", "work", "--once"),
    "flask run": ("-m", "flask", "--app", "wsgi", "run", "--port", "0"),
}


def environment(config: Config, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LEARNHUB_INSTANCE": str(config.instance_folder),
        "DATABASE_URL": config.database_url,
        "LEARNHUB_SECRET_KEY": config.secret_key,
        "LEARNHUB_IDENTITY_KEY": config.identity_key,
        "LEARNHUB_SECURE_COOKIES": "0",
        **more,
    }


def run(words: tuple[str, ...], environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def make_newer(config: Config) -> None:
    """As if a later version of this program had been there."""
    with queries.open_database(config.database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'of_next_year'")


FAULTS: dict[str, tuple[dict[str, str], str]] = {
    "equal keys": ({"LEARNHUB_SECRET_KEY": databases.IDENTITY_KEY}, "openssl rand"),
    "debugging": ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    "public demonstration": ({"LEARNHUB_DEMO": "1", "LEARNHUB_SECURE_COOKIES": "1"}, "LEARNHUB_DEMO=0"),
    "PostgreSQL away": (
        {"DATABASE_URL": "postgresql://me:hidden-word@127.0.0.1:1/learnhub"},
        "cannot be reached",
    ),
    "no content": ({"LEARNHUB_CONTENT": "/nowhere"}, "LEARNHUB_CONTENT"),
}


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_a_newer_schema_ends_every_start(way: str, site: Config) -> None:
    make_newer(site)
    done = run(WAYS[way], environment(site))
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "install the newer LearnHub" in done.stderr


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("way", WAYS)
def test_an_unsafe_start_ends_with_one_line(way: str, fault: str, site: Config) -> None:
    more, words = FAULTS[fault]
    done = run(WAYS[way], environment(site, **more))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("LearnHub cannot start: ") and words in done.stderr
    assert "hidden-word" not in done.stderr


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_file_ends_every_start(way: str, site: Config) -> None:
    damage(site)
    done = run(WAYS[way], environment(site))
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "restore the newest backup" in done.stderr


@pytest.mark.long
@pytest.mark.parametrize("way", ["any WSGI server", "flask jobs work"])
def test_a_safe_start_passes_without_a_word(way: str, site: Config) -> None:
    done = run(WAYS[way], environment(site))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.long
def test_a_safe_service_serves(site: Config) -> None:
    port = free_port()
    server = Server(["-m", "learnhub.server", "--port", str(port)], port, environment(site))
    try:
        assert '"ok"' in server.answers("/healthz")
    finally:
        code, printed = server.stop()
    assert (code, printed) == (0, "")


@pytest.mark.long
@pytest.mark.one_database
def test_commands_that_mend_a_start_are_not_refused(site: Config, tmp_path: Path) -> None:
    """What the line says to do can be done: the schema, the content, and the doctor itself."""
    new = tmp_path / "instance"
    new.mkdir()
    ours = environment(site, LEARNHUB_INSTANCE=str(new), DATABASE_URL=f"sqlite:///{new}/new.sqlite3")
    flask = ("-m", "flask", "--app", "wsgi")
    assert run((*flask, "doctor"), ours).returncode == 1
    assert run((*flask, "db", "upgrade"), ours).returncode == 0
    assert run((*flask, "content", "publish"), ours).returncode == 0
    done = run((*flask, "doctor"), ours)
    assert done.returncode == 0 and "refused" not in done.stdout
    shutil.rmtree(new)
