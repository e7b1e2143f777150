"""How transactions begin: readers cannot write, writers wait for each other, and a lock is said to be one."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, MetaData, create_engine, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from sqlalchemy.orm import Session

from learnhub.accounts.models import Account, SignIn
from learnhub.app import create_app
from learnhub.core.orm import Base
from learnhub.core.sqlite import WAL_IS_SAFE_FROM
from learnhub.web.db import db, engine_options, prepare
from tests import cast, databases
from tests.pages import PageClient


def test_a_get_cannot_change_anything(own_app: Flask) -> None:
    """The database itself refuses, whatever a view tries."""
    with own_app.test_request_context("/account", method="GET"), pytest.raises((OperationalError, InternalError)):
        db.session().execute(update(Account).values(name="x"))


def test_a_post_can(own_app: Flask) -> None:
    with own_app.test_request_context("/sign-out", method="POST"):
        db.session().execute(update(Account).values(name="x"))
        db.session().commit()


def test_writers_wait_for_each_other(own_app: Flask) -> None:
    """Four threads that read and then write the same row all get through: nobody upgrades a read lock."""
    failures: list[Exception] = []

    def raise_hours() -> None:
        with own_app.app_context():
            for _ in range(4):  # few, so that a slow disk lets nobody wait out his ten seconds
                session = db.session()
                try:
                    row = session.execute(select(SignIn.id, SignIn.agent).where(SignIn.id == 1).with_for_update()).one()
                    count = int(row.agent) + 1 if row.agent.isdigit() else 1
                    session.execute(update(SignIn).where(SignIn.id == row.id).values(agent=str(count)))
                    session.commit()
                except Exception as error:
                    failures.append(error)
                finally:
                    db.session.remove()

    threads = [threading.Thread(target=raise_hours) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with own_app.app_context():
        assert db.session().scalar(select(SignIn.agent).where(SignIn.id == 1)) == "16"


def test_foreign_keys_hold(session: Session) -> None:
    with pytest.raises(DBAPIError):
        session.execute(
            insert(SignIn).values(token_hash="x", account_id=999, started_at=cast.NOW, seen_at=cast.NOW, agent="")
        )


def test_a_locked_database_says_please_wait(
    kind: databases.Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that lasts answers 503 with Retry-After, and the page says that nothing was lost. Who is not signed in does
    not wait for it."""
    monkeypatch.setattr("learnhub.web.db.LOCK_WAIT_SECONDS", 1)
    address = kind.copy()
    app = create_app(databases.settings(address, tmp_path))
    browser = PageClient(app, app.response_class)
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = cast.token("member")
    token = browser.token()
    stranger = PageClient(app, app.response_class)
    with stranger.session_transaction() as cookie:
        cookie["_user_id"] = "ended long ago"
    strange_token = stranger.token()
    with app.app_context():
        db.engine.dispose()
        holder = create_engine(db.engine.url, **engine_options(app.config["SQLALCHEMY_DATABASE_URI"]))
    prepare(holder)
    with holder.begin() as connection:
        connection.execute(text("UPDATE account SET name = 'held'"))
        answer = browser.post("/account/password", data={"csrf_token": token, "password": "想好的新密码-77"})
        refused = stranger.post("/account/password", data={"csrf_token": strange_token, "password": "想好的新密码-77"})
    holder.dispose()
    with app.app_context():
        db.engine.dispose()
    assert (answer.status_code, refused.status_code) == (503, 401)
    assert answer.headers["Retry-After"]
    assert "以前保存的都在" in answer.text


def shape(engine: Engine) -> dict[str, object]:
    """Everything of a schema that matters, as both databases reflect it."""
    inspector = inspect(engine)
    found: dict[str, object] = {}
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        found[table] = {
            "columns": {each["name"]: (str(each["type"]), each["nullable"]) for each in inspector.get_columns(table)},
            "key": inspector.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted(
                (tuple(each["constrained_columns"]), each["referred_table"])
                for each in inspector.get_foreign_keys(table)
            ),
            "unique": sorted(tuple(each["column_names"]) for each in inspector.get_unique_constraints(table)),
            "checks": sorted(str(each["name"]) for each in inspector.get_check_constraints(table)),
            "indexes": sorted(
                (str(each["name"]), tuple(each["column_names"]), bool(each["unique"]))
                for each in inspector.get_indexes(table)
            ),
        }
    return found


def test_the_migrations_make_what_the_models_say(own_app: Flask, kind: databases.Kind) -> None:
    """Columns, keys, uniques, checks and indexes, compared after `upgrade` and after `create_all`."""
    with own_app.app_context():
        migrated = shape(db.engine)
        reflected = MetaData()
        reflected.reflect(db.engine)
        reflected.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        assert shape(db.engine) == migrated


def test_the_way_down_refuses_to_lose_what_is_on_record(own_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with own_app.app_context():
        before = shape(db.engine)
        with pytest.raises(SystemExit):
            downgrade(revision="base")
        assert "lose what is on record" in caplog.text
        assert shape(db.engine) == before


def test_an_empty_database_goes_down_and_up_again(own_app: Flask) -> None:
    with own_app.app_context():
        before = shape(db.engine)
        with db.engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
        downgrade(revision="base")
        assert shape(db.engine) == {}
        upgrade()
        assert shape(db.engine) == before


def test_a_view_that_rolls_back_leaves_the_test_its_rows(
    session: Session, client_as: Callable[..., PageClient]
) -> None:
    """The fixture itself: a flushed row survives a request that ends in an error."""
    session.add(Account(name="flushed", created_at=cast.NOW))
    session.flush()
    session.commit()
    client_as(None).send("/sign-in", {"login_name": "nobody", "password": "wrong-password"})
    assert session.scalar(select(Account.name).where(Account.name == "flushed")) == "flushed"


@pytest.mark.one_database
def test_without_the_bundled_sqlite_that_of_python_serves(kind: databases.Kind, tmp_path: Path) -> None:
    """As on aarch64, where there is no wheel of it: an older one keeps a rollback journal, and says which it is."""
    (tmp_path / "pysqlite3.py").write_text("raise ImportError\n")
    script = (
        "import os, sqlite3\n"
        "import config\n"
        "from flask_migrate import upgrade\n"
        "from learnhub.app import create_app\n"
        "from learnhub.core.sqlite import describe_sqlite, sqlite_module\n"
        "from learnhub.web.db import db\n"
        "assert sqlite_module() is sqlite3\n"
        "app = create_app(config.from_environment())\n"
        "with app.app_context():\n"
        "    upgrade()\n"
        "    print(db.session.connection().exec_driver_sql('PRAGMA journal_mode').scalar_one())\n"
        "    db.session.rollback()\n"
        "print(app.test_client().get('/sign-in').status_code)\n"
        "print(describe_sqlite())\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{tmp_path}:{Path(__file__).resolve().parents[2]}",
        "LEARNHUB_INSTANCE": str(tmp_path),
        "LEARNHUB_SECRET_KEY": databases.SECRET_KEY,
        "LEARNHUB_IDENTITY_KEY": databases.IDENTITY_KEY,
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    safe = sqlite3.sqlite_version_info >= WAL_IS_SAFE_FROM
    journal, status, said = done.stdout.split("\n")[:3] if done.returncode == 0 else (done.stderr, "", "")
    assert (journal, status) == ("wal" if safe else "truncate", "200")
    assert said.startswith(f"SQLite {sqlite3.sqlite_version} ({'write-ahead log' if safe else 'rollback journal'}")
