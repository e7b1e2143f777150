"""Whether a secret looks made up by a person. What `secrets` or `openssl rand` give is never refused."""

import difflib
import itertools
import math
from collections import Counter

# Orders that fingers and heads follow; each also backwards.
_ORDERS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "!@#$%^&*()",
)
_RUN = 5
_RUNS = frozenset(
    way[start : start + _RUN]
    for order in _ORDERS
    for way in (order, order[::-1])
    for start in range(len(order) - _RUN + 1)
)
# The forty pairs of letters that make up about half of English and of Pinyin; of random letters, 6 %.
_COMMON_PAIRS = frozenset(
    [
        "th",
        "he",
        "in",
        "er",
        "an",
        "re",
        "nd",
        "at",
        "on",
        "nt",
        "ha",
        "es",
        "st",
        "en",
        "ed",
        "to",
        "it",
        "ou",
        "ea",
        "hi",
        "is",
        "or",
        "ti",
        "as",
        "te",
        "et",
        "ng",
        "of",
        "al",
        "de",
        "se",
        "le",
        "me",
        "ch",
        "ar",
        "ve",
        "ra",
        "co",
        "ro",
        "ge",
    ]
)
_FEWEST_PAIRS = 20
# What stands in examples and in people's first tries. Shorter words would turn up in random text.
_PLACEHOLDERS = (
    "changeme", "change-me", "change_me", "changethis", "password", "passw0rd", "learnhub", "example", "placeholder",
    "replace-", "replaceme", "your-secret", "yoursecret", "supersecret", "topsecret", "secret-key", "secretkey", "identity-key",
    "default", "letmein",
)  # fmt: skip
_SHORTEST_REPEATED = 10
_LEAST_BITS = 80
_LONGEST_SHARED = 15


def describe_pattern(secret: str) -> str | None:
    """What makes `secret` (32 characters or more) guessable, in a few words; None for a random one."""
    small = secret.lower()
    if _repeats(small):
        return "repeats a part of itself"
    if _count_in_runs(small) >= len(small) / 3:
        return "is made of runs such as 12345 or qwerty"
    word = next((word for word in _PLACEHOLDERS if word in small), None)
    if word:
        return f"holds the word {word!r}"
    if _reads_like_words(small):
        return "reads like words"
    if _bits(secret) < _LEAST_BITS:
        return "has too few different characters"
    return None


def are_alike(one: str, other: str) -> bool:
    """Whether two secrets are the same or share a long part."""
    match = difflib.SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return match.size > _LONGEST_SHARED


def _repeats(text: str) -> bool:
    """Whether a quarter of `text` (ten characters at least) stands in it twice."""
    size = max(_SHORTEST_REPEATED, len(text) // 4)
    pieces = [text[start : start + size] for start in range(len(text) - size + 1)]
    return len(set(pieces)) < len(pieces)


def _count_in_runs(text: str) -> int:
    """How many characters stand in runs of at least five that are equal or follow one of the orders."""
    covered: set[int] = set()
    for start in range(len(text) - _RUN + 1):
        piece = text[start : start + _RUN]
        if piece in _RUNS or len(set(piece)) == 1:
            covered.update(range(start, start + _RUN))
    return len(covered)


def _reads_like_words(text: str) -> bool:
    pairs = [one + two for one, two in itertools.pairwise(text) if one.isalpha() and two.isalpha()]
    return len(pairs) >= _FEWEST_PAIRS and 2 * sum(pair in _COMMON_PAIRS for pair in pairs) >= len(pairs)


def _bits(text: str) -> float:
    """The bits that the characters of `text` hold, by how often each occurs."""
    size = len(text)
    return -sum(count * math.log2(count / size) for count in Counter(text).values())
