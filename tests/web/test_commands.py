"""Every `flask` command answers wrong use, and a machine that is not ready, with one line: all commands, each wrong use.

Commands and what can be wrong with their arguments are read from the commands themselves, so that a new one is tried too.
"""

import contextlib
import dataclasses
import resource
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest
from click.testing import Result
from flask import Flask

from learnhub.app import create_app
from learnhub.web.db import db
from tests import databases

# These write new migrations into the source; they are for developers only.
FOR_DEVELOPERS = {"init", "revision", "migrate", "edit", "merge", "list-templates"}
# What ends by itself only with it, and what serves for as long as it is let.
TO_END = {("jobs", "work"): ["--once"]}
SERVES = {("content", "preview")}
SITE = Path(__file__).parents[1] / "content" / "sites" / "small"
GIVEN = ["given", "given.csv", "given.txt", "given.xlsx"]
NOT_UTF8 = "\udcff"  # how Python hands over what a shell with another encoding gave
NOT_TEXT = b"\xff\xfe\x00\x81garbage"


def commands(app: Flask) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Each command with its words; those of the content, which ask no database, on one of the two."""
    for name, command in sorted(
        app.cli.commands.items(), key=lambda each: each[0] == "db"
    ):  # which may take tables away
        if name == "content" and app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
            continue
        if not isinstance(command, click.Group):
            yield (name,), command
            continue
        for each, inner in command.commands.items():
            if name != "db" or each not in FOR_DEVELOPERS:
                yield (name, each), inner


def good(parameter: click.Parameter, folder: Path) -> str:
    """A value that the command itself cannot refuse before it looks further."""
    kind = parameter.type
    if isinstance(kind, click.Choice):
        return str(kind.choices[-1])
    if isinstance(kind, click.IntRange | type(click.INT)):
        return "999999"
    if isinstance(kind, click.DateTime):
        return "2026-11-30"
    if isinstance(kind, click.Path):
        name = "given.xlsx" if not kind.exists or kind.file_okay else "given"
        return str(folder / ("new.xlsx" if not kind.exists else name))
    return "x"


def wrong(parameter: click.Parameter, folder: Path) -> Sequence[str]:
    """Values that cannot be right."""
    kind = parameter.type
    if isinstance(kind, click.Choice):
        return ["nonsense"]
    if isinstance(kind, click.IntRange | type(click.INT)):
        return ["-1", "0", str(2**31), str(2**63), "text"]
    if isinstance(kind, click.DateTime):
        return ["2026-02-30"]
    if isinstance(kind, click.Path):
        names = ["nowhere/file.xlsx", "", "given.xlsx", "given.csv", "given.txt"]
        return [str(folder / name) for name in names]
    return ["", "nonsense", NOT_UTF8]


def uses(command: click.Command, folder: Path) -> Iterator[list[str]]:
    """Ways to call it: with each parameter wrong in turn and all others good, with too little, and with too much."""
    visible = [each for each in command.params if not (isinstance(each, click.Option) and each.is_flag)]
    for odd in visible:
        for value in wrong(odd, folder):
            words = []
            for each in visible:
                if each is odd or each.required:
                    words += _as_words(each, value if each is odd else good(each, folder))
            yield words
    yield [word for each in visible if each.required for word in _as_words(each, good(each, folder))]
    yield [word for each in visible for word in _as_words(each, good(each, folder))]
    yield []
    yield ["--nonsense"]


def _as_words(parameter: click.Parameter, value: str) -> list[str]:
    return [parameter.opts[0], value] if isinstance(parameter, click.Option) else [value]


def ask(app: Flask, words: Sequence[str]) -> Result:
    """The end of `flask` with these words; a program's own fault comes up as it is."""
    return app.test_cli_runner().invoke(args=words)


def check_answer(result: Result, words: Sequence[str]) -> None:
    assert result.exception is None or isinstance(result.exception, SystemExit), (words, result.exc_info)
    assert result.exit_code in {0, 1, 2}, (words, result.output)
    assert "Traceback" not in result.output, (words, result.output)
    refusals = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    if refusals:
        assert result.exit_code and len(refusals) == 1, (words, result.output)
        assert result.stderr.endswith(refusals[0] + "\n"), (words, result.stderr)


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A folder with files that hold nothing usable."""
    folder = tmp_path / "files"
    (folder / "given").mkdir(parents=True)
    for name in GIVEN[1:]:
        (folder / name).write_bytes(NOT_TEXT)
    return folder


@pytest.fixture
def own(kind: databases.Kind, tmp_path: Path) -> Iterator[Flask]:
    """An application with people in its database, a small content folder, and an instance folder of its own."""
    settings = databases.settings(kind.copy(), tmp_path / "instance")
    app = create_app(dataclasses.replace(settings, content_folder=SITE))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_wrong_use_is_answered_with_one_line(own: Flask, given: Path) -> None:
    """On a database with people in it: unknown ids, files that are none, values outside everything."""
    for name, command in commands(own):
        for words in uses(command, given):
            if name[0] == "db" and {"", NOT_UTF8} & {*words}:
                continue  # the library takes no revision for its own fault, and logs it with what cannot be printed
            whole = [*name, *words, *TO_END.get(name, [])]
            if name not in SERVES or str(given / "given") not in words:
                check_answer(ask(own, whole), whole)


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can grow, nor any of those it starts."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_answered_with_one_line(kind: databases.Kind, own: Flask, given: Path) -> None:
    refused = set()
    for name, command in commands(own):
        words = [word for each in command.params if each.required for word in _as_words(each, good(each, given))]
        whole = [*name, *words, *TO_END.get(name, [])]
        if name in SERVES:
            continue
        with full_disk():
            result = ask(own, whole)
        check_answer(result, whole)
        if result.exit_code == 1:
            refused.add(name)
    assert refused >= {("roster", "export")}
    assert kind.name != "sqlite" or refused >= {("content", "template"), ("content", "export"), ("accounts", "link")}
    assert sorted(each.name for each in given.iterdir()) == GIVEN  # nothing half-written beside what was there


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def check_refused(address: str, folder: Path, given: Path, said: str, but: set[tuple[str, ...]]) -> None:
    """Every command on the database at `address` says `said` where it needs the database. No instance folder either."""
    app = create_app(dataclasses.replace(databases.settings(address, folder / "no-instance"), demo=True))
    refused = set()
    for name, command in commands(app):
        if name in SERVES | but:
            continue
        words = [word for each in command.params if each.required for word in _as_words(each, good(each, given))]
        whole = [*name, *words, *TO_END.get(name, [])]
        result = ask(app, whole)
        check_answer(result, whole)
        assert "a-secret-word" not in result.output
        if said in result.stderr:
            refused.add(name)
    assert refused | but >= {
        ("accounts", "list"), ("accounts", "link"), ("organizations", "list"), ("demo", "links"), ("db", "upgrade"),
    }  # fmt: skip
    with app.app_context():
        db.engine.dispose()


def test_a_database_without_schema_is_answered_with_one_line(kind: databases.Kind, tmp_path: Path, given: Path) -> None:
    check_refused(kind.empty(), tmp_path, given, "run `flask db upgrade`", but={("db", "upgrade")})


def test_a_database_that_is_away_is_answered_with_one_line(kind: databases.Kind, tmp_path: Path, given: Path) -> None:
    """And its password is never told."""
    addresses = {
        "sqlite": f"sqlite:///{tmp_path / 'gone' / 'learnhub.sqlite3'}",
        "postgresql": f"postgresql+psycopg://learnhub:a-secret-word@127.0.0.1:{unused_port()}/learnhub",
    }
    check_refused(addresses[kind.name], tmp_path, given, "cannot be used", but=set())


@pytest.mark.one_database
def test_a_damaged_database_is_answered_with_one_line(kind: databases.Kind, tmp_path: Path, given: Path) -> None:
    """Only SQLite is a file that can be one of something else."""
    (tmp_path / "damaged.sqlite3").write_bytes(NOT_TEXT * 500)
    check_refused(f"sqlite:///{tmp_path / 'damaged.sqlite3'}", tmp_path, given, "cannot be used", but=set())
