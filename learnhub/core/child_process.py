"""Our own modules run in a child that may use so much processor time and memory, however busy the machine is.

What is read must never be refused because others are at work: the wall clock is only a far backstop, and says so.
"""

import math
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
# How long a child may wait for the processor, its disk and its memory beyond the processor time that it may use.
BACKSTOP_SECONDS = 300.0
# Signals that come from outside: the system that is short of memory, a machine that is shut down, Ctrl-C.
_STOPPED = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP}


class MachineBusy(Exception):
    """The child did not reach its end for want of the machine, which says nothing about what it read."""


def run_module(
    module: str, arguments: Sequence[str], *, data: bytes = b"", backstop: float = BACKSTOP_SECONDS
) -> "subprocess.CompletedProcess[bytes]":
    """Run `python -m module` with `data` on its standard input, and wait for its end; it sets its own limits.

    It knows neither the secrets nor the database: its environment is not ours. `backstop` is in seconds of the wall
    clock. Raises MachineBusy when it could not be started, was stopped from outside, or went on beyond `backstop`.
    """
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(  # noqa: S603 (our own module; no shell)
            [sys.executable, "-m", module, *arguments],
            input=data,
            cwd=_ROOT,
            env=environment,
            capture_output=True,
            timeout=backstop,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MachineBusy from error
    if done.returncode in _STOPPED:
        raise MachineBusy
    return done


def has_used_up_processor_time(done: "subprocess.CompletedProcess[bytes]") -> bool:
    """Whether the child ended because it had used all the processor time that it may."""
    return done.returncode == -signal.SIGXCPU


def limit_resources(*, processor_seconds: float, memory: int, file_size: int) -> None:
    """Limit this process: processor time since its start (in whole seconds, rounded up), memory and files in bytes."""
    seconds = math.ceil(processor_seconds)
    # Whoever started us may have had the signal ignored, which a child inherits.
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    _lower(resource.RLIMIT_CPU, seconds, seconds + 1)
    _lower(resource.RLIMIT_AS, memory, memory)
    _lower(resource.RLIMIT_FSIZE, file_size, file_size)
    _lower(resource.RLIMIT_CORE, 0, 0)


def _lower(kind: int, soft: int, hard: int) -> None:
    """Set a limit; one that was stricter when we were started stays, since nobody but root may raise it."""
    inherited = resource.getrlimit(kind)[1]
    most = hard if inherited == resource.RLIM_INFINITY else min(hard, inherited)
    resource.setrlimit(kind, (min(soft, most), most))
