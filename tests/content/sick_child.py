"""`python -m tests.content.sick_child HOW …`: the child that loads content, with something that goes wrong in it."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from learnhub.content import load

LAST = "pages/about.md"
_load = load.load


def _spin() -> None:
    while True:
        pass


def _eat() -> None:
    bytearray(2 * load.MEMORY)


def _wait() -> None:
    """A machine that is so busy that the child does not get on."""
    time.sleep(1.5)


def _write_much() -> None:
    """Past what the result may be: the limit is set before the folder is loaded."""


HOW: dict[str, Callable[[], None]] = {
    "spin": _spin,
    "eat": _eat,
    "wait": _wait,
    "abort": os.abort,
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "write much": _write_much,
}


def main() -> int:
    how, *arguments = sys.argv[1:]

    def sick(folder: Path, **options: object) -> load.Loaded:
        sys.stderr.write(f"{LAST}\n")
        sys.stderr.flush()
        HOW[how]()
        return _load(folder, **options)  # type: ignore[arg-type]

    load.load = sick
    if how == "write much":
        load.LARGEST_RESULT = 100
    return load.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
