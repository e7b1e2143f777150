"""What the typesetter does: values go into a layout as data and are never pasted into it."""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst

from learnhub.typesetter.characters import name_code
from learnhub.typesetter.errors import TypesettingFailed
from learnhub.typesetter.fonts import LAYOUTS, FontSet

# What stands for a character that no font at hand has, as printers have always put it.
INSTEAD = "〓"


def typeset(
    fonts: FontSet, layout: str, data: Mapping[str, Any], pictures: Sequence[bytes], *, to_keep: bool
) -> tuple[bytes, str]:
    """The PDF of `layout` with `data`, and the characters that stand there as 〓, since no font has them.

    Raises TypesettingFailed when typst refuses them.
    """
    # Sorted, so that equal values are equal bytes; the time of typesetting is never part of the file.
    words = json.dumps({**data, "unprintable": []}, ensure_ascii=False, sort_keys=True)
    missing = fonts.find_unprintable(words)
    if missing:
        words = _put_substitutes(data, missing)
    try:
        if not pictures:
            return _compile(fonts.get_compiler(layout), words, to_keep), missing
        with tempfile.TemporaryDirectory() as folder:
            for part in LAYOUTS.glob("*.typ"):
                shutil.copy(part, folder)
            for number, picture in enumerate(pictures):
                Path(folder, f"{number}.jpg").write_bytes(picture)
            return _compile(fonts.new_compiler(Path(folder, f"{layout}.typ")), words, to_keep), missing
    except typst.TypstError as error:
        raise TypesettingFailed(str(error)) from None


def _put_substitutes(data: Mapping[str, Any], missing: str) -> str:
    """The data with 〓 for each of `missing`, which are named by number on the paper."""
    words = json.dumps(data, ensure_ascii=False).translate(dict.fromkeys(map(ord, missing), INSTEAD))
    return json.dumps(
        {**json.loads(words), "unprintable": [*map(name_code, missing)]}, ensure_ascii=False, sort_keys=True
    )


def _compile(compiler: Any, words: str, to_keep: bool) -> bytes:
    """What `compiler` makes of the data; untyped, for its type speaks of several files, which pictures alone are."""
    options: dict[str, Any] = {"format": "pdf", "sys_inputs": {"data": words}, "timestamp": 0}
    if to_keep:
        try:
            archived: bytes = compiler.compile(**options, pdf_standards="a-2b")
        except typst.TypstError:  # signs put together that no font has: no reason to give no paper
            pass
        else:
            return archived
    made: bytes = compiler.compile(**options)
    return made
