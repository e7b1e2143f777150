"""Fixtures of all tests: both databases in one run, the cast, and clients that check their pages."""

import dataclasses
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask, has_app_context
from sqlalchemy.orm import Session

from learnhub.app import create_app
from learnhub.audit.rules import Act
from learnhub.content import publish
from learnhub.core import clock
from learnhub.web.db import db
from tests import cast, databases, postgresql
from tests.other_process import OtherProcess
from tests.pages import PageClient

# How long an example takes is the machine's affair; speed is measured elsewhere.
hypothesis.settings.register_profile("learnhub", deadline=None)
hypothesis.settings.load_profile("learnhub")


def _scratch() -> None:
    """Databases of tests live in memory where there is room: a slow disk waits for each of their many commits."""
    memory = Path("/dev/shm")  # noqa: S108 (mkdtemp makes the folders)
    if (
        "TMPDIR" not in os.environ
        and os.access(memory, os.W_OK | os.X_OK)
        and shutil.disk_usage(memory).free > 4 * 2**30
    ):
        os.environ["TMPDIR"] = tempfile.tempdir = str(memory)


_scratch()
KINDS = ("sqlite", "postgresql")
WIDTHS = ("desktop", "phone")
EVERYTHING = os.environ.get("LEARNHUB_TEST_ALL") == "1"
# Debian's browser, and a library that what drives it needs; without them the journeys are left out, which the last lines say.
CHROMIUM = (shutil.which("chromium") or shutil.which("chromium-browser")) if find_library("atomic") else None
# Debian puts it where plain users do not look for programs.
PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CONTENT = Path(__file__).resolve().parent.parent / "content"
_kinds: dict[str, databases.Kind] = {}
_missing: set[str] = set()


def pytest_collection_finish() -> None:
    """What stands for the whole run, modules, mappings and the tests themselves, is not looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_configure(config: pytest.Config) -> None:
    """The process that starts the workers publishes the content and finds PostgreSQL, once."""
    if hasattr(config, "workerinput"):
        config.shared_parts = config.workerinput["shared_parts"]  # type: ignore[attr-defined]
        return
    folder = tempfile.mkdtemp(prefix="learnhub-content-")
    outcome = publish.publish(CONTENT, Path(folder) / "content.json")
    if outcome.version is None:
        raise pytest.UsageError(f"the content cannot be published, and no test has any: {outcome.first_error(CONTENT)}")
    address, server = postgresql.find()
    config.postgresql_server = server  # type: ignore[attr-defined]
    config.shared_parts = {"postgresql": address, "content": folder}  # type: ignore[attr-defined]
    if address is None and EVERYTHING:
        raise pytest.UsageError("LEARNHUB_TEST_ALL=1, but there is no PostgreSQL to test with")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand what was found to each worker."""
    node.workerinput["shared_parts"] = node.config.shared_parts


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    server = getattr(config, "postgresql_server", None)
    if server is not None:
        server.stop()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say in the last lines what was left out, and why."""
    if config.shared_parts["postgresql"] is None:  # type: ignore[attr-defined]
        terminalreporter.write_line(
            "NOT TESTED: PostgreSQL. Install Debian's postgresql, or give a server by LEARNHUB_TEST_PG_URL.",
            yellow=True,
        )
    if CHROMIUM is None:
        terminalreporter.write_line(
            "NOT TESTED: anything in a browser. Install Debian's chromium and libatomic1.", yellow=True
        )
    if PGBOUNCER is None and config.option.markexpr != "not long":
        terminalreporter.write_line("NOT TESTED: PgBouncer. Install Debian's pgbouncer.", yellow=True)
    if config.option.markexpr == "not long":
        terminalreporter.write_line(
            "Left to `make long`: a browser beyond the four journeys, killed processes, a whole county, every migration."
        )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that touches a database runs on both; a browser journey on both and at both widths.

    Each journey takes seconds, so it meets each database and each width once; LEARNHUB_TEST_ALL=1 crosses them.
    """
    if "width_name" in metafunc.fixturenames:
        pairs = [(kind, width) for kind in KINDS for width in WIDTHS] if EVERYTHING else zip(KINDS, WIDTHS, strict=True)
        metafunc.parametrize(("kind_name", "width_name"), list(pairs), scope="session")
    elif "kind_name" in metafunc.fixturenames:
        one = metafunc.definition.get_closest_marker("one_database")
        crossed = not one or (EVERYTHING and one.kwargs.get("crossed_by_everything"))
        own = one.kwargs.get("kind", KINDS[0]) if one else KINDS[0]
        metafunc.parametrize("kind_name", KINDS if crossed else [own], scope="session")


@pytest.fixture(autouse=True)
def _fixed_clock() -> Iterator[None]:
    clock.fix(cast.NOW)
    yield
    clock.fix(None)
    clock.configure("Asia/Shanghai")


@pytest.fixture(scope="session")
def shared_parts(pytestconfig: pytest.Config) -> dict[str, Any]:
    """What the first process found: the address of PostgreSQL and the folder of the published content."""
    parts: dict[str, Any] = pytestconfig.shared_parts  # type: ignore[attr-defined]
    return parts


@pytest.fixture(scope="session")
def _all_kinds() -> Iterator[None]:
    yield
    for kind in _kinds.values():
        databases.drop(kind)


@pytest.fixture(scope="session")
def kind(kind_name: str, shared_parts: dict[str, Any], _all_kinds: None) -> databases.Kind:
    """The kind of database of this test; built on first use by each worker."""
    if kind_name == "postgresql" and shared_parts["postgresql"] is None:
        pytest.skip("no PostgreSQL found")
    if kind_name not in _kinds:
        published = Path(shared_parts["content"]) / "content.json"
        _kinds[kind_name] = databases.build(kind_name, shared_parts["postgresql"], published)
    return _kinds[kind_name]


@pytest.fixture
def app(kind: databases.Kind) -> Iterator[Flask]:
    """The application on a connection that is rolled back afterwards."""
    with databases.rolled_back(kind.shared):
        yield kind.shared


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the test's own on the connection of `app`; commit (or close) before asking the app again."""
    with app.app_context():
        connection = db.engine
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as own:  # type: ignore[arg-type]
        yield own


@pytest.fixture
def own_app(kind: databases.Kind, shared_parts: dict[str, Any]) -> Iterator[Flask]:
    """An application on a copy of its own, with real commits: for threads, browsers and servers."""
    folder = Path(tempfile.mkdtemp(dir=kind.folder))
    published = Path(shared_parts["content"]) / "content.json"
    app = create_app(dataclasses.replace(databases.settings(kind.copy(), folder), published_content=published))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def other_process() -> Iterator[OtherProcess]:
    """Another Python for this worker, to compare bytes with."""
    process = OtherProcess()
    yield process
    process.end()


@pytest.fixture
def client_as(app: Flask) -> Callable[[str | None], PageClient]:
    """`client_as("recorder")`: a browser in which that person of the cast is signed in; None for nobody."""

    def make(person: str | None = None) -> PageClient:
        assert not has_app_context()
        client = PageClient(app, app.response_class)
        if person is not None:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = cast.token(person)
                cookie["_fresh"] = True
        return client

    return make


@pytest.fixture
def act() -> Callable[..., Act]:
    """`act("recorder")`: an act of that person, now; `key=` makes it repeatable."""

    def make(person: str = "recorder", key: str | None = None) -> Act:
        return Act(cast.PEOPLE[person][0], clock.now(), key)

    return make
