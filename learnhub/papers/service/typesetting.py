"""Papers as PDF, set by typst with fonts from one folder; values go in as data and are never pasted into a layout."""

import dataclasses
import datetime as dt
import functools
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst

from learnhub.papers.rules import Block, FontsMissing, Paper, Picture, Style, Table

LAYOUTS = Path(__file__).resolve().parents[1] / "layouts"
# Where Debian's fonts-noto-cjk puts its fonts; `use_fonts` names another folder.
_folder = Path("/usr/share/fonts")
# One of these must be there; each covers the whole of 通用规范汉字表 (𬭊) and CJK Extension A (䶮 㛃).
CHINESE = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN")


def use_fonts(folder: Path) -> None:
    """Take fonts from `folder` and everything below it from now on."""
    global _folder  # noqa: PLW0603 - one folder for the whole process, named once at start
    _folder = folder
    _fonts.cache_clear()
    _kept_compiler.cache_clear()


def find_fonts(folder: Path) -> typst.Fonts:
    """The fonts of `folder` and everything below it. Raises FontsMissing when none of them prints Chinese."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
    if not set(CHINESE) & set(fonts.families()):
        raise FontsMissing(f"no font for Chinese in {folder}: install Debian's fonts-noto-cjk, or set LEARNHUB_FONTS")
    return fonts


@functools.lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts of the folder, read once for the process."""
    return find_fonts(_folder)


def _compiler(path: Path) -> typst.Compiler:
    return typst.Compiler(str(path), root=str(path.parent), font_paths=_fonts(), ignore_system_fonts=True)


@functools.lru_cache(maxsize=8)
def _kept_compiler(layout: str) -> typst.Compiler:
    """The compiler of one layout, which goes on knowing what it has read."""
    return _compiler(LAYOUTS / f"{layout}.typ")


def typeset(layout: str, data: Mapping[str, Any], pictures: Sequence[bytes] = (), *, to_keep: bool = False) -> bytes:
    """The PDF of `layout` (a file of `papers/layouts`, without its ending) with `data`, plain JSON values.

    `pictures` are JPEGs that the layout finds beside it as `0.jpg`, `1.jpg` and so on; `to_keep` asks for PDF/A-2b, which
    readers of the far future open, wherever the words allow it. The same data give the same bytes. Raises FontsMissing when nothing at hand prints Chinese.
    """
    # Sorted, so that equal values are equal bytes; the time of typesetting is never part of the file.
    words = json.dumps(data, ensure_ascii=False, sort_keys=True)
    if not pictures:
        return _compiled(_kept_compiler(layout), words, to_keep)
    with tempfile.TemporaryDirectory() as folder:
        for number, picture in enumerate(pictures):
            Path(folder, f"{number}.jpg").write_bytes(picture)
        return _compiled(_compiler(Path(shutil.copy(LAYOUTS / f"{layout}.typ", folder))), words, to_keep)


def _compiled(compiler: Any, words: str, to_keep: bool) -> bytes:
    """What `compiler` makes of the data; untyped, for its type speaks of several files, which pictures alone are."""
    asked: dict[str, Any] = {"format": "pdf", "sys_inputs": {"data": words}, "timestamp": 0}
    if to_keep:
        try:
            kept: bytes = compiler.compile(**asked, pdf_standards="a-2b")
        except typst.TypstError:  # a character that no font has: an emoji in a summary is no reason to give no paper
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
