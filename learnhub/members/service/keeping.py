"""Keeping a read file between its preview and its confirmation.

What is kept is what was read, never the file itself: identity numbers are sealed before anything touches the disk
(promise S15). It is kept under a random name for an hour, for the one account that uploaded it.
"""

import dataclasses
import datetime as dt
import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import Any

from learnhub.core.errors import NotFound
from learnhub.core.files import write_whole
from learnhub.core.text import N_
from learnhub.members.rules.columns import SheetKind
from learnhub.members.rules.parsing import Fault, Parsed, ParsedRow, ParsedSheet

KEPT_FOR = dt.timedelta(hours=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A read file that waits for its confirmation."""

    account_id: int
    organization_id: int
    on: dt.date
    file_name: str
    parsed: Parsed


def keep(folder: Path, kept: Kept, at: dt.datetime) -> str:
    """Write `kept` into `folder` and return the token under which `held` finds it; drops what is too old."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    drop_old(folder, at)
    token = secrets.token_urlsafe(18)
    body = json.dumps(_plain(kept), ensure_ascii=False).encode("utf-8", "surrogatepass")
    write_whole(_path(folder, token), body, mode=0o600)
    os.utime(_path(folder, token), (at.timestamp(), at.timestamp()))  # the site's clock decides, not the disk's
    return token


def drop_old(folder: Path, at: dt.datetime) -> None:
    """Delete what has waited for more than an hour."""
    for old in folder.glob("*.json"):
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
    _path(folder, token).unlink(missing_ok=True)


def _path(folder: Path, token: str) -> Path:
    return folder / f"{hashlib.sha256(token.encode('utf-8', 'replace')).hexdigest()}.json"


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
                [[row.number, row.values] for row in sheet.rows],
                sheet.unknown_columns,
            ]
            for sheet in parsed.sheets
        ],
        "faults": [_plain_fault(fault) for fault in parsed.faults],
        "remarks": [_plain_fault(fault) for fault in parsed.remarks],
        "passed_over": parsed.passed_over,
    }


def _plain_fault(fault: Fault) -> list[Any]:
    return [fault.sheet.value, fault.row, fault.column, fault.message, dict(fault.values)]


def _kept(plain: dict[str, Any]) -> Kept:
    sheets = tuple(
        ParsedSheet(SheetKind(kind), headers, tuple(ParsedRow(*row) for row in rows), tuple(unknown))
        for kind, headers, rows, unknown in plain["sheets"]
    )
    parsed = Parsed(
        sheets=sheets,
        faults=tuple(_fault(each) for each in plain["faults"]),
        remarks=tuple(_fault(each) for each in plain["remarks"]),
        passed_over=tuple(plain["passed_over"]),
    )
    on = dt.date.fromisoformat(plain["on"])
    return Kept(plain["account"], plain["organization"], on, plain["file"], parsed)


def _fault(plain: list[Any]) -> Fault:
    kind, row, column, message, values = plain
    return Fault(SheetKind(kind), row, column, message, values)
