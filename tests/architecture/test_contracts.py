"""The walls of the house hold: the contracts of `pyproject.toml` and the rules that no contract can say."""

import ast
import functools
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "learnhub"
# What nobody imports from another room; the front doors are service, queries, rules and guards.
PRIVATE = {"models", "views", "forms", "cli"}
# Who may, and why.
EXCUSED = {
    ("app", "views"): "wires the pages",
    ("app", "cli"): "wires the commands",
    ("demo", "models"): "writes a year of records in bulk",
    ("reports", "models"): "the only room that joins other rooms' tables",
    ("members", "models"): "an import of the roster compares and writes the whole tree at once",
}
# The fixed file grammar of a room; content is a pipeline and has its own.
GRAMMAR = {"__init__", "views", "cli", "guards", "forms", "service", "queries", "models", "rules"}


@functools.cache
def modules() -> tuple[tuple[str, Path, ast.Module], ...]:
    """Every module: its dotted name, its file and its tree; read once for all that look at it."""
    paths = sorted(PACKAGE.rglob("*.py"))
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths]
    return tuple(
        (name, path, ast.parse(path.read_text(encoding="utf-8"))) for name, path in zip(names, paths, strict=True)
    )


def imported(tree: ast.Module) -> Iterator[str]:
    """Dotted names that a module imports, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_contracts_hold() -> None:
    """Floors, grammar, no Flask in the domain, no SQL in the web, no database in rules."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]


BREACHES = {
    "learnhub/training/tasks/queries.py": "import learnhub.training.enrolment.queries",
    "learnhub/training/results/service.py": "import learnhub.training.results.views",
    "learnhub/training/closing/views.py": "import learnhub.training.results.models",
    "learnhub/training/stranger/__init__.py": "",
}


def test_breaches_planted_in_a_wing_are_noticed(tmp_path: Path) -> None:
    """A lower room that reaches up, a service that reaches its pages, a page that reaches a table, a room without a floor."""
    shutil.copytree(PACKAGE, tmp_path / "learnhub", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, line in BREACHES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        with (tmp_path / name).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    said = re.sub(r"\s+", " ", done.stdout)
    for words in (
        "learnhub.training.tasks is not allowed to import learnhub.training.enrolment",
        "learnhub.training.results.service is not allowed to import learnhub.training.results.views",
        "learnhub.training.closing.views is not allowed to import learnhub.training.results.models",
        "learnhub.training.stranger",
    ):
        assert words in said, done.stdout[-4000:]


def test_rooms_meet_at_their_front_doors() -> None:
    strangers = []
    for name, _path, tree in modules():
        room = name.split(".")[1] if "." in name else ""
        for target in imported(tree):
            parts = target.split(".")
            if len(parts) < 3 or parts[0] != "learnhub" or parts[1] == room:
                continue
            private = next((part for part in parts[2:4] if part in PRIVATE), None)
            if private and (room, private) not in EXCUSED:
                strangers.append(f"{name} imports {target}")
    assert not strangers


def test_a_room_has_no_other_files() -> None:
    rooms = {path.parent for path in PACKAGE.glob("**/models.py")} | {
        path.parent for path in PACKAGE.glob("**/views.py")
    }
    strangers = [
        str(child.relative_to(ROOT))
        for room in rooms
        for child in room.iterdir()
        if child.stem not in GRAMMAR | {"templates", "__pycache__"}
    ]
    assert not strangers


def test_only_views_and_commands_commit() -> None:
    """One commit a request, where it is answered; the idle limit of a sign-in is the one exception. `start` is a command."""
    strangers = []
    for name, path, tree in modules():
        if any(part in {"views", "cli"} for part in path.with_suffix("").parts):
            continue
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "commit"]
        if calls and name not in {"learnhub.accounts.guards", "learnhub.start"}:
            strangers.append(name)
    assert not strangers


def test_only_the_clock_asks_the_time() -> None:
    asking = {"now", "utcnow", "today"}
    strangers = []
    for name, _path, tree in modules():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in asking
                and isinstance(node.value, ast.Attribute | ast.Name)
            ):
                source = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
                if source in {"datetime", "date", "dt"} and name != "learnhub.core.clock":
                    strangers.append(f"{name}:{node.lineno}")
    assert not strangers


def test_modules_and_views_stay_small() -> None:
    """300 lines a module, of tests and measures too, 25 a view; statements and complexity are ruff's.

    The one migration that makes every table is a list, written by a tool.
    """
    long_modules = [
        f"{path.relative_to(ROOT)}: {count}"
        for folder in (PACKAGE, ROOT / "tests", ROOT / "bench")
        for path in folder.rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 300
    ]
    long_views = []
    for name, path, tree in modules():
        if "views" not in path.with_suffix("").parts:
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno + 1 > 25:
                long_views.append(f"{name}.{node.name}: {node.end_lineno - node.lineno + 1}")
    assert not long_modules and not long_views


def test_ruff_is_content() -> None:
    """The types take half a minute of reading everything: `make lint`, which lands with the tests (`.ci/run`)."""
    ruff = Path(sys.executable).parent / "ruff"
    for command in (["check", "--quiet", "."], ["format", "--check", "--quiet", "."]):
        done = subprocess.run([ruff, *command], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"ruff {' '.join(command)}\n{done.stdout[-3000:]}{done.stderr[-1000:]}"


def test_public_functions_say_what_they_do() -> None:
    """Each public function and class has a docstring."""
    silent = [
        f"{name}.{node.name}"
        for name, _path, tree in modules()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent
