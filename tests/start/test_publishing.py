"""A start looks at what became of its content: without any it ends in one line, an earlier good version serves on."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import Config
from learnhub import start
from learnhub.content.publish import EMPTY, publish
from learnhub.core.errors import DomainError
from learnhub.demo.rules import pack_of
from tests.content.publishing import SITES, break_it
from tests.start.test_server import ROOT, SECRET


def settings(folder: Path) -> Config:
    return Config.from_environment(environment(folder))


def environment(folder: Path) -> dict[str, str]:
    return {
        "LEARNHUB_INSTANCE": str(folder / "instance"),
        "LEARNHUB_CONTENT": str(folder / "site"),
        "LEARNHUB_SECRET_KEY": SECRET,
        "LEARNHUB_IDENTITY_KEY": SECRET,
        "LEARNHUB_DEMO": "1",
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
    with pytest.raises(SystemExit, match=r"^LearnHub cannot start: .*instance"):
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
