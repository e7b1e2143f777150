"""Papers as PDF: what the typesetter needs to know of them."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from learnhub.papers.rules import Block, Paper, Picture, Style, Table
from learnhub.typesetter.client import typeset


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
