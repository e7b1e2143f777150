"""`make run` for real: granian serves, the second start is quick to answer, and stopping it leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRET = "server-tests-only-0123456789-abcdefgh"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Run:
    """One run of the server in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "LEARNHUB_INSTANCE": str(folder),
            "LEARNHUB_SECRET_KEY": SECRET,
            "LEARNHUB_IDENTITY_KEY": SECRET,
            "LEARNHUB_DEMO": "1",
            "LEARNHUB_SECURE_COOKIES": "0",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "learnhub.start", "--port", str(self.port)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def answer(self, path: str = "/healthz") -> dict[str, object]:
        """What `/healthz` says, once the server is there."""
        for _ in range(300):
            assert self.process.poll() is None, self.process.communicate()[0]
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as response:
                    found: dict[str, object] = json.load(response)
                    return found
            except OSError:
                time.sleep(0.1)
        raise AssertionError("no answer within 30 seconds")

    def lines(self, last: str) -> list[str]:
        """What the terminal shows, up to the line that holds `last`."""
        assert self.process.stdout
        found = []
        for line in self.process.stdout:
            found.append(line)
            if last in line:
                break
        return found

    def stop(self) -> None:
        """End it as Ctrl-C would, and wait."""
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=30)


@pytest.mark.long
def test_the_site_starts_on_a_demonstration_and_stops_whole(tmp_path: Path) -> None:
    first = Run(tmp_path)
    try:
        assert first.answer()["status"] == "ok"
        shown = first.lines("审计管理员")
        links = [line for line in shown if "/sign-in/link/" in line]
        assert len(links) == 8
    finally:
        first.stop()
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.1", first.port))
    second = Run(tmp_path)
    try:
        assert second.answer()["status"] == "ok"
        assert not any("demonstration" in line for line in second.lines("审计管理员"))
    finally:
        second.stop()
