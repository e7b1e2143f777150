"""Conventions of addresses, guards, templates and words."""

import ast
import re
import subprocess
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import nodes

from learnhub.accounts.guards import policy
from tests.architecture.test_contracts import PACKAGE, ROOT, modules

# Modules whose Chinese is data, not words of the interface, and what it is.
DATA = {
    "learnhub.demo": "generated names and places",
    "learnhub.members.rules": "headings and dates as people write them in spreadsheets",
    "learnhub.quiz.rules": "Chinese numerals",
    "learnhub.records.service.published_rules": "published rules in their own words",
    "learnhub.meetings.service.published_rules": "published rules in their own words",
    "learnhub.papers.service.faces": "names of fonts",
    "learnhub.content": "marks of the authors' text",
}
ROUTES = Path(__file__).parent / "routes.txt"
PO = PACKAGE / "web/translations/en/LC_MESSAGES/messages.po"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}


def routes(app: Flask) -> list[str]:
    """The policy table: method and address, endpoint, who may open it and where in the tree."""
    rows = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        view = app.view_functions[rule.endpoint]
        mark = " (writes)" if getattr(view, "writes", False) else ""
        rows.append(f"{methods:<9} {rule.rule:<52} {rule.endpoint:<32} {policy(view)}{mark}")
    return sorted(rows, key=lambda row: row[10:])


def test_the_policy_table_is_as_agreed(app: Flask) -> None:
    """No route appears, disappears or changes its guard unnoticed."""
    assert "\n".join(routes(app)) + "\n" == ROUTES.read_text(encoding="utf-8")


def test_addresses_are_kebab_case_and_their_parts_typed(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        fixed = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", fixed), rule.rule
        for part in re.findall(r"<([^>]+)>", rule.rule):
            assert ":" in part, f"{rule.rule}: say what {part} is"


def test_every_template_parses_and_belongs_to_its_room(app: Flask) -> None:
    """A page is named in a view or extended by one that is; a part begins with an underscore and is used."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    paths = list(PACKAGE.glob("**/templates/*/*.html"))
    templates = {path.relative_to(path.parents[1]).as_posix(): path for path in paths}
    assert len(templates) == len(paths), "two rooms of a wing have a template of the same name"
    texts = {name: path.read_text(encoding="utf-8") for name, path in templates.items()}
    for name, text in texts.items():
        tree = app.jinja_env.parse(text)
        assert isinstance(tree, nodes.Template)
        chosen = f'"{name.split("_")[0]}_" ~' in "".join(texts.values())  # a part named at run time
        used = (
            chosen or f'"{name}"' in source or any(f'"{name}"' in other for key, other in texts.items() if key != name)
        )
        assert used, f"{name} belongs to nothing"


def test_every_message_has_an_english_text() -> None:
    """Finished, not fuzzy, with the same placeholders, and nothing left over."""
    method = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    found = {
        message
        for _file, _line, message, _comments, _context in extract_from_dir(
            PACKAGE, method_map=method, keywords={**WORDS, "_n": (1, 2)}
        )
        if message
    }
    wanted = {each if isinstance(each, str) else each[0] for each in found}
    with PO.open("rb") as stream:
        catalogue = {message.id: message for message in read_po(stream, locale="en") if message.id}
    known = {each if isinstance(each, str) else each[0] for each in catalogue}
    assert not wanted - known, f"{len(wanted - known)} messages without English: {sorted(wanted - known)[:5]}"
    assert not known - wanted, f"left over: {sorted(known - wanted)[:5]}"
    for key, message in catalogue.items():
        for text in [message.string] if isinstance(message.string, str) else message.string:
            assert text and not message.fuzzy, key
            assert _places(text) == _places(key if isinstance(key, str) else key[0]), key


def _places(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text))


def test_no_bare_words_in_templates() -> None:
    """Every word a reader sees passes through the catalogue."""
    strangers = []
    for path in PACKAGE.glob("**/templates/*/*.html"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\{#.*?#\}", "", text, flags=re.S)
        text = re.sub(r"{% block (width|body_class|course_name) %}.*?{% endblock %}", "", text, flags=re.S)
        outside = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.S)
        for word in re.findall(r"[\u4e00-\u9fff]+", outside):
            strangers.append(f"{path.name}: {word}")
        shown = re.sub(r"<[^>]*>", " ", outside)
        shown = re.sub(r"&\w+;", " ", shown)
        strangers += [f"{path.name}: {word}" for word in re.findall(r"[A-Za-z]{2,}", shown)]
    assert not strangers


def test_no_bare_words_in_python() -> None:
    """A Chinese literal stands only where it is marked for translation, or in a docstring."""
    strangers = []
    for name, _path, tree in modules():
        if any(name == prefix or name.startswith(f"{prefix}.") for prefix in DATA):
            continue
        allowed = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in WORDS
            for argument in node.args
            for inner in ast.walk(argument)
        }
        documented = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            if CHINESE.search(node.value) and id(node) not in allowed | documented:
                strangers.append(f"{name}:{node.lineno}: {node.value[:20]}")
    assert not strangers


def test_no_message_stands_inside_an_f_string() -> None:
    """Before Python 3.12 what collects the messages does not look into them, so that nobody translates it."""
    strangers = [
        f"{name}:{call.lineno}"
        for name, _path, tree in modules()
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in WORDS
        if any(isinstance(argument, ast.Constant) for argument in call.args)
    ]
    assert not strangers


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of a machine and no address of a registry in any file of the repository."""
    pattern = r"(^|[^A-Za-z0-9_.-])/(work|root|home/[a-z]+)/|--(extra-)?index-url|https?://[^ \"]+\.(whl|tgz)\b"
    done = subprocess.run(
        ["git", "grep", "-nIE", pattern, "--", ".", ":!tests"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
