"""A start looks at what became of its content: without any it ends in one line, an earlier good version serves on."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from config import Config
from learnhub import start
from learnhub.content.publish import EMPTY, publish
from learnhub.content.shelf import Shelf
from learnhub.core.errors import DomainError
from learnhub.demo.rules import pack_of
from tests import conftest
from tests.content.publishing import SITES, break_it
from tests.databases import IDENTITY_KEY, SECRET_KEY
from tests.server.running import ROOT
from tests.server.test_site import start_site


def settings(folder: Path) -> Config:
    return Config.from_environment(environment(folder))


def environment(folder: Path) -> dict[str, str]:
    return {
        "LEARNHUB_INSTANCE": str(folder / "instance"),
        "LEARNHUB_CONTENT": str(folder / "site"),
        "LEARNHUB_SECRET_KEY": SECRET_KEY,
        "LEARNHUB_IDENTITY_KEY": IDENTITY_KEY,
        "LEARNHUB_DEMO": "1",
        "LEARNHUB_SECURE_COOKIES": "0",
    }


def test_content_with_errors_stops_a_first_start_in_one_line(tmp_path: Path) -> None:
    shutil.copytree(SITES / "small", tmp_path / "site")
    break_it(tmp_path / "site")
    with pytest.raises(SystemExit) as end:
        start.publish_content(settings(tmp_path))
    line = str(end.value)
    assert line.startswith("LearnHub cannot start: ") and "pages/about.md:1: " in line and "title" in line
    assert "\n" not in line


def test_a_missing_content_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as end:
        start.publish_content(settings(tmp_path))
    assert f"{tmp_path / 'site'}: " in str(end.value)


def test_an_earlier_good_version_serves_on_and_the_terminal_names_the_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(SITES / "small", tmp_path / "site")
    ours = settings(tmp_path)
    publish(ours.content_folder, ours.published_content)
    good = ours.published_content.read_bytes()
    break_it(tmp_path / "site")
    start.publish_content(ours)
    assert "pages/about.md:1: " in capsys.readouterr().err and ours.published_content.read_bytes() == good


def test_a_damaged_earlier_version_is_none(tmp_path: Path) -> None:
    shutil.copytree(SITES / "small", tmp_path / "site")
    break_it(tmp_path / "site")
    ours = settings(tmp_path)
    ours.instance_folder.mkdir()
    ours.published_content.write_text("{")
    with pytest.raises(SystemExit):
        start.publish_content(ours)


def test_a_disk_that_fails_stops_a_first_start_in_one_line(tmp_path: Path) -> None:
    shutil.copytree(SITES / "small", tmp_path / "site")
    (tmp_path / "instance").write_text("a file where the folder belongs")
    with pytest.raises(SystemExit, match=r"^LearnHub cannot start: .*File exists"):
        start.publish_content(settings(tmp_path))


def test_the_demonstration_is_never_built_without_content() -> None:
    with pytest.raises(DomainError):
        pack_of(EMPTY)


@pytest.mark.long
def test_a_start_without_content_builds_no_demonstration_and_serves_nothing(tmp_path: Path) -> None:
    """One line, an exit code, and the next start begins anew."""
    shutil.copytree(SITES / "small", tmp_path / "site")
    break_it(tmp_path / "site")
    command = [sys.executable, "-m", "learnhub.start", "--port", "0"]
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "demonstration" not in done.stdout
    assert done.stderr.splitlines()[-1].startswith("LearnHub cannot start: ")
    assert not (tmp_path / "instance" / "prepared").exists()


@pytest.mark.long
def test_four_first_starts_at_once_on_two_processors_all_end_with_every_course(tmp_path: Path) -> None:
    """Each in a folder of its own with a demonstration of its own: a busy machine makes them slow and nothing else."""
    courses = {folder.name for folder in (ROOT / "content" / "courses").iterdir() if (folder / "course.md").exists()}
    months = {folder.name for folder in (ROOT / "content" / "themedays").iterdir() if (folder / "unit.md").exists()}
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(everywhere)[:2]))
    try:
        runs = [start_site(tmp_path / str(number)) for number in range(4)]
    finally:
        os.sched_setaffinity(0, everywhere)
    try:
        for number, run in enumerate(runs):
            assert json.loads(run.answers("/healthz", seconds=600))["content_fault"] is False
            served = Shelf(tmp_path / str(number) / "content.json").current()
            assert {course.slug for course in served.courses} == courses and {
                unit.month for unit in served.units
            } == months
    finally:
        for run in runs:
            run.stop()


def test_a_test_run_without_content_ends_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not in hundreds of tests that fail far away."""
    monkeypatch.setattr(conftest, "CONTENT", tmp_path)
    with pytest.raises(pytest.UsageError, match="没有一门课") as end:
        conftest.pytest_configure(SimpleNamespace())
    assert "\n" not in str(end.value)
