"""The typesetter is one process for all who ask, is replaced when it is killed, and does not stay."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from learnhub.typesetter import client
from learnhub.typesetter.__main__ import MOST_KIBIBYTES
from learnhub.typesetter.errors import TypesetterUnavailable

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.one_database
MAKE_ONE = """
import sys
from learnhub.typesetter.client import typeset
assert typeset("certificate", {"site": "", "certificates": []}).startswith(b"%PDF")
print([name for name in sys.modules if name.split(".")[0] == "typst"])
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of temporary files of its own, so that the typesetter of other tests is not met."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    for process in typesetters(tmp_path):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def make_one(folder: Path, before: str = "") -> str:
    """Have another process make a PDF, and do something `before`; what it prints."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", before + MAKE_ONE], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout


def pdf() -> bytes:
    return client.typeset("certificate", {"site": "", "certificates": []})


def typesetters(folder: Path) -> list[int]:
    """The typesetters whose temporary files lie in `folder`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            settings = (process / "environ").read_bytes().split(b"\0")
            if b"learnhub.typesetter" in (process / "cmdline").read_bytes() and f"TMPDIR={folder}".encode() in settings:
                found.append(int(process.name))
    return sorted(found)


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_one_process_sets_the_papers_of_all_and_none_of_them_loads_typst(folder: Path) -> None:
    assert pdf().startswith(b"%PDF")
    first = typesetters(folder)
    assert len(first) == 1
    assert make_one(folder) == "[]\n" and typesetters(folder) == first


def test_it_serves_a_process_that_is_large_itself(folder: Path) -> None:
    """How large it is has nothing to do with how large its starter was."""
    assert make_one(folder, f"large = b'x' * {MOST_KIBIBYTES} * 1024") == "[]\n"


def test_one_that_is_killed_is_replaced(folder: Path) -> None:
    expected = pdf()
    [first] = typesetters(folder)
    os.kill(first, signal.SIGKILL)
    assert pdf() == expected and typesetters(folder) != [first]


def test_one_that_is_killed_while_it_works_is_asked_again(folder: Path) -> None:
    expected = pdf()
    [first] = typesetters(folder)
    os.kill(first, signal.SIGSTOP)  # it has the request and does not answer
    child = subprocess.Popen([sys.executable, "-c", MAKE_ONE], cwd=ROOT, env={**os.environ, "TMPDIR": str(folder)})
    time.sleep(0.3)
    os.kill(first, signal.SIGKILL)
    assert child.wait(60) == 0 and pdf() == expected


@pytest.mark.long
def test_it_ends_when_nobody_asks(folder: Path) -> None:
    pdf()
    until(lambda: not typesetters(folder))
    assert pdf().startswith(b"%PDF")


@pytest.mark.long
def test_it_ends_with_the_process_that_started_it(folder: Path) -> None:
    make_one(folder)
    until(lambda: not typesetters(folder), seconds=4.5 + 10)


def test_a_folder_that_others_may_use_is_not_used(folder: Path) -> None:
    """Else somebody could read the papers of others, or hand out some of their own."""
    (folder / f"learnhub-{os.getuid()}").mkdir(mode=0o755)
    (folder / f"learnhub-{os.getuid()}").chmod(0o755)
    with pytest.raises(TypesetterUnavailable):
        pdf()


def test_a_layout_that_refuses_its_data_is_named_and_the_next_paper_is_made(folder: Path) -> None:
    with pytest.raises(client.TypesettingFailed, match="site"):
        client.typeset("certificate", {})
    assert pdf().startswith(b"%PDF")
