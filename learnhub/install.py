"""`make`'s set-up: pinned dependencies into `.venv`, which is whole afterwards or is begun anew the next time.

    python3 learnhub/install.py requirements.txt .venv/run

installs the file and touches the stamp. It runs on the machine's own Python, before anything is installed.
"""

import contextlib
import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

FOLDER = Path(".venv")
PYTHON = str(FOLDER / "bin" / "python")
# Stands while something is being installed: pip takes a package that was cut in the middle for installed.
UNFINISHED = FOLDER / "unfinished"
PIP = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off", "--require-hashes"]
INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Install the requirements file `arguments[0]` and touch `arguments[1]`; returns the exit code."""
    wanted, stamp = Path(arguments[0]), Path(arguments[1])
    if importlib.util.find_spec("ensurepip") is None:
        sys.stderr.write("LearnHub: this Python has no venv. On Debian, as root: apt install python3-venv\n")
        return 1
    with _lock() as lock:
        if stamp.exists() and stamp.stat().st_mtime >= wanted.stat().st_mtime:
            return 0  # another `make` did it meanwhile
        code = INTERRUPTED
        with contextlib.suppress(KeyboardInterrupt):
            code = _make_folder(lock) or _install(wanted, lock)
        if code:
            sys.stderr.write("LearnHub: the installation was not finished; the next `make` begins it anew.\n")
            return code
        stamp.touch()
        UNFINISHED.unlink()
    return 0


@contextlib.contextmanager
def _lock() -> Iterator[int]:
    """Keep a second `make` in this folder waiting. pip inherits the descriptor: what outlives us still holds the lock."""
    handle = os.open(".", os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("waiting for another `make` that is installing here")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _make_folder(lock: int) -> int:
    """Have a `.venv` that can install; one that was left unfinished is removed first. Returns an exit code."""
    if not UNFINISHED.exists() and _runs([PYTHON, "-m", "pip", "--version"]):
        UNFINISHED.touch()
        return 0
    if FOLDER.is_symlink():
        FOLDER.unlink()
    elif FOLDER.exists():
        _say("removing a .venv that was left unfinished")
        shutil.rmtree(FOLDER)
    _say("making .venv")
    FOLDER.mkdir()
    UNFINISHED.touch()
    return subprocess.call([sys.executable, "-m", "venv", str(FOLDER)], pass_fds=[lock])  # noqa: S603


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


def _install(wanted: Path, lock: int) -> int:
    total = sum(line[:1].isalnum() for line in wanted.read_text(encoding="utf-8").splitlines())
    command = [PYTHON, *PIP, "-r", str(wanted)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace", pass_fds=[lock]) as pip:  # noqa: S603
        assert pip.stdout  # noqa: S101 - there is, it was asked for
        _follow(pip.stdout, total)
    return pip.returncode


def _follow(lines: IO[str], total: int) -> None:
    """Tell what pip is at: one line that is written over, or a line now and then where there is no screen."""
    done, screen = 0, sys.stdout.isatty()
    for line in lines:
        if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied", "Ignoring ")):
            done += 1
            if screen or done in (1, total) or done % 10 == 0:
                _say(f"package {done} of {total}", over=screen)
        elif line.startswith("Installing collected packages"):
            _say(f"unpacking {line.count(',') + 1} packages; half a minute, or more", over=screen)
    if screen:
        sys.stdout.write("\n")


def _say(words: str, over: bool = False) -> None:
    sys.stdout.write(f"\r\033[KLearnHub: {words}" if over else f"LearnHub: {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
