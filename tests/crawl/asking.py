"""What can be asked of each route: existing and odd values for every part of its address, its query and its body.

All of it is read from the map of addresses, the pages themselves and the views at work (`tests.read_fields`), so that a
new route, a new part of a query or a new field cannot be forgotten.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from learnhub.core.text import LARGEST_INTEGER

ODD_NUMBERS = ("0", str(LARGEST_INTEGER), str(2**31), str(2**63), str(2**64))
ODD_WORDS = ("text", "文字", "a\0b", "0000-00", "2026-13", "9999-12", "x" * 300)
# In a query or a field anything may stand anywhere: first what every one of them meets, then what they take turns with.
ODD = ("0", str(2**31), str(2**63), "text", "a\0")
ODDER = (
    "", "\0", "-1", str(2**64), "1e400", "NaN", "文字" + "\u0301" * 40, "a\0\ud7ff\ufffe<b>&\"'", "2026-13", "0000-00-00",
    "0001-01-01", "9999-12-31", "9999-12", "2999-12", "1000-01", "25:61", "x" * 3000,
)  # fmt: skip
# Where nothing of the kind was seen in a world.
DEFAULTS: Mapping[str, Any] = {"month": "2026-11", "quarter": "2026-Q4", "digest": "0" * 32, "kind": "course"}


def existing(rule: Rule, seen: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The parts of an address, each with a value that was seen in this world; one for each form of a file."""
    fixed: dict[str, Any] = {}
    choices: dict[str, list[str]] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        if isinstance(converter, AnyConverter):
            choices[name] = sorted(converter.items)
        elif name in seen:
            fixed[name] = seen[name]
        else:
            fixed[name] = 1 if isinstance(converter, IntegerConverter) else DEFAULTS.get(name, "text")
    for chosen in itertools.product(*choices.values()):
        yield fixed | dict(zip(choices, chosen, strict=True))


def odd(rule: Rule, known: Mapping[str, Any]) -> Iterator[str]:
    """The address of `rule` with one part odd at a time, the others as `known`."""
    for name in sorted(rule.arguments):
        is_number = isinstance(rule._converters[name], IntegerConverter)
        for value in (*ODD_NUMBERS, *ODD_WORDS) if is_number else ODD_WORDS:
            yield address(rule, {**known, name: value})


def address(rule: Rule, values: Mapping[str, Any]) -> str:
    """An address with `values`, whether or not they fit: what stands there is for the site to refuse."""
    parts = []
    for is_part, text in rule._trace:
        parts.append(quote(str(values[text]), safe="") if is_part else text)
    return "".join(parts).partition("|")[2]


def one_of_each_kind(names: Iterable[str]) -> list[str]:
    """Of names that differ in their numbers alone, such as one for each member, the first."""
    kinds: dict[str, str] = {}
    for name in sorted(names):
        kinds.setdefault(re.sub(r"\d+", "0", name), name)
    return list(kinds.values())
