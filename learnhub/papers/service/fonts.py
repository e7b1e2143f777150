"""Fonts of PDFs: those of one folder, the spare ones where it has none for Chinese, and the characters that none of them has."""

import functools
import importlib.util
import unicodedata
from pathlib import Path
from typing import Any

import typst

from learnhub.papers.rules import FontsMissing

LAYOUTS = Path(__file__).resolve().parents[1] / "layouts"
# One of these must be there; each covers the whole of 通用规范汉字表 (𬭊) and CJK Extension A (䶮 㛃).
CHINESE = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN")
# The package that brings Noto Serif SC and Noto Sans SC, both without bold, with the forms of the mainland.
_SPARE_PACKAGE = "pylopdf_fonts_zh_cn"


def spare_fonts() -> Path | None:
    """The folder of the fonts that are installed with the site; None where they were left out."""
    found = importlib.util.find_spec(_SPARE_PACKAGE)
    return Path(found.origin).parent if found and found.origin else None


# Where Debian's fonts-noto-cjk puts its fonts; `use_fonts` names another folder.
_folder, _spare = Path("/usr/share/fonts"), spare_fonts()


def use_fonts(folder: Path) -> None:
    """Take fonts from `folder` and everything below it from now on, or those installed with the site."""
    global _folder, _spare
    _folder, _spare = folder, spare_fonts()
    for each in (fonts_in_use, compiler_of, _known):
        each.cache_clear()


def find_fonts(folder: Path, spare: Path | None = None) -> typst.Fonts:
    """The fonts of `folder` and everything below it, with those of `spare` where they print no Chinese.

    Raises FontsMissing when neither does.
    """
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
    if not set(CHINESE) & set(fonts.families()) and spare is not None:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder), str(spare)])
    if not set(CHINESE) & set(fonts.families()):
        raise FontsMissing(f"no font for Chinese in {folder}: install Debian's fonts-noto-cjk, or set LEARNHUB_FONTS")
    return fonts


@functools.lru_cache(maxsize=1)
def fonts_in_use() -> typst.Fonts:
    """The fonts of the folder, read once for the process."""
    return find_fonts(_folder, _spare)


def new_compiler(path: Path) -> typst.Compiler:
    """A compiler of the layout at `path`, which may read the files beside it."""
    return typst.Compiler(str(path), root=str(path.parent), font_paths=fonts_in_use(), ignore_system_fonts=True)


@functools.lru_cache(maxsize=8)
def compiler_of(layout: str) -> typst.Compiler:
    """The compiler of one layout, which goes on knowing what it has read."""
    return new_compiler(LAYOUTS / f"{layout}.typ")


def unprintable(words: str) -> str:
    """The characters of `words` that no font at hand has, each once. Raises FontsMissing as `typeset` does.

    Whatever stands in GB/T 2312 is in each Chinese font; the others are tried, once in the life of the process.
    """
    known = _known()
    rare = [each for each in dict.fromkeys(words) if known.get(each) is None and not _ordinary(each)]
    if rare:
        missing = set(_missing(rare))
        known.update((each, each not in missing) for each in rare)
    return "".join(each for each in dict.fromkeys(words) if known.get(each) is False)


@functools.lru_cache(maxsize=1)
def _known() -> dict[str, bool]:
    """Which of the rare characters met so far can be printed."""
    return {}


@functools.lru_cache(maxsize=8192)
def _ordinary(character: str) -> bool:
    """Whether every Chinese font has it, or it shows nothing by itself: controls, joiners, marks upon other signs."""
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"}:
        return True
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _missing(characters: list[str]) -> list[str]:
    """Those of `characters` that cannot be set, by halves: typst refuses an archive's PDF with what no font has."""
    asked: dict[str, Any] = {"format": "pdf", "sys_inputs": {"data": "".join(characters)}, "timestamp": 0}
    try:
        compiler_of("characters").compile(**asked, pdf_standards="a-2b")
    except typst.TypstError:
        if len(characters) == 1:
            return characters
        half = len(characters) // 2
        return _missing(characters[:half]) + _missing(characters[half:])
    return []
