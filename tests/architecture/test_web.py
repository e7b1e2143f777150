"""The web reaches neither statements nor tables: it asks for plain values."""

import ast
import importlib
import inspect
import re
import typing
from collections.abc import Iterator, Mapping

import pytest
import sqlalchemy
from sqlalchemy.orm import Mapper

from tests.architecture.test_contracts import imported, modules

WEB = {"views", "forms", "cli", "guards"}


# What an ORM session does for the web: end the transaction, or write what is pending.
ENDINGS = {"commit", "rollback", "close", "remove", "flush"}


# Rows that the web hands on, and why it must hold them.
HANDED_ON = {("learnhub.notices.cli", "queries.due_choice"): "held against other workers while it is looked at"}


def is_model(value: object) -> bool:
    """Whether a value is a mapped class or a module of such."""
    if inspect.ismodule(value):
        return ".models" in value.__name__ and value.__name__.startswith("learnhub.")
    return isinstance(value, type) and isinstance(sqlalchemy.inspect(value, raiseerr=False), Mapper)


def returns_model(value: object) -> bool:
    """Whether a function of ours says that it returns mapped rows, alone or within something."""

    def mentions(hint: object) -> bool:
        return is_model(hint) or any(mentions(part) for part in typing.get_args(hint))

    if not inspect.isfunction(value) or not value.__module__.startswith("learnhub."):
        return False
    try:
        return mentions(typing.get_type_hints(value).get("return"))
    except NameError:  # the answer of a view, in names that only type checkers import
        return False


def resolve(node: ast.expr, names: Mapping[str, object]) -> object:
    """What a name, or a chain of attributes such as `queries.recognition.Recognition`, stands for; None if unknown."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = resolve(node.value, names)
        return getattr(owner, node.attr, None) if inspect.ismodule(owner) or inspect.isclass(owner) else None
    return None


def names_of(tree: ast.Module, known: Mapping[str, object]) -> dict[str, object]:
    """What the names of a module stand for, those that are imported inside functions included."""
    names = dict(known)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("learnhub"):
            home = importlib.import_module(node.module or "")
            for alias in node.names:
                if not hasattr(home, alias.name):
                    importlib.import_module(f"{node.module}.{alias.name}")
                names.setdefault(alias.asname or alias.name, getattr(home, alias.name))
    return names


def reached_rows(tree: ast.Module, names: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """Where a module of the web reaches tables or SQL: by a model, by a function that returns rows, by the session."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            value = resolve(node, names)
            if is_model(value) or returns_model(value):
                yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.Attribute) and re.fullmatch(r"(db\.)?session(\(\))?", ast.unparse(node.value)):
            is_cookie = getattr(names.get("session"), "__module__", "").startswith("werkzeug")
            if node.attr not in ENDINGS and ast.unparse(node) != "db.session" and not is_cookie:
                yield node.lineno, ast.unparse(node)
    yield from ((0, each) for each in imported(tree) if f"{each}.".count(".models."))


def test_no_statements_in_the_web() -> None:
    """Views, forms, commands and guards know of SQLAlchemy no more than the session they hand on."""
    strangers = []
    for name, path, tree in modules():
        if not WEB & set(path.with_suffix("").parts):
            continue
        strangers += [
            f"{name}: {target}"
            for target in imported(tree)
            if target.split(".")[0] == "sqlalchemy" and target != "sqlalchemy.orm.Session"
        ]
    assert not strangers


def test_no_tables_in_the_web() -> None:
    """Views, forms, commands and guards get plain values from queries and hand ids to services: no rows, no models."""
    strangers = []
    for name, path, tree in modules():
        if WEB & set(path.with_suffix("").parts):
            names = names_of(tree, vars(importlib.import_module(name)))
            strangers += [
                f"{name}:{line}: {words}" for line, words in reached_rows(tree, names) if (name, words) not in HANDED_ON
            ]
    assert not strangers, "\n".join(strangers)


@pytest.mark.parametrize(
    "lines",
    [
        "from learnhub.training.recognition.models import Recognition",
        "from learnhub.training.recognition import models",
        "def view():\n    from learnhub.training.recognition.models import Recognition as Row\n    return Row",
        "from learnhub.training.recognition import queries\nqueries.Recognition",
        "from learnhub.training.recognition import service as recognition\ndef view(session):\n    return recognition.Recognition.id",
        "from learnhub.training import recognition\ndef view(session):\n    return recognition.queries.Recognition",
        "from learnhub.training.results import queries\ndef view(session):\n    return queries.standing_results(session, 1)",
        "def view(session):\n    return session.get(object, 1)",
        "def view():\n    return db.session().execute('SELECT 1')",
        "def view():\n    return db.session.scalar('SELECT 1')",
    ],
)
def test_a_view_that_reaches_tables_is_noticed(lines: str) -> None:
    tree = ast.parse(lines)
    assert list(reached_rows(tree, names_of(tree, {})))
