"""Which characters every font for Chinese has."""

import functools
import unicodedata


@functools.lru_cache(maxsize=8192)
def is_ordinary(character: str) -> bool:
    """Whether it stands in GB/T 2312, or shows nothing by itself: controls, joiners, marks upon other signs."""
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"}:
        return True
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
