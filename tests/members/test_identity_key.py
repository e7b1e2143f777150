"""Identity numbers are hashed by one key: another one is refused before anything is read, until it is accepted."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learnhub.audit.models import AuditEntry
from learnhub.members import queries
from learnhub.members.models import IdentityKey
from learnhub.members.rules.identity import key_fingerprint
from tests import cast
from tests.databases import IDENTITY_KEY
from tests.members.files import csv_bytes, member_sheet, xlsx
from tests.pages import PageClient

NEW = member_sheet(["", "曹䶮", "男", "1991-09", "2020-07-01", "2021-07-01", "ORG-005", "", ""])


def test_the_first_import_remembers_the_key_and_another_key_is_refused(
    app: Flask, session: Session, client_as: Callable[[str], PageClient], tmp_path: Path
) -> None:
    runner, file = app.test_cli_runner(), tmp_path / "new.csv"
    file.write_bytes(csv_bytes(NEW))
    assert runner.invoke(args=["roster", "import", str(file)]).exit_code == 0
    assert queries.identity_fingerprint(session) is None, "a preview writes nothing"
    session.rollback()
    assert runner.invoke(args=["roster", "import", str(file), "--confirm"]).exit_code == 0
    assert queries.identity_fingerprint(session) == key_fingerprint(IDENTITY_KEY)
    session.execute(update(IdentityKey).values(fingerprint=key_fingerprint("the key before")))
    session.commit()
    refused = runner.invoke(args=["roster", "import", str(file)])
    assert refused.exit_code == 1 and "LEARNHUB_IDENTITY_KEY" in refused.output
    fields = {"file": (io.BytesIO(xlsx({"党员": NEW})), "roster.xlsx"), "on": "2026-11-22"}
    answer = client_as("organizer").send(
        f"/roster/import?organization={cast.COUNTY}", fields, content_type="multipart/form-data"
    )
    assert answer.status_code == 422 and "LEARNHUB_IDENTITY_KEY" in answer.text


def test_a_lost_key_is_given_up_by_a_command_that_is_confirmed(app: Flask, session: Session, tmp_path: Path) -> None:
    session.add(IdentityKey(id=1, fingerprint=key_fingerprint("the key before"), since=cast.NOW))
    session.commit()
    runner = app.test_cli_runner()
    asked = runner.invoke(args=["roster", "accept-key"])
    assert asked.exit_code != 0 and "--confirm" in asked.output
    assert queries.identity_fingerprint(session) == key_fingerprint("the key before")
    session.rollback()
    for _ in range(2):
        assert runner.invoke(args=["roster", "accept-key", "--confirm"]).exit_code == 0
    session.expire_all()
    assert queries.identity_fingerprint(session) == key_fingerprint(IDENTITY_KEY)
    entries = select(AuditEntry.id).where(AuditEntry.action == "roster.replace-identity-key")
    assert len(session.scalars(entries).all()) == 1


@pytest.mark.one_database
def test_a_fingerprint_does_not_hold_the_key() -> None:
    assert IDENTITY_KEY not in key_fingerprint(IDENTITY_KEY) and len(key_fingerprint(IDENTITY_KEY)) == 64
