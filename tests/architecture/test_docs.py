"""The docs are true: every setting, command and make target is named where its reader looks."""

import re

import click
from flask import Flask

from tests.architecture.test_contracts import ROOT


def text(*names: str) -> str:
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def test_every_setting_is_explained() -> None:
    named = set(re.findall(r"`(LEARNHUB_[A-Z_]+|DATABASE_URL)`", text("docs/settings.md")))
    read = set(re.findall(r'"(LEARNHUB_[A-Z_]+|DATABASE_URL)"', text("config.py")))
    assert named == read


def test_every_command_is_explained(app: Flask) -> None:
    docs = text("README.md", "docs/operators.md", "docs/authors.md")
    for group, command in app.cli.commands.items():
        if group == "db":
            continue  # Flask-Migrate's, with documents of its own
        names = [f"flask {group} {name}" for name in command.commands] if isinstance(command, click.Group) else []
        for name in names or [f"flask {group}"]:
            assert name in docs, name


def test_every_target_of_make_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.M))
    named = set(re.findall(r"`?make ([a-z]+)", text("README.md", "docs/operators.md", "docs/authors.md")))
    assert named <= targets


def test_every_room_is_on_the_map() -> None:
    rooms = {path.parent.name for path in (ROOT / "learnhub").glob("*/__init__.py")}
    assert all(f"`{room}`" in text("README.md") for room in rooms), rooms


def test_links_between_documents_lead_somewhere() -> None:
    for name in (
        "README.md",
        "docs/operators.md",
        "docs/authors.md",
        "docs/settings.md",
        "docs/promises.md",
        "docs/counting.md",
    ):
        for target in re.findall(r"(?<!shows)\]\(([^)#: ]+)\)", text(name)):
            assert (ROOT / name).parent.joinpath(target).exists(), f"{name}: {target}"


def test_documents_that_the_code_names_are_there() -> None:
    """With the part that it names: `docs/counting.md, Coverage` is a heading, `docs/promises.md, S13` a row."""
    for file in sorted((ROOT / "learnhub").rglob("*.py")):
        for name, part in re.findall(
            r"\b(docs/\w+\.md)(?:, \"?([A-Z][a-z ]+|[A-Z]\d+)\b)?", file.read_text(encoding="utf-8")
        ):
            where = text(name)
            assert not part or f"## {part}\n" in where or f"| {part} |" in where, f"{file.name}: {name}, {part}"


def test_tests_that_the_promises_name_are_there() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", text("docs/promises.md", "docs/counting.md"))
    assert named and all((ROOT / name).exists() for name in named)
    assert all(
        (ROOT / "learnhub" / name).exists()
        for name in re.findall(r"`([a-z_/]+/[\w/.]+\.py)`", text("docs/counting.md"))
        if not name.startswith("tests/")
    )
