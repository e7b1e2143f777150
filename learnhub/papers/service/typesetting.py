"""Papers as PDF, set by typst; values go in as data and are never pasted into a layout."""

import dataclasses
import datetime as dt
import json
import logging
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst

from learnhub.papers.rules import Block, Paper, Picture, Style, Table
from learnhub.papers.service.fonts import LAYOUTS, compiler_of, new_compiler, unprintable

_log = logging.getLogger(__name__)

# What stands for a character that no font at hand has, as printers have always put it.
INSTEAD = "〓"


def typeset(layout: str, data: Mapping[str, Any], pictures: Sequence[bytes] = (), *, to_keep: bool = False) -> bytes:
    """The PDF of `layout` (a file of `papers/layouts`, without its ending) with `data`, plain JSON values.

    `pictures` are JPEGs that the layout finds beside it as `0.jpg`, `1.jpg` and so on; `to_keep` asks for PDF/A-2b, which
    readers of the far future open, wherever the words allow it. A character that no font has is shown as 〓 and named on the paper. The same data give the
    same bytes. Raises FontsMissing when nothing at hand prints Chinese.
    """
    # Sorted, so that equal values are equal bytes; the time of typesetting is never part of the file.
    words = json.dumps({**data, "unprintable": []}, ensure_ascii=False, sort_keys=True)
    if missing := unprintable(words):
        words = _with_substitutes(data, missing)
    if not pictures:
        return _compiled(compiler_of(layout), words, to_keep)
    with tempfile.TemporaryDirectory() as folder:
        for part in LAYOUTS.glob("*.typ"):
            shutil.copy(part, folder)
        for number, picture in enumerate(pictures):
            Path(folder, f"{number}.jpg").write_bytes(picture)
        return _compiled(new_compiler(Path(folder, f"{layout}.typ")), words, to_keep)


def _with_substitutes(data: Mapping[str, Any], missing: str) -> str:
    """The data with 〓 for each of `missing`, which are named by number, on the paper and in the log: nobody can see them."""
    codes = [f"U+{ord(each):04X}" for each in missing]
    _log.warning("no font has %s: %s is printed instead", " ".join(codes), INSTEAD)
    words = json.dumps(data, ensure_ascii=False).translate(dict.fromkeys(map(ord, missing), INSTEAD))
    return json.dumps({**json.loads(words), "unprintable": codes}, ensure_ascii=False, sort_keys=True)


def _compiled(compiler: Any, words: str, to_keep: bool) -> bytes:
    """What `compiler` makes of the data; untyped, for its type speaks of several files, which pictures alone are."""
    asked: dict[str, Any] = {"format": "pdf", "sys_inputs": {"data": words}, "timestamp": 0}
    if to_keep:
        try:
            kept: bytes = compiler.compile(**asked, pdf_standards="a-2b")
        except typst.TypstError:  # signs put together that no font has: no reason to give no paper
            pass
        else:
            return kept
    made: bytes = compiler.compile(**asked)
    return made


def pdf(paper: Paper) -> bytes:
    """`paper` as PDF, A4; a table's head is repeated on each page, pages are numbered."""
    pictures = [each for each in paper.blocks if isinstance(each, Picture)]
    return typeset(
        "paper",
        {
            "title": paper.title,
            "holder": paper.holder,
            "facts": [list(each) for each in paper.facts],
            "blocks": [_block(each, pictures) for each in paper.blocks],
            "notes": list(paper.notes),
            "style": paper.style.value,
            "landscape": paper.landscape,
            "language": paper.language,
            "footer": paper.footer,
            "issuer": paper.issuer,
            "issued_on": paper.issued_on,
            "pages": list(paper.page_parts),
            "cover": paper.cover,
            "made_at": paper.made_at.astimezone(dt.UTC).timetuple()[:5],
        },
        [each.jpeg for each in pictures],
        to_keep=paper.style is Style.FILING,
    )


def _block(block: Block, pictures: Sequence[Picture]) -> dict[str, Any]:
    if isinstance(block, Picture):
        place = next(number for number, each in enumerate(pictures) if each is block)
        return {"kind": block.kind, "file": f"{place}.jpg", "caption": block.caption}
    if isinstance(block, Table):
        # Not by the dataclass: rows of a table may be any iterable, and cells are set as words.
        return {
            **_plain(block, "caption", "total_last", "row_height"),
            "columns": [_plain(each, "label", "width", "numeric") for each in block.columns],
            "groups": [_plain(each, "label", "span") for each in block.groups],
            "rows": [[str(cell) for cell in row] for row in block.rows],
        }
    return {"kind": block.kind, **dataclasses.asdict(block)}


def _plain(value: Any, *names: str) -> dict[str, Any]:
    kind = {"kind": value.kind} if isinstance(value, Table) else {}
    return kind | {name: getattr(value, name) for name in names}
