"""Keeps the children of a server running: each that ends is started again, and none outlives the parent.

Children are forked from a parent that has everything imported, so that a new one works within milliseconds and most of
the memory is there once. The parent must have neither threads nor connections.
"""

import contextlib
import ctypes
import dataclasses
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import NoReturn

from learnhub.core import clock

# How long children may finish what they have in hand before they are killed.
STOP_SECONDS = 15.0
# How long a child waits that ended again and again within the last minute: nothing at first, and never longer than this.
SHORTEST_WAIT, LONGEST_WAIT = 0.1, 4.0
_REMEMBERED_SECONDS = 60.0
_STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15


@dataclasses.dataclass(frozen=True, slots=True)
class Program:
    """What a child does: `run` until SIGTERM. One that is done `once` is not started again; when it fails, all end."""

    name: str
    run: Callable[[], object]
    once: bool = False


@dataclasses.dataclass(slots=True)
class _Child:
    program: Program
    process: int | None = None
    starts_at: float = 0.0
    deaths: list[float] = dataclasses.field(default_factory=list)


def supervise(programs: Sequence[Program]) -> int:
    """Run all `programs` until SIGTERM, SIGINT or SIGHUP, then let them finish; returns the exit code.

    A child that ends is started again, for ever: at once when it is the first time within a minute, later and later when
    it goes on, but within LONGEST_WAIT seconds.
    """
    children, failed = [_Child(program) for program in programs], 0
    with _awake_by_signals() as (wait, stopping):
        while not stopping():
            for child in children:
                _start_when_due(child)
            wait(_seconds_until_next(children))
            failed = _reap(children)
            if failed:
                break
        _end(children, wait)
    return failed


def run_once(program: Program) -> int:
    """Run `program` in a child of its own and wait for its end; returns its exit code."""
    child = _Child(program)
    with _awake_by_signals() as (wait, stopping):
        child.process = _fork(program)
        while not stopping():
            wait(1.0)
            code = _ended(child)
            if code is not None:
                return abs(code)
        _end([child], wait)
    return 128 + signal.SIGTERM


@contextlib.contextmanager
def _awake_by_signals() -> Iterator[tuple[Callable[[float], None], Callable[[], bool]]]:
    """Gives a way to wait that any signal cuts short, and one to ask whether the server is to stop."""
    stop: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        if number in _STOPPING:
            stop.append(number)

    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    before = {number: signal.signal(number, note) for number in (*_STOPPING, signal.SIGCHLD)}
    waker = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)

    def wait(seconds: float) -> None:
        if select.select([reading], [], [], max(0.0, seconds))[0]:
            reading.recv(4096)

    try:
        yield wait, lambda: bool(stop)
    finally:
        signal.set_wakeup_fd(waker)
        for number, handler in before.items():
            signal.signal(number, handler)
        reading.close()
        writing.close()


def _start_when_due(child: _Child) -> None:
    if child.process is None and child.starts_at <= time.monotonic():
        child.process = _fork(child.program)


def _seconds_until_next(children: Sequence[_Child]) -> float:
    waiting = [child.starts_at for child in children if child.process is None and child.starts_at != float("inf")]
    return min(waiting) - time.monotonic() if waiting else 5.0


def _reap(children: Sequence[_Child]) -> int:
    """Note who has ended, and when each is to be started again; returns the exit code of a failure that ends all, or 0."""
    for child in children:
        code = _ended(child)
        if code is None:
            continue
        if child.program.once:
            child.starts_at = float("inf")
            if code:
                return abs(code)
            continue
        now = time.monotonic()
        child.deaths = [at for at in child.deaths if now - at < _REMEMBERED_SECONDS] + [now]
        seconds = min(SHORTEST_WAIT * 2 ** (len(child.deaths) - 1), LONGEST_WAIT)
        child.starts_at = now + seconds
        if code:  # else it ended of its own accord, to be replaced
            _say(f"{child.program.name} ended ({_why(code)}) and is started again in {seconds:.1f} s")
    return 0


def _ended(child: _Child) -> int | None:
    """The exit code of a child that has ended since it was asked for last, negative for a signal; else None."""
    if child.process is None:
        return None
    process, status = os.waitpid(child.process, os.WNOHANG)
    if process == 0:
        return None
    child.process = None
    return os.waitstatus_to_exitcode(status)


def _why(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def _end(children: Sequence[_Child], wait: Callable[[float], None]) -> None:
    """Let all finish what they have in hand; who takes too long is killed with what it started."""
    for child in children:
        if child.process is not None:
            os.kill(child.process, signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS
    while any(child.process is not None for child in children) and time.monotonic() < until:
        wait(min(0.5, until - time.monotonic()))
        for child in children:
            _ended(child)
    for child in children:
        if child.process is not None:
            _say(f"{child.program.name} did not end within {STOP_SECONDS:.0f} s and is killed")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.process, signal.SIGKILL)
            os.waitpid(child.process, 0)


def _say(words: str) -> None:
    sys.stderr.write(f"{clock.now():%Y-%m-%dT%H:%M:%SZ} {words}\n")
    sys.stderr.flush()


def _fork(program: Program) -> int:
    """The id of a new child that runs `program`."""
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    # A signal for the child that comes before it has handlers of its own waits until then.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, (*_STOPPING, signal.SIGCHLD))
    process = os.fork()
    if process == 0:
        _be_child(program, parent, mask)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return process


def _be_child(program: Program, parent: int, mask: set[int]) -> NoReturn:
    code = 1
    try:
        _die_with(parent)
        _take_name(program.name)
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        for number in (signal.SIGINT, signal.SIGHUP):  # a terminal sends them to all; the parent says when to end
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        program.run()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
        if isinstance(error.code, str):
            sys.stderr.write(f"{error.code}\n")
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when `parent` dies, however it dies; end at once when it is dead already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _take_name(name: str) -> None:
    """Have `ps` and `top` show what this process does; the system keeps fifteen characters."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)
