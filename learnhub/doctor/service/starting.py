"""The one list of checks, and the refusal of an unsafe start."""

import os
import sys
from typing import TYPE_CHECKING

from learnhub.doctor import queries
from learnhub.doctor.rules import Finding, Severity, first_refusal
from learnhub.doctor.service import database, files, settings
from learnhub.doctor.service.examination import Check, Examination
from learnhub.members.rules.identity import key_fingerprint

if TYPE_CHECKING:
    from config import Config

CHECKS: tuple[Check, ...] = (*settings.CHECKS, *files.CHECKS, *database.CHECKS)
# How much processor time a start may spend on looking through a file of SQLite.
_BUDGET_SECONDS = 0.2
# What this process, or the one it was forked from, has let start: a child that is made anew while the database is away
# goes on, and answers as soon as there is one.
_let_start: set["Config"] = set()


def examine(config: "Config", *, prepares: bool = False, budget: float | None = None) -> tuple[Finding, ...]:
    """Carry out every check of a start with these settings, in order; changes nothing.

    `prepares` says that the start brings schema and content up to date itself. A file of SQLite is looked through for
    `budget` seconds of processor time, or to its end.
    """
    state = queries.look(config.database_url, budget=budget)
    examination = Examination(config, state, _is_debugging(), prepares)
    return tuple(check.find(examination) for check in CHECKS)


def refuse_unsafe_start(config: "Config", *, prepares: bool = False) -> None:
    """End an unsafe start with one line on standard error; warnings are printed there, and a safe start goes on.

    A safe start remembers the identity key's fingerprint where there is none. In this process and in those forked from
    it a second call with the same settings does nothing. One that `prepares` calls again when it has. Raises SystemExit.
    """
    if config in _let_start:
        return
    findings = examine(config, prepares=prepares, budget=_BUDGET_SECONDS)
    refusal = first_refusal(findings)
    if refusal:
        raise SystemExit(f"LearnHub cannot start: {refusal}.")
    if prepares:
        return
    for finding in findings:
        if finding.severity is Severity.WARNING:
            sys.stderr.write(f"LearnHub warns: {finding.line}.\n")
    _let_start.add(config)
    if any(finding.check == "identity key" and finding.severity is Severity.OK for finding in findings):
        _remember_identity_key(config)


def _remember_identity_key(config: "Config") -> None:
    """Write the fingerprint of the identity key where there is none yet; the schema is at head."""
    fingerprint = key_fingerprint(config.identity_key)
    with queries.open_database(config.database_url) as connection:
        if connection.execute("SELECT id FROM identity_key").fetchone() is None:
            connection.execute(
                f"INSERT INTO identity_key (id, fingerprint, since) VALUES (1, '{fingerprint}', CURRENT_TIMESTAMP) "  # noqa: S608
                "ON CONFLICT (id) DO NOTHING"
            )


def _is_debugging() -> bool:
    """Whether Flask would start in debug mode, as it reads its own variable."""
    return os.environ.get("FLASK_DEBUG", "").lower() not in {"", "0", "false", "no"}
