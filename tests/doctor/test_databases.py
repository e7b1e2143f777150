"""An unsafe database is refused: behind or ahead of the program, not durable, locked, or kept by an old SQLite."""

import dataclasses
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config import Config
from learnhub.core import clock
from learnhub.core.sqlite import is_wal_safe, sqlite_module
from learnhub.doctor import queries, service
from learnhub.doctor.rules import Severity, first_refusal
from learnhub.doctor.service import database
from tests import postgresql
from tests.cast import NOW
from tests.doctor.spoiling import (
    Spoil,
    drop_tables,
    opened,
    run_sql,
)
from tests.doctor.test_unsafe_starts import check_refused

ON_BOTH: dict[str, tuple[Spoil, str]] = {
    "schema ahead": (run_sql("UPDATE alembic_version SET version_num = 'of_next_year'"), "install the newer LearnHub"),
    "no revision": (run_sql("DELETE FROM alembic_version"), "run `flask db upgrade`"),
    "empty database": (drop_tables, "run `flask db upgrade`"),
    "another identity key": (
        run_sql("INSERT INTO identity_key (id, fingerprint, since) VALUES (1, 'of another', CURRENT_TIMESTAMP)"),
        "put that one back",
    ),
}


def test_a_schema_behind_the_program_is_refused_and_brought_up_by_make_run(site: Config, next_program: None) -> None:
    line = first_refusal(service.examine(site))
    assert line and "behind this program" in line and "run `flask db upgrade`" in line
    assert first_refusal(service.examine(site, prepares=True)) is None


@pytest.fixture
def next_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This program as it will be with one more migration."""
    shutil.copytree(database.MIGRATIONS, tmp_path / "versions")
    next_one = 'revision = "next"\ndown_revision = "initial"\n'
    (tmp_path / "versions" / "next.py").write_text(next_one)
    monkeypatch.setattr(database, "MIGRATIONS", tmp_path / "versions")


@pytest.mark.parametrize("name", ON_BOTH)
def test_an_unsafe_database_is_refused(name: str, site: Config) -> None:
    check_refused(site, *ON_BOTH[name])


@pytest.mark.one_database(kind="postgresql")
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER DATABASE DATABASE_NAME SET synchronous_commit = off", "synchronous_commit=off"),
        ("ALTER DATABASE DATABASE_NAME SET default_transaction_read_only = on", "read-only"),
    ],
)
def test_an_unsafe_setting_of_postgresql_is_refused(statement: str, words: str, site: Config) -> None:
    check_refused(site, run_sql(statement), words)


def test_a_clock_behind_the_newest_record_is_warned_of(site: Config) -> None:
    with opened(site) as connection:
        newest = "(SELECT max(id) FROM audit_entry)"
        if connection.execute(f"SELECT {newest}").fetchone()[0] is None:
            connection.execute(
                "INSERT INTO audit_entry (at, action, subject, details, previous_hash, hash) "
                "VALUES ('2026-11-22 02:00:00+00:00', 'x', 'x', '{}', '', 'x')"
            )
        connection.execute(f"UPDATE audit_entry SET at = '2027-01-05 08:00:00' WHERE id = {newest}")
    clock.fix(NOW)
    line = next(finding for finding in service.examine(site) if finding.check == "clock")
    assert line.severity is Severity.WARNING and "2027-01-05 08:00" in line.line


@pytest.mark.one_database
def test_a_locked_database_is_warned_of_and_the_start_goes_on(site: Config) -> None:
    """Somebody who writes just now, in the mode without a log, is no reason to refuse."""
    with opened(site) as connection:
        connection.execute("PRAGMA journal_mode=truncate")
        connection.execute("BEGIN EXCLUSIVE")
        found = service.examine(site)
    assert [finding.check for finding in found if finding.severity is Severity.WARNING][:1] == ["database"]
    assert first_refusal(found) is None


@pytest.mark.one_database
def test_a_start_looks_a_large_file_through_in_part(site: Config) -> None:
    """And flask doctor to its end."""
    with opened(site) as connection:
        connection.execute("CREATE TABLE large (number)")
        numbers = "WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < 50000)"
        connection.execute(f"INSERT INTO large {numbers} SELECT i FROM numbers")
    assert not queries.look(site.database_url, budget=0.0).looked_through
    assert queries.look(site.database_url, budget=None).looked_through


@pytest.mark.long
@pytest.mark.one_database(kind="postgresql")
@pytest.mark.parametrize("name", ["fsync", "full_page_writes"])
def test_a_server_that_does_not_sync_is_refused(name: str, site: Config) -> None:
    """These two belong to the whole server, so this one is its own."""
    binaries = postgresql.binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL of our own can be started")
    server = postgresql.Server(binaries)
    try:
        with psycopg.connect(server.address, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET {name} = off")
            connection.execute("SELECT pg_reload_conf()")
        ours = dataclasses.replace(site, database_url=server.address.replace("postgresql://", "postgresql+psycopg://"))
        found = {finding.check: finding for finding in service.examine(ours)}
    finally:
        server.stop()
    assert found["durability"].severity is Severity.REFUSED and f"{name}=off" in found["durability"].line


@pytest.mark.one_database
@pytest.mark.skipif(
    not is_wal_safe() or sqlite3.sqlite_version_info >= (3, 51, 3), reason="needs one SQLite of each kind"
)
def test_an_old_sqlite_is_refused_on_a_file_that_others_keep_in_wal_mode(site: Config, tmp_path: Path) -> None:
    """The standard library's SQLite may lose data in this mode; nobody else has the file open, and it leaves the mode."""
    hidden = tmp_path / "pysqlite3"
    hidden.mkdir()
    (hidden / "__init__.py").write_text("raise ImportError('hidden')")
    with opened(site) as connection:
        connection.execute("PRAGMA journal_mode=wal")
        connection.execute("SELECT count(*) FROM member").fetchone()
        assert "can lose data" in examine_without_wheel(site, tmp_path)
    assert sqlite_module() is not sqlite3 and "can lose data" not in examine_without_wheel(site, tmp_path)


def examine_without_wheel(site: Config, folder: Path) -> str:
    """What another Python, to which the wheel is hidden, says of the database."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from learnhub.doctor import queries; print(queries.look(sys.argv[1], budget=1))",
         site.database_url],
        env={**os.environ, "PYTHONPATH": f"{folder}:{Path(__file__).resolve().parents[2]}"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return "can lose data" if "Fault.JOURNAL" in done.stdout else done.stdout
