"""A process that is killed in the middle of an import leaves all of it or nothing (docs/promises.md, R8)."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from learnhub.members import queries
from learnhub.web.db import db
from tests import cast, databases
from tests.members.files import csv_bytes, member_sheet

# The command as `flask roster import --confirm` runs it, killed by itself at each of two points, then not at all. Each
# run is a process of its own, forked from one that has read the program already; it says how each of them ended.
SCRIPT = """
import os, signal, sys
import config
from sqlalchemy.orm import Session
from learnhub.app import create_app
from learnhub.core import clock
from learnhub.members.service.writing import Writer
from tests import cast

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
def run(*place):
    if place:
        setattr(*place, die)
    app = create_app(config.from_environment())
    return app.test_cli_runner().invoke(args=["roster", "import", sys.argv[1], "--confirm"]).exit_code
clock.fix(cast.NOW)
for place in ((Writer, "flush"), (Session, "commit"), ()):
    child = os.fork()
    if not child:
        os._exit(run(*place))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    if place:
        sys.stdin.readline()
"""


@pytest.mark.long
def test_killed_in_the_middle(own_app: Flask, tmp_path: Path) -> None:
    """Killed before the commit nothing is there; without the kill all of it is, so the test can tell."""
    file = tmp_path / "many.csv"
    rows = [["", f"新{chr(0x4E00 + n)}", "女", "1990-01", "2015-07-01", "2016-07-01", "ORG-005"] for n in range(300)]
    file.write_bytes(csv_bytes(member_sheet(*rows)))
    environment = {
        "LEARNHUB_SECRET_KEY": databases.SECRET_KEY,
        "LEARNHUB_IDENTITY_KEY": databases.IDENTITY_KEY,
        "DATABASE_URL": own_app.config["SQLALCHEMY_DATABASE_URI"],
        "LEARNHUB_INSTANCE": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    command = [sys.executable, "-c", SCRIPT, str(file)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as running:  # type: ignore[call-overload]
        for ends, left in (("-9", 0), ("-9", 0), ("0", 300)):
            said = running.stdout.readline().strip()
            assert said == ends, said or running.stderr.read()[-1000:]
            with own_app.app_context():
                assert len(queries.members_of(db.session(), cast.BRIDGE, cast.TODAY)) == 4 + left
            if left == 0:
                running.stdin.write("\n")
                running.stdin.flush()
    assert running.returncode == 0
