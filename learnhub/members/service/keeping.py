"""Keeping a read file between its preview and its confirmation.

What is kept is what was read, never the file itself: identity numbers are sealed before anything touches the disk
(docs/promises.md, S15). It is kept under a random name for an hour, for the one account that uploaded it.
"""

import dataclasses
import datetime as dt
import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from learnhub.core.errors import NotFound
from learnhub.core.files import write_whole
from learnhub.core.text import N_
from learnhub.members.rules.columns import SheetKind
from learnhub.members.rules.parsing import Fault, Parsed, ParsedRow, ParsedSheet, RawSheet, SkippedRow

KEPT_FOR = dt.timedelta(hours=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A read file that waits for its confirmation, and the answers given to what it leaves open, by question."""

    account_id: int
    organization_id: int
    on: dt.date
    file_name: str
    parsed: Parsed
    answers: dict[str, str] = dataclasses.field(default_factory=dict)


def keep(folder: Path, kept: Kept, raw: Sequence[RawSheet], at: dt.datetime) -> str:
    """Write `kept` into `folder` and return the token under which `held` finds it; drops what is too old.

    `raw` are the sheets themselves, sealed, from which columns are read anew when somebody says what they are.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    drop_old(folder, at)
    token = secrets.token_urlsafe(18)
    _write(_path(folder, token), _plain(kept), at.timestamp())
    _write(_path(folder, token, "raw"), [dataclasses.asdict(sheet) for sheet in raw], at.timestamp())
    return token


def keep_again(folder: Path, token: str, kept: Kept) -> None:
    """Write `kept` in the place of what is kept under `token`; its hour does not begin anew."""
    path = _path(folder, token)
    _write(path, _plain(kept), path.stat().st_mtime)


def held_sheets(folder: Path, token: str) -> list[RawSheet]:
    """The sheets that are kept under `token`, sealed; call `held` first, which says whose they are."""
    plain = json.loads(_path(folder, token, "raw").read_bytes().decode("utf-8", "surrogatepass"))
    return [RawSheet(**sheet) for sheet in plain]


def _write(path: Path, plain: Any, at: float) -> None:
    """Write JSON; the site's clock, `at`, decides how old it is, not the disk's."""
    write_whole(path, json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass"), mode=0o600)
    os.utime(path, (at, at))


def drop_old(folder: Path, at: dt.datetime) -> None:
    """Delete what has waited for more than an hour."""
    for old in folder.glob("*.json*"):
        if old.stat().st_mtime < (at - KEPT_FOR).timestamp():
            old.unlink(missing_ok=True)


def held(folder: Path, token: str, account_id: int, at: dt.datetime) -> Kept:
    """What `account_id` has uploaded under `token`; raises NotFound when it is gone or somebody else's."""
    drop_old(folder, at)
    try:
        body = _path(folder, token).read_bytes()
    except FileNotFoundError:
        body = b""
    found = _kept(json.loads(body.decode("utf-8", "surrogatepass"))) if body else None
    if found is None or found.account_id != account_id:
        raise NotFound(N_("这次上传已经过期，请重新选择文件。什么也没有导入。"))
    return found


def forget(folder: Path, token: str) -> None:
    """Drop what is kept under `token`, if it still is."""
    for part in ("", "raw"):
        _path(folder, token, part).unlink(missing_ok=True)


def _path(folder: Path, token: str, part: str = "") -> Path:
    name = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
    return folder / (f"{name}.{part}.json" if part else f"{name}.json")


def _plain(kept: Kept) -> dict[str, Any]:
    parsed = kept.parsed
    return {
        "account": kept.account_id,
        "organization": kept.organization_id,
        "on": kept.on.isoformat(),
        "file": kept.file_name,
        "sheets": [
            [
                sheet.kind.value,
                sheet.headers,
                [[row.number, row.values, row.tab, row.headings] for row in sheet.rows],
                sheet.unknown_columns,
                sheet.by_hand,
            ]
            for sheet in parsed.sheets
        ],
        "faults": [_plain_fault(fault) for fault in parsed.faults],
        "remarks": [_plain_fault(fault) for fault in parsed.remarks],
        "passed_over": parsed.passed_over,
        "hidden": parsed.hidden,
        "skipped": [dataclasses.astuple(row) for row in parsed.skipped],
        "answers": kept.answers,
    }


def _plain_fault(fault: Fault) -> list[Any]:
    return [fault.sheet.value, fault.row, fault.column, fault.message, dict(fault.values), fault.tab]


def _kept(plain: dict[str, Any]) -> Kept:
    sheets = tuple(
        ParsedSheet(
            SheetKind(kind),
            headers,
            tuple(ParsedRow(number, values, tab, tuple(headings)) for number, values, tab, headings in rows),
            tuple(unknown),
            tuple(by_hand),
        )
        for kind, headers, rows, unknown, by_hand in plain["sheets"]
    )
    parsed = Parsed(
        sheets=sheets,
        faults=tuple(_fault(each) for each in plain["faults"]),
        remarks=tuple(_fault(each) for each in plain["remarks"]),
        passed_over=tuple(plain["passed_over"]),
        hidden=tuple(plain["hidden"]),
        skipped=tuple(SkippedRow(*row) for row in plain["skipped"]),
    )
    on = dt.date.fromisoformat(plain["on"])
    return Kept(plain["account"], plain["organization"], on, plain["file"], parsed, plain["answers"])


def _fault(plain: list[Any]) -> Fault:
    kind, *rest = plain
    return Fault(SheetKind(kind), *rest)
