"""`make`'s set-up: `.venv` is whole, or begun anew; what the machine lacks is said in one line."""

import hashlib
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def a_wheel(folder: Path) -> str:
    """A package of one module in `folder`; returns the line that requires it."""
    file = folder / "tiny_thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr("tiny_thing.py", "WORD = 'here'\n")
        wheel.writestr("tiny_thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-thing\nVersion: 1.0\n")
        wheel.writestr(
            "tiny_thing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("tiny_thing-1.0.dist-info/RECORD", "")
    return f"tiny-thing==1.0 --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


class Folder:
    """A folder with a requirements file, where `make` would install."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        (folder / "requirements.txt").write_text(a_wheel(folder))
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PIP_")},
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_FIND_LINKS": str(folder),
        }

    def begin(self) -> "subprocess.Popen[str]":
        """Begin to install, with Ctrl-C as a terminal has it: tests that run in the background ignore it, and pass that on."""
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return subprocess.Popen(
                [sys._base_executable, ROOT / "learnhub/install.py", "requirements.txt", ".venv/run"],  # type: ignore[attr-defined]
                cwd=self.path,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        finally:
            signal.signal(signal.SIGINT, before)

    def install(self) -> tuple[int, str]:
        process = self.begin()
        words = process.communicate(timeout=300)[0]
        return process.returncode, words

    def check_whole(self) -> None:
        assert not (self.path / ".venv/unfinished").exists() and (self.path / ".venv/run").exists()
        said = subprocess.run(
            [".venv/bin/python", "-c", "import tiny_thing; print(tiny_thing.WORD)"],
            cwd=self.path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert said.stdout == "here\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_python_without_venv_is_told_and_leaves_nothing(folder: Folder) -> None:
    """As Debian's is without python3-venv; a half-made .venv would be taken for a whole one ever after."""
    (folder.path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Hides:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'ensurepip': raise ModuleNotFoundError(name)\n"
        "import importlib.util\n"
        "real = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, package=None: None if name == 'ensurepip' else real(name, package)\n"
    )
    folder.environment["PYTHONPATH"] = str(folder.path)
    code, words = folder.install()
    assert code == 1 and words.count("\n") == 1 and "apt install python3-venv" in words
    assert not (folder.path / ".venv").exists()


@pytest.mark.long
def test_it_installs_with_progress_and_takes_up_what_was_left_half_made(folder: Folder) -> None:
    """A .venv without pip, as Python leaves it without python3-venv; one in which pip was cut; then nothing is to do."""
    half = folder.path / ".venv/bin"
    half.mkdir(parents=True)
    (half / "python").symlink_to(sys.executable)
    (folder.path / ".venv/unfinished").touch()
    code, words = folder.install()
    assert code == 0, words
    assert "removing a .venv" in words and "package 1 of 1" in words and "unpacking 1 packages" in words
    folder.check_whole()
    assert folder.install() == (0, "")


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_an_installation_that_was_cut_is_begun_anew(folder: Folder, number: signal.Signals) -> None:
    first = folder.begin()
    while not list(folder.path.glob(".venv/lib/*/site-packages/pip")):  # amid the making of .venv
        assert first.poll() is None, first.communicate()[0]
        time.sleep(0.01)
    os.killpg(first.pid, number)
    first.communicate(timeout=60)
    assert first.returncode != 0
    assert (folder.path / ".venv/unfinished").exists() and not (folder.path / ".venv/run").exists()
    code, words = folder.install()
    assert code == 0, words
    folder.check_whole()


@pytest.mark.long
def test_what_cannot_be_fetched_is_said_and_tried_again(folder: Folder) -> None:
    line = (folder.path / "requirements.txt").read_text()
    (folder.path / "requirements.txt").write_text(line.replace("1.0", "2.0"))
    code, words = folder.install()
    assert code != 0 and "No matching distribution" in words and "the next `make` begins it anew" in words
    (folder.path / "requirements.txt").write_text(line)
    code, words = folder.install()
    assert code == 0, words
    folder.check_whole()
