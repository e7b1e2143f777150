"""Papers as PDF, set by typst with fonts from one folder; values go in as data and are never pasted into a layout."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from learnhub.papers.rules import FontsMissing, Group, Heading, Paper, Paragraph, Table

LAYOUTS = Path(__file__).resolve().parents[1] / "layouts"
# Where Debian's fonts-noto-cjk puts its fonts; `use_fonts` names another folder.
_folder = Path("/usr/share/fonts")
# One of these must be there; each covers the whole of 通用规范汉字表 (𬭊) and CJK Extension A (䶮 㛃).
CHINESE = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN")


def use_fonts(folder: Path) -> None:
    """Take fonts from `folder` and everything below it from now on."""
    global _folder  # noqa: PLW0603 - one folder for the whole process, named once at start
    _folder = folder
    _compiler.cache_clear()


@functools.lru_cache(maxsize=8)
def _compiler(layout: str) -> typst.Compiler:
    """The compiler of one layout, with the fonts read once for the process."""
    path = LAYOUTS / f"{layout}.typ"
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(_folder)])
    if not set(CHINESE) & set(fonts.families()):
        raise FontsMissing(f"no font for Chinese in {_folder}: install Debian's fonts-noto-cjk, or set LEARNHUB_FONTS")
    return typst.Compiler(str(path), root=str(LAYOUTS), font_paths=fonts, ignore_system_fonts=True)


def typeset(layout: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of `layout` (a file of `papers/layouts`, without its ending) with `data`, plain JSON values.

    The same data give the same bytes. Raises FontsMissing when nothing at hand prints Chinese.
    """
    # Sorted, so that equal values are equal bytes; the time of typesetting is never part of the file.
    words = json.dumps(data, ensure_ascii=False, sort_keys=True)
    compiler: Any = _compiler(layout)  # its type speaks of several files, which are made of pictures only
    made: bytes = compiler.compile(format="pdf", sys_inputs={"data": words}, timestamp=0)
    return made


def pdf(paper: Paper) -> bytes:
    """`paper` as PDF, A4; a table's head is repeated on each page, pages are numbered."""
    return typeset(
        "paper",
        {
            "title": paper.title,
            "facts": [list(each) for each in paper.facts],
            "blocks": [_block(each) for each in paper.blocks],
            "notes": list(paper.notes),
            "official": paper.style.value == "official",
            "landscape": paper.landscape,
            "language": paper.language,
            "footer": paper.footer,
            "issuer": paper.issuer,
            "issued_on": paper.issued_on,
        },
    )


def _block(block: Heading | Paragraph | Table) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text, "level": block.level}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text}
    return {
        "kind": "table",
        "caption": block.caption,
        "columns": [{"label": each.label, "width": each.width, "numeric": each.numeric} for each in block.columns],
        "groups": [_group(each) for each in block.groups],
        "rows": [[str(cell) for cell in row] for row in block.rows],
        "total_last": block.total_last,
    }


def _group(group: Group) -> dict[str, Any]:
    return {"label": group.label, "span": group.span}
