"""Which characters every font for Chinese has, and what those are called that none has."""

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


def name_code(character: str) -> str:
    """The number of a character that nobody may be able to see: U+2053B."""
    return f"U+{ord(character):04X}"
