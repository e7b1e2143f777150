"""A process that is killed in the middle of an import leaves all of it or nothing (promise R8)."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from learnhub.members import queries
from learnhub.web.db import db
from tests import cast, databases
from tests.members.files import csv_bytes, member_sheet

# The command as `flask roster import --confirm` runs it, killed by itself at the point named in its arguments.
SCRIPT = """
import os, signal, sys
import config
from sqlalchemy.orm import Session
from learnhub.app import create_app
from learnhub.core import clock
from learnhub.members.service.writing import Writer
from tests import cast

point, file = sys.argv[1:]
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
if point == "members written":
    Writer.flush = die
elif point == "everything written":
    Session.commit = die
clock.fix(cast.NOW)
result = create_app(config.from_environment()).test_cli_runner().invoke(args=["roster", "import", file, "--confirm"])
sys.exit(result.exit_code)
"""


@pytest.mark.parametrize(("point", "left"), [("members written", 0), ("everything written", 0), ("never", 300)])
def test_killed_in_the_middle(own_app: Flask, tmp_path: Path, point: str, left: int) -> None:
    """Killed before the commit nothing is there; without the kill all of it is, so the test can tell."""
    file = tmp_path / "many.csv"
    rows = [["", f"新{chr(0x4E00 + n)}", "女", "1990-01", "2015-07-01", "2016-07-01", "ORG-005"] for n in range(300)]
    file.write_bytes(csv_bytes(member_sheet(*rows)))
    address = own_app.config["SQLALCHEMY_DATABASE_URI"]
    environment = {
        "LEARNHUB_SECRET_KEY": databases.SECRET,
        "LEARNHUB_IDENTITY_KEY": databases.SECRET,
        "DATABASE_URL": address,
        "LEARNHUB_INSTANCE": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    command = [sys.executable, "-c", SCRIPT, point, str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == (0 if left else -9), done.stderr[-1000:]
    with own_app.app_context():
        assert len(queries.members_of(db.session(), cast.BRIDGE, cast.TODAY)) == 4 + left
