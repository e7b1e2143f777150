"""Words, names and numbers as typed: marking messages for translation, the normal form of names, whole numbers."""

import unicodedata

# What people type between the parts of a name, all meant as U+00B7 (forms.md, Members).
_SEPARATORS = str.maketrans(dict.fromkeys("•・‧．", "·"))
_PRIVATE_USE = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))


def N_(message: str) -> str:
    """Mark `message` (Chinese) for translation and return it unchanged; the page that shows it translates it."""
    return message


def whole_number(text: str, digits: int = 9) -> int | None:
    """The number that `text` writes in at most so many ASCII digits, or None; nine always fit a database's integer."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def normal_name(name: str) -> str:
    """The form in which a person's name is kept: NFC, one kind of separator (`·`), no spaces around Chinese parts.

    Latin letters keep single spaces between words. Rare characters are never replaced.
    """
    words = unicodedata.normalize("NFC", name).translate(_SEPARATORS).split()
    joined = " ".join(words)
    if not any(character.isascii() and character.isalpha() for character in joined):
        joined = joined.replace(" ", "")
    return joined


def search_key(text: str) -> str:
    """What a search compares: width folded, lower case, without separators and spaces."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in folded if character.isalnum())


def has_private_use(text: str) -> bool:
    """Whether `text` holds characters of a private-use area (造字), which no other computer can show."""
    return any(low <= ord(character) <= high for character in text for low, high in _PRIVATE_USE)


def is_storable(text: str) -> bool:
    """Whether both databases can keep `text`: no NUL and no lone surrogate."""
    return "\0" not in text and not any(0xD800 <= ord(character) <= 0xDFFF for character in text)
