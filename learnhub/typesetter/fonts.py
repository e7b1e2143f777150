"""Fonts of PDFs: those of one folder, the spare ones where it has none for Chinese, and the characters that none of them has."""

from pathlib import Path
from typing import Any

import typst

from learnhub.typesetter.characters import is_ordinary
from learnhub.typesetter.errors import FontsMissing

LAYOUTS = Path(__file__).resolve().parent / "layouts"
# One of these must be there; each covers the whole of 通用规范汉字表 (𬭊) and CJK Extension A (䶮 㛃).
CHINESE = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN")


def find_fonts(folder: Path, spare: Path | None) -> typst.Fonts:
    """The fonts of `folder` and everything below it, with those of `spare` where they print no Chinese.

    Raises FontsMissing when neither does.
    """
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
    if not set(CHINESE) & set(fonts.families()) and spare is not None:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder), str(spare)])
    if not set(CHINESE) & set(fonts.families()):
        raise FontsMissing(f"no font for Chinese in {folder}: install Debian's fonts-noto-cjk, or set LEARNHUB_FONTS")
    return fonts


class FontSet:
    """The fonts of a folder, read once, with the compilers that use them. Raises FontsMissing as `find_fonts` does."""

    def __init__(self, folder: Path, spare: Path | None) -> None:
        self._fonts = find_fonts(folder, spare)
        self._compilers: dict[str, typst.Compiler] = {}
        self._is_printable: dict[str, bool] = {}

    def new_compiler(self, path: Path) -> typst.Compiler:
        """A compiler of the layout at `path`, which may read the files beside it."""
        return typst.Compiler(str(path), root=str(path.parent), font_paths=self._fonts, ignore_system_fonts=True)

    def get_compiler(self, layout: str) -> typst.Compiler:
        """The compiler of one layout, which goes on knowing what it has read."""
        if layout not in self._compilers:
            self._compilers[layout] = self.new_compiler(LAYOUTS / f"{layout}.typ")
        return self._compilers[layout]

    def find_unprintable(self, words: str) -> str:
        """The characters of `words` that no font at hand has, each once.

        Only what no font for Chinese must have is tried, once in the life of the process.
        """
        characters = dict.fromkeys(words)
        rare = [each for each in characters if each not in self._is_printable and not is_ordinary(each)]
        if rare:
            missing = set(self._try(rare))
            self._is_printable.update((each, each not in missing) for each in rare)
        return "".join(each for each in characters if self._is_printable.get(each) is False)

    def _try(self, characters: list[str]) -> list[str]:
        """Those of `characters` that cannot be set, by halves: typst refuses an archive's PDF with what no font has."""
        options: dict[str, Any] = {"format": "pdf", "sys_inputs": {"data": "".join(characters)}, "timestamp": 0}
        try:
            self.get_compiler("characters").compile(**options, pdf_standards="a-2b")
        except typst.TypstError:
            if len(characters) == 1:
                return characters
            half = len(characters) // 2
            return self._try(characters[:half]) + self._try(characters[half:])
        return []
