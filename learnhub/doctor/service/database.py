"""Checks of the database: whole, writable, at this program's schema, durable, of this identity key; and the clock."""

import datetime as dt
import re

from learnhub.core import clock
from learnhub.doctor.queries import Fault, path_of
from learnhub.doctor.service.examination import (
    MIGRATIONS,
    NEEDS_DATABASE,
    Answer,
    Check,
    Examination,
    ok,
    refused,
    warning,
)
from learnhub.members.rules.identity import key_fingerprint

_REVISION = re.compile(r'^(down_)?revision\s*=\s*"(\w+)"', re.MULTILINE)
_UPGRADE = "run `flask db upgrade`"
_AHEAD = dt.timedelta(minutes=5)
# What must be on for an answer "saved" to be true after a power cut.
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
# What is said of each fault, and what to do; `{reason}` is what the driver said.
_FAULTS = {
    Fault.MISSING: f"there is no database yet, {{reason}}: {_UPGRADE}, or set DATABASE_URL",
    Fault.DAMAGED: "the database is damaged ({reason}): stop everything and restore the newest backup",
    Fault.UNREACHABLE: "the database cannot be reached ({reason}): start it, or mend DATABASE_URL",
    Fault.JOURNAL: "{product} can lose data, {reason}: stop the others, or install pysqlite3 with SQLite 3.51.3 or newer",
}


def _look_at_database(examination: Examination) -> Answer:
    state = examination.database
    if _is_made_now(examination):
        return ok(f"{state.product}; the file is made now")
    if state.fault is Fault.LOCKED:
        return warning(
            f"the database is locked by somebody and could not be looked at ({state.reason}): try again later"
        )
    if state.fault:
        return refused(_FAULTS[state.fault].format(product=state.product, reason=state.reason))
    if state.read_only:
        return refused(f"the database is read-only ({state.read_only}): let the user that runs the site write it")
    return ok(state.product + ("" if state.looked_through else "; looked through in part, `flask doctor` reads it all"))


def _is_made_now(examination: Examination) -> bool:
    """Whether the start itself makes the file that is missing: it needs the folder for that."""
    path = path_of(examination.settings.database_url)
    missing = examination.database.fault is Fault.MISSING
    return missing and examination.prepares and path is not None and path.parent.is_dir()


def _look_at_schema(examination: Examination) -> Answer:
    state = examination.database
    if _is_made_now(examination):
        return ok("is made now")
    if not state.answers:
        return NEEDS_DATABASE
    known, heads = _read_revisions()
    if state.revision in heads:
        return ok(f"at {state.revision}, as this program")
    if state.revision is not None and state.revision not in known:
        return refused(
            f"the database is at {state.revision}, which this program does not know: install the newer LearnHub"
        )
    if examination.prepares:
        return ok("is brought up to date now")
    if state.revision is None:
        return refused(f"the database holds no tables of LearnHub: {_UPGRADE}, or set DATABASE_URL")
    head = " and ".join(sorted(heads))
    return refused(f"the database is at {state.revision}, behind this program ({head}): back it up, then {_UPGRADE}")


def _read_revisions() -> tuple[set[str], set[str]]:
    """All revisions of this program, and those that nothing follows."""
    known: set[str] = set()
    followed: set[str] = set()
    for file in MIGRATIONS.glob("*.py"):
        for down, name in _REVISION.findall(file.read_text(encoding="utf-8")):
            (followed if down else known).add(name)
    return known, known - followed


def _look_at_durability(examination: Examination) -> Answer:
    state = examination.database
    if not state.answers:
        return NEEDS_DATABASE
    unsafe = [f"{name}=off" for name in _DURABLE if state.options.get(name) == "off"]
    if unsafe:
        return refused(
            f"PostgreSQL runs with {' and '.join(unsafe)} and can lose what it said was saved: set it to on in postgresql.conf "
            "and reload"
        )
    return ok("what is saved survives a power cut")


def _look_at_identity_key(examination: Examination) -> Answer:
    state = examination.database
    if not state.answers:
        return NEEDS_DATABASE
    if state.identity_fingerprint is None:
        return ok("is remembered by the first start")
    if state.identity_fingerprint != key_fingerprint(examination.settings.identity_key):
        return refused(
            "LEARNHUB_IDENTITY_KEY is not the one by which this roster's identity numbers are hashed: put that one back from the "
            "backup of secrets.env, or, if it is lost for good, run `flask roster accept-key`"
        )
    return ok("the one of this roster")


def _look_at_clock(examination: Examination) -> Answer:
    now, newest = clock.now(), examination.database.newest_entry
    if newest and newest > now + _AHEAD:
        return warning(
            f"the clock says {now:%Y-%m-%d %H:%M} UTC, but records go up to {newest:%Y-%m-%d %H:%M}: set the clock"
        )
    made = max(file.name[:8] for file in MIGRATIONS.glob("*.py"))
    if f"{now:%Y%m%d}" < made:
        return warning(f"the clock says {now:%Y-%m-%d}, a day before this program was made: set the clock")
    return ok(f"{now:%Y-%m-%d %H:%M} UTC")


CHECKS = (
    Check("database", _look_at_database),
    Check("schema", _look_at_schema),
    Check("durability", _look_at_durability),
    Check("identity key", _look_at_identity_key),
    Check("clock", _look_at_clock),
)
