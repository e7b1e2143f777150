"""Each member of each enumeration has its word wherever words are kept. All are looked for, so none can be forgotten."""

import enum
import functools
import importlib
import pkgutil
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from babel.messages.pofile import read_po
from sqlalchemy.orm import Session

import learnhub
from learnhub.core.orm import Base
from tests.architecture.test_contracts import PACKAGE
from tests.architecture.test_pages import CHINESE, PO

# Tables over an enumeration that leave members out, and why they may.
IN_PART = {
    "CREDITED_AS": "study in the class itself and making it up are credited by the class, not by a recognition",
    "MARKDOWN_BYTES": "a mail is no Markdown",
    "CAUSE_LABELS": "a revision is named by the fact it is about: FACT_LABELS",
}
# These start a program when they are imported.
PROGRAMS = {"learnhub.content.child"}


@functools.cache
def _modules() -> tuple[Any, ...]:
    names = [found.name for found in pkgutil.walk_packages(learnhub.__path__, "learnhub.")]
    return tuple(importlib.import_module(name) for name in names if name not in PROGRAMS)


@functools.cache
def enumerations() -> tuple[type[enum.Enum], ...]:
    """Every enumeration of the house."""
    values = (value for module in _modules() for value in vars(module).values() if isinstance(value, type))
    own = {value for value in values if issubclass(value, enum.Enum) and value.__module__.startswith("learnhub.")}
    return tuple(sorted(own, key=lambda each: f"{each.__module__}.{each.__name__}"))


def tables(of: type[enum.Enum]) -> Iterator[tuple[str, Mapping[enum.Enum, Any]]]:
    """Every table of a module whose keys are members of one enumeration."""
    for module in _modules():
        for name, value in vars(module).items():
            if isinstance(value, dict) and value and {type(key) for key in value} == {of}:
                yield name, value


@pytest.mark.parametrize("of", enumerations(), ids=lambda of: of.__name__)
def test_each_member_has_its_word_in_each_table(of: type[enum.Enum]) -> None:
    """Tables that begin with an underscore are a module's own arithmetic and may hold only what differs."""
    for name, table in tables(of):
        if not name.startswith("_") and name not in IN_PART:
            assert not [member for member in of if member not in table], f"{name} lacks a member of {of.__name__}"


@pytest.mark.parametrize("of", enumerations(), ids=lambda of: of.__name__)
def test_each_word_is_there_in_english(of: type[enum.Enum]) -> None:
    with PO.open("rb") as stream:
        english = {message.id: message.string for message in read_po(stream, locale="en")}
    for name, table in tables(of):
        for words in table.values():
            for word in words if isinstance(words, tuple) else (words,):
                if name.endswith(("_LABELS", "_NAMES")) and isinstance(word, str) and CHINESE.search(word):
                    assert english.get(word), f"{name}: {word}"


def test_a_roster_file_has_a_word_for_each_value() -> None:
    """A list of words in `columns.toml` is that of the enumeration it shares most of its values with."""
    lists = tomllib.loads((PACKAGE / "members/rules/columns.toml").read_text(encoding="utf-8"))["words"]
    rooms = ("learnhub.members.", "learnhub.organizations.")
    values = {of.__name__: {each.value for each in of} for of in enumerations() if of.__module__.startswith(rooms)}
    checked = set()
    for name, words in lists.items():
        nearest = max(values, key=lambda of: len(values[of] & set(words)))
        if values[nearest] & set(words):
            assert set(words) == values[nearest], f"{name}: {nearest}"
            checked.add(nearest)
    assert checked == {"Sex", "PostKind", "OrganizationKind", "Domain"}


def test_each_member_can_be_stored(session: Session) -> None:
    """The CHECK that the migrations made knows every member that the models write."""
    inspector = sa.inspect(session.connection())
    checked = 0
    for table in Base.metadata.tables.values():
        kept = " ".join(each["sqltext"] for each in inspector.get_check_constraints(table.name))
        for column in table.columns:
            if isinstance(column.type, sa.Enum) and column.type.create_constraint:
                missing = [word for word in column.type.enums if f"'{word}'" not in kept]
                assert not missing, f"{table.name}.{column.name}: {missing}"
                checked += 1
    assert checked > 20
