"""Words, names and numbers as typed: marking messages for translation, the normal form of names, whole numbers."""

import re
import unicodedata
from typing import Literal

# What people type between the parts of a name, all meant as U+00B7 (docs/counting.md, Words that the code uses).
_SEPARATORS = str.maketrans(dict.fromkeys("•・‧．", "·"))
# What a whole number or an id in the database reaches at the most: PostgreSQL's integer.
LARGEST_INTEGER = 2**31 - 1
# What no database, page or file format can hold: control characters (but tab and line ends), halves of a surrogate pair,
# and code points that Unicode keeps out of texts.
_UNSTORABLE = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)
# Marks put on one letter beyond this many are dropped (as Unicode's stream-safe format does): putting them in order takes
# time that grows with the square of their number.
MOST_MARKS = 30
_PRIVATE_USE = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))


def N_(message: str) -> str:
    """Mark `message` (Chinese) for translation and return it unchanged; the page that shows it translates it."""
    return message


def whole_number(text: str, digits: int = 9) -> int | None:
    """The number that `text` writes in at most so many ASCII digits, or None; nine always fit a database's integer."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def normalize(form: Literal["NFC", "NFKC"], text: str) -> str:
    """`text` in a Unicode normal form, in time that grows with its length and not faster."""
    if len(text) > MOST_MARKS and not text.isascii():
        text = _without_long_runs_of_marks(text)
    return unicodedata.normalize(form, text)


def _without_long_runs_of_marks(text: str) -> str:
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def normal_name(name: str) -> str:
    """The form in which a person's name is kept: NFC, one kind of separator (`·`), no spaces around Chinese parts.

    Latin letters keep single spaces between words. Rare characters are never replaced.
    """
    words = normalize("NFC", name).translate(_SEPARATORS).split()
    joined = " ".join(words)
    if not any(character.isascii() and character.isalpha() for character in joined):
        # Between letters that have no initials a full stop is the separator, too.
        joined = joined.replace(" ", "").replace(".", "·")
    return joined


def search_key(text: str) -> str:
    """What a search compares: width folded, lower case, without separators and spaces."""
    folded = normalize("NFKC", text).lower()
    return "".join(character for character in folded if character.isalnum())


def has_private_use(text: str) -> bool:
    """Whether `text` holds characters of a private-use area (造字), which no other computer can show."""
    return any(low <= ord(character) <= high for character in text for low, high in _PRIVATE_USE)


def is_storable(text: str) -> bool:
    """Whether both databases, and every page and file, can hold `text`: no NUL, other control sign or lone surrogate."""
    return _UNSTORABLE.search(text) is None


def drop_unstorable(text: str) -> str:
    """`text` without what `is_storable` refuses: signs that nobody sees or means, such as come along when pasting."""
    return _UNSTORABLE.sub("", text)
