"""Behind PgBouncer, in both of its modes: nothing that belongs to one connection of the server is relied on."""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InternalError

from learnhub.accounts.models import Account
from learnhub.app import create_app
from learnhub.feedback.models import Complaint
from learnhub.web.db import db
from tests import cast, databases
from tests.conftest import EVERYTHING, PGBOUNCER
from tests.pages import PageClient

pytestmark = [
    pytest.mark.long,
    pytest.mark.one_database(kind="postgresql"),
]
# In session mode a client keeps its connection to the server; in the other, five threads share two.
SIZES = {"session": 20, "transaction": 2}
SETTINGS = """
[databases]
* = host={server} port=5432
[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
listen_port = 6432
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
query_wait_timeout = 20
logfile = {folder}/log
"""


@pytest.fixture(params=["session", "transaction"])
def behind(request: pytest.FixtureRequest, kind: databases.Kind, tmp_path: Path) -> Iterator[Flask]:
    """An application whose connections go through PgBouncer."""
    if PGBOUNCER is None:
        if EVERYTHING:
            pytest.fail("LEARNHUB_TEST_ALL=1, but Debian's pgbouncer is missing")
        pytest.skip("Debian's pgbouncer is missing")
    direct = make_url(kind.copy())
    folder = Path("/tmp") / f"pgbouncer-{os.getpid()}-{request.param}"  # noqa: S108 (the path of a socket is short)
    folder.mkdir()
    file = folder / "pgbouncer.ini"
    server = direct.query["host"]
    file.write_text(
        SETTINGS.format(server=server, folder=folder, mode=request.param, size=SIZES[request.param]).replace(
            "* =", f"* = user={direct.username or 'postgres'}"
        )
    )
    as_owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if as_owner:
        shutil.chown(folder, "postgres", "postgres")
    process = subprocess.Popen([PGBOUNCER, "-q", file], cwd=folder, **as_owner)  # type: ignore[call-overload]
    address = direct.set(port=6432).update_query_dict({"host": str(folder)})
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        for _ in range(100):
            try:
                psycopg.connect(plain, prepare_threshold=None).close()
                break
            except psycopg.OperationalError:
                threading.Event().wait(0.1)
        app = create_app(databases.settings(plain, tmp_path))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


def browser(app: Flask, person: str) -> PageClient:
    client = PageClient(app, app.response_class)
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = cast.token(person), True
    return client


def test_people_read_and_write_at_once(behind: Flask) -> None:
    """Each statement often enough to be prepared, if it were allowed to be."""
    failures: list[object] = []

    def work(person: str, number: int) -> None:
        client = browser(behind, person)
        for turn in range(8):
            try:
                read = client.get("/account").status_code
                key = f"complaint-{number}-{turn}"
                fields = {"kind": "suggestion", "words": "早上开课", "key": key}
                written = client.send("/feedback", fields).status_code
            except Exception as error:
                failures.append(error)
            else:
                if (read, written) != (200, 303):
                    failures.append((read, written))

    people = ("member", "recorder", "organizer", "reader", "second_recorder")
    threads = [threading.Thread(target=work, args=(person, number)) for number, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with behind.app_context():
        assert db.session.scalar(select(func.count()).select_from(Complaint)) == 40


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_transaction_begins_as_it_should(behind: Flask, method: str) -> None:
    with behind.test_request_context("/account", method=method):
        shown: Callable[[str], object] = lambda name: db.session.scalar(text(f"SHOW {name}"))  # noqa: E731
        assert (shown("lock_timeout"), shown("jit")) == ("10s", "off")
        assert shown("transaction_read_only") == ("on" if method == "GET" else "off")
        if method == "GET":
            with pytest.raises(InternalError):
                db.session.execute(update(Account).values(name="x"))
        db.session.rollback()
