"""An unsafe start is refused with one line that says what to do; a safe one passes. Each is spoiled in one way."""

import dataclasses
import multiprocessing
import os
import secrets
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from config import Config
from learnhub.app import create_app
from learnhub.core import clock
from learnhub.doctor import service
from learnhub.doctor.rules import Finding, Severity, first_refusal
from tests import databases
from tests.doctor.spoiling import (
    Spoil,
    damage,
    empty_content,
    file_in_place_of,
    file_of,
    opened,
    run_sql,
    settings,
)

# What has nothing to do with the database, or only with one of them.
ON_ONE: dict[str, tuple[Spoil, str]] = {
    "equal secrets": (settings(secret_key=databases.IDENTITY_KEY), "openssl rand"),
    "alike secrets": (settings(secret_key=databases.IDENTITY_KEY[:-4] + "abcd"), "openssl rand"),
    "a block again and again": (settings(secret_key="Xk9-pQ" * 8), "LEARNHUB_SECRET_KEY repeats"),
    "runs of the keyboard": (
        settings(identity_key="qwertyuiop-asdfghjkl-zxcvbnm-12345"),
        "LEARNHUB_IDENTITY_KEY is made",
    ),
    "an example": (settings(secret_key="ChangeMe-before-2026-you-go-live!?"), "'changeme'"),
    "words": (settings(secret_key="a-random-text-of-more-than-32-characters-0123"), "reads like words"),
    "demonstration with secure cookies": (settings(demo=True, secure_cookies=True), "LEARNHUB_DEMO=0"),
    "no instance folder": (
        settings(instance_folder=Path("/nowhere"), attachments=Path("/nowhere/attachments")),
        "set LEARNHUB_INSTANCE",
    ),
    "jobs cannot be written": (file_in_place_of("jobs"), "/jobs cannot be written"),
    "no attachments": (settings(attachments=Path("/nowhere/pictures")), "mount it"),
    "attachments cannot be written": (file_in_place_of("attachments"), "attachments"),
    "no content folder": (settings(content_folder=Path("/nowhere/content")), "set LEARNHUB_CONTENT"),
    "empty content folder": (empty_content, "is empty"),
    "content never published": (
        settings(published_content=Path("/nowhere/content.json")),
        "run `flask content publish`",
    ),
    "published content damaged": (
        lambda config: config.published_content.write_bytes(b'{"courses": [') and None,
        "run `flask content publish`",
    ),
    "no database": (settings(database_url="sqlite:////nowhere/learnhub.sqlite3"), "run `flask db upgrade`"),
    "damaged database": (damage, "restore the newest backup"),
    "not a database": (
        lambda config: file_of(config).write_bytes(b"not a database" * 99) and None,
        "restore the newest backup",
    ),
    "a folder in place of the database": (settings(database_url="sqlite:////tmp"), "mend DATABASE_URL"),
    "PostgreSQL away": (
        settings(database_url="postgresql+psycopg://somebody:a-word-that-stays-here@127.0.0.1:1/learnhub"),
        "cannot be reached",
    ),
}


def refusals(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.REFUSED]


def check_refused(site: Config, spoil: Spoil, words: str) -> None:
    clock.fix(None)
    assert not refusals(service.examine(site)), "the site is not well before it is spoiled"
    spoiled = spoil(site) or site
    with pytest.raises(SystemExit) as end:
        service.refuse_unsafe_start(spoiled)
    line = str(end.value)
    assert line.startswith("LearnHub cannot start: ") and words in line and "\n" not in line
    assert "(and" not in line, "one fault is one refusal"
    assert "a-word-that-stays-here" not in line


@pytest.mark.one_database
@pytest.mark.parametrize("name", ON_ONE)
def test_an_unsafe_start_is_refused(name: str, site: Config) -> None:
    check_refused(site, *ON_ONE[name])


@pytest.mark.one_database
def test_debugging_is_refused_but_in_a_demonstration(site: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    check = first_refusal(service.examine(site))
    assert check and "FLASK_DEBUG" in check
    assert first_refusal(service.examine(dataclasses.replace(site, demo=True))) is None


def as_plain_user(look: Callable[[], str | None]) -> str | None:
    """What `look` returns in a process without any rights of root."""

    def run(answers: Any) -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        answers.send(look())

    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=run, args=(there,))
    process.start()
    there.close()
    try:
        found: str | None = here.recv()
    finally:
        process.join()
    return found


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["database", "log", "folder", "attachments"])
def test_what_cannot_be_written_is_refused(name: str, site: Config) -> None:
    """Tried by writing: as another user than the one that owns it."""
    path, instance = file_of(site), site.instance_folder
    for folder in (instance, *instance.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    own = instance / "learnhub.sqlite3"
    shutil.copyfile(path, own)
    (instance / "attachments").mkdir()
    for each in (instance, *instance.iterdir()):
        each.chmod(0o777)
    wanted = {
        "database": own, "log": instance / "learnhub.sqlite3-wal", "folder": instance, "attachments": instance / "attachments",
    }[name]  # fmt: skip
    ours = dataclasses.replace(site, database_url=f"sqlite:///{own}")
    assert as_plain_user(lambda: first_refusal(service.examine(ours))) is None
    if name == "log":
        wanted.touch()
    wanted.chmod(0o555)
    line = as_plain_user(lambda: first_refusal(service.examine(ours)))
    for each in (instance, *instance.iterdir()):
        each.chmod(0o777)
    assert line and str(wanted) in line and "Permission denied" in line and "the user that runs the site" in line


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"address": "http://study.example.cn"}, "put HTTPS in front"),
        ({"fonts": Path("/nowhere")}, "fonts-noto-cjk"),
    ],
)
@pytest.mark.one_database
def test_what_is_only_unwise_is_warned_of(
    change: dict[str, Any],
    words: str,
    site: Config,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    clock.fix(None)
    service.refuse_unsafe_start(dataclasses.replace(site, **change))
    said = capsys.readouterr().err
    assert said.startswith("LearnHub warns: ") and words in said and said.count("\n") == 1


@pytest.mark.one_database
def test_the_fonts_installed_with_the_site_are_enough(site: Config, capsys: pytest.CaptureFixture[str]) -> None:
    clock.fix(None)
    service.refuse_unsafe_start(dataclasses.replace(site, fonts=Path("/nowhere")))
    assert not capsys.readouterr().err


@pytest.mark.one_database
def test_an_address_on_this_machine_needs_no_https(site: Config) -> None:
    found = service.examine(dataclasses.replace(site, address="http://127.0.0.1:8000"))
    assert all(finding.severity is Severity.OK for finding in found if finding.check == "address")


def test_the_first_start_remembers_the_identity_key(site: Config) -> None:
    """And remembers it again without another row; then a start with another key is refused."""
    clock.fix(None)
    for name in ("first", "second"):
        service.refuse_unsafe_start(dataclasses.replace(site, site_name=name))
    with opened(site) as connection:
        rows = connection.execute("SELECT fingerprint FROM identity_key").fetchall()
    assert len(rows) == 1 and site.identity_key not in rows[0][0]
    with pytest.raises(SystemExit, match="put that one back"):
        service.refuse_unsafe_start(dataclasses.replace(site, identity_key=secrets.token_urlsafe(32)))


def test_a_process_that_was_let_start_is_not_asked_again(site: Config) -> None:
    """A web process that is made anew while the database is away goes on; one started by somebody is refused."""
    clock.fix(None)
    service.refuse_unsafe_start(site)
    run_sql("UPDATE alembic_version SET version_num = 'of_next_year'")(site)
    service.refuse_unsafe_start(site)
    with pytest.raises(SystemExit):
        service.refuse_unsafe_start(dataclasses.replace(site, site_name="somebody's"))


@pytest.mark.one_database
def test_make_run_makes_what_is_missing_and_is_refused_the_rest(site: Config) -> None:
    """Schema, tables and published content are its own work; a newer schema and a damaged file are not."""
    clock.fix(None)
    new = dataclasses.replace(
        site,
        database_url=f"sqlite:///{site.instance_folder}/new.sqlite3",
        published_content=site.instance_folder / "new.json",
    )
    assert first_refusal(service.examine(new, prepares=True)) is None
    run_sql("UPDATE alembic_version SET version_num = 'of_next_year'")(site)
    assert "newer LearnHub" in (first_refusal(service.examine(site, prepares=True)) or "")
    damage(site)
    assert "backup" in (first_refusal(service.examine(site, prepares=True)) or "")


@pytest.mark.one_database
def test_several_faults_are_one_line(site: Config) -> None:
    line = first_refusal(
        service.examine(dataclasses.replace(site, demo=True, secure_cookies=True, content_folder=Path("/no")))
    )
    assert line and line.endswith("(and 1 more: `flask doctor` shows all)")


@pytest.mark.one_database
def test_flask_doctor_says_line_by_line_what_is_well(site: Config) -> None:
    clock.fix(None)
    done = tell(create_app(site))
    assert done.exit_code == 0 and done.output.count("\n") == len(service.examine(site))
    assert all(line.startswith("ok ") for line in done.output.splitlines())


@pytest.mark.one_database
def test_flask_doctor_ends_with_1_and_says_what_it_could_not_look_at(site: Config) -> None:
    done = tell(create_app(dataclasses.replace(site, database_url="sqlite:////nowhere/learnhub.sqlite3")))
    words = {line.split()[1]: line.split()[0] for line in done.output.splitlines()}
    assert done.exit_code == 1
    assert words["database"] == "refused" and words["schema"] == "skipped" and words["keys"] == "ok"


def tell(app: Flask) -> Any:
    return app.test_cli_runner().invoke(args=["doctor"])
