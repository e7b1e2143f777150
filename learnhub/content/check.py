"""The check of a content folder, and its findings as text for people, JSON for programs and SARIF for code hosts."""

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from learnhub.content.child import survey
from learnhub.content.history import check_history
from learnhub.content.problems import Problem, Problems

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

Translate = Callable[[str], str]


def check(folder: Path, within: str = ".", media_root: Path | None = None) -> tuple[Problem, ...]:
    """All problems of `folder`, or of the file or folder `within` it, by file and line.

    Needs neither database nor network; `media_root` holds films that are too large for git.
    """
    history = Problems()
    check_history(folder, history)
    everything = [*survey(folder, media_root), *history.sorted()]
    found = [one for one in everything if one.file == "." or PurePosixPath(one.file).is_relative_to(within)]
    return tuple(sorted(found, key=lambda problem: (problem.file, problem.line, problem.column)))


def words(problem: Problem, translate: Translate) -> str:
    """The reason in the reader's language, with its values filled in."""
    return translate(problem.reason) % problem.values


def as_text(problems: Iterable[Problem], translate: Translate) -> str:
    """One line each: `file:line:column: reason`; a warning says that it is one, and what the machine did names no file."""
    return "\n".join(f"{_place(problem)}{problem.severity.value}: {words(problem, translate)}" for problem in problems)


def _place(problem: Problem) -> str:
    return "" if problem.transient else f"{problem.file}:{problem.line}:{problem.column}: "


def as_json(problems: Iterable[Problem], translate: Translate) -> str:
    """A list of objects: file, line, column, severity, reason (in words)."""
    rows = [
        {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "severity": problem.severity.value,
            "reason": words(problem, translate),
        }
        for problem in problems
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def as_sarif(problems: Iterable[Problem], translate: Translate) -> str:
    """SARIF 2.1.0 with one run: a rule for each kind of problem that was found, and one result for each problem.

    A kind is what its reason says before any values are filled in; its id changes when those words change.
    """
    found = list(problems)
    kinds = list(dict.fromkeys(problem.reason for problem in found))
    rules = [{"id": _rule_id(each), "shortDescription": {"text": translate(each)}} for each in kinds]
    run = {
        "tool": {"driver": {"name": "learnhub content check", "rules": rules}},
        "results": [_sarif_result(problem, kinds.index(problem.reason), translate) for problem in found],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _rule_id(reason: str) -> str:
    return f"content-{hashlib.sha256(reason.encode()).hexdigest()[:8]}"


def _sarif_result(problem: Problem, rule: int, translate: Translate) -> dict[str, Any]:
    region = {"startLine": problem.line, "startColumn": problem.column}
    location = {"physicalLocation": {"artifactLocation": {"uri": problem.file}, "region": region}}
    return {
        "ruleId": _rule_id(problem.reason),
        "ruleIndex": rule,
        "level": problem.severity.value,
        "message": {"text": words(problem, translate)},
        "locations": [] if problem.transient else [location],
    }
