"""Servers of the tests: started on a free port, asked over HTTP, and stopped whole."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# How long anything may take on a busy machine before a test fails.
GENEROUS = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A process that serves at a port of its own."""

    def __init__(self, words: Sequence[str], port: int, environment: Mapping[str, str] | None = None) -> None:
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def get(self, path: str = "/", headers: Mapping[str, str] | None = None, seconds: float = GENEROUS) -> str:
        """The body of one answer with status 200; raises OSError when there is none in time."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)) as connection:
            connection.request("GET", path, headers=dict(headers or {}))
            answer = connection.getresponse()
            body = answer.read().decode()
            if answer.status != 200:
                raise OSError(f"{answer.status} {body}")
            return body

    def answers(self, path: str = "/", seconds: float = GENEROUS) -> str:
        """What it answers, as soon as it does; fails at once when the process has ended."""
        until = time.monotonic() + seconds
        while True:
            assert self.process.poll() is None, self.process.communicate()[0]
            try:
                return self.get(path, seconds=max(0.1, until - time.monotonic()))
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < until, f"no answer within {seconds} s"
                time.sleep(0.05)

    def send(self, raw: bytes) -> socket.socket:
        """A connection on which `raw` was sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=GENEROUS)
        connection.sendall(raw)
        return connection

    def children(self) -> set[int]:
        """The processes it started."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return {int(each) for each in listed.split()}

    def stop(self) -> tuple[int, str]:
        """End it as systemd would; gives its exit code and what it printed."""
        self.process.send_signal(signal.SIGTERM)
        printed = self.process.communicate(timeout=GENEROUS)[0]
        return self.process.returncode, printed


@contextlib.contextmanager
def small(twin: str = "", proxy: str = "") -> Iterator[Server]:
    """The small application behind two web processes, once it answers."""
    port = free_port()
    server = Server(["-m", "tests.server.small", str(port), twin, proxy], port)
    try:
        server.answers()
        yield server
    finally:
        children = server.children() if server.process.poll() is None else set()
        server.process.kill()
        server.process.communicate()
        for each in children:  # a twin leaves them behind
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)


def becomes_true(condition: Callable[[], bool], seconds: float = GENEROUS) -> bool:
    """Whether `condition` holds within `seconds`."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
