"""Two servers side by side, ours as it is shipped and a floor, and how many requests a second each answers."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from config import ROOT

CONNECTIONS = 16
_GRANIAN = (
    "--interface",
    "wsgi",
    "--workers",
    "2",
    "--blocking-threads",
    "1",
    "--no-access-log",
    "--log-level",
    "error",
)
_STARTS_WITHIN = 30.0


@contextlib.contextmanager
def served(target: str, environment: Mapping[str, str], ready: str) -> Iterator[int]:
    """The WSGI application `target` behind two workers until the block ends; gives its port once `ready` is answered."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    program = str(Path(sys.executable).parent / "granian")
    running = subprocess.Popen(
        [program, *_GRANIAN, "--port", str(port), target], cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        _wait(f"http://127.0.0.1:{port}{ready}", running)
        yield port
    finally:
        running.terminate()
        running.wait()


def _wait(url: str, running: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310 (our own address)
                answer.read()
            return
        except OSError:
            if time.monotonic() > until or running.poll() is not None:
                raise
            time.sleep(0.1)


def pages_a_second(port: int, path: str, cookie: str, seconds: float) -> float:
    """How many times a second `path` is answered with 200 over all connections; any other answer is an error."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()
    return asyncio.run(_hammer(port, request, seconds))


async def _hammer(port: int, request: bytes, seconds: float) -> float:
    until = time.perf_counter() + seconds
    counts = await asyncio.gather(*(_one(port, request, until) for _ in range(CONNECTIONS)))
    return sum(counts) / seconds


async def _one(port: int, request: bytes, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode("latin-1"))
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        answered += 1
    writer.close()
    return answered
