"""Text that chokes a parser costs the child that reads it, never the site (R7)."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from learnhub.content import child
from learnhub.content.publish import Shelf, fault_file, publish
from tests.content.publishing import Clock

BOMBS = {
    "20 kB of brackets": "[" * 20_000,
    "brackets on many lines": "[[[[[[[[[[\n" * 2_000,
    "20 kB of closed links": "[a](" * 5_000,
    "deep lists": "".join(" " * 4 * depth + "- 甲\n" for depth in range(400)),
    "deep lists by marks": "- " * 10_000 + "甲",
    "deep quotes": "> " * 5_000 + "甲",
    "stars": "*a **a " * 3_000,
    "underscores": "_a __a " * 3_000,
    "backticks": "".join("`" * (n % 50 + 1) + "a" for n in range(800)),
    "footnotes": "".join(f"[^{n}]" for n in range(3_000)) + "\n\n" + "".join(f"[^{n}]: a\n" for n in range(3_000)),
    "table": "|" * 10_000 + "\n" + "|-" * 5_000 + "\n" + "|" * 10_000,
    "angle brackets": "<a " * 8_000,
    "long words": "a" * 250_000,
    "too large": "字\n\n" * 100_000,
    "references": "[a]: <" + "b" * 9_000 + "\n" * 20,
    "admonitions": "".join(" " * 4 * depth + "!!! 要点\n" for depth in range(300)),
    "definitions": "甲\n" + "".join(" " * 4 * depth + ":   乙\n" for depth in range(300)),
    "entities": "&#" * 10_000,
}
FRONT_BOMBS = {
    "aliases": "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n",
    "deep flow": "title: " + "[" * 8_000 + "]" * 8_000 + "\n",
    "deep maps": "title: " + "{a: " * 3_000 + "}" * 3_000 + "\n",
    "long": "title: " + "x" * 60_000 + "\n",
    "merge": "a: &a {x: 1}\n<<: *a\n",
    "tag": "title: !!python/object/apply:os.system ['true']\n",
    "many keys": "".join(f"k{n}: 1\n" for n in range(1_500)),
}


# One of each sort is enough for every run; CI takes them all.
ALWAYS = {"20 kB of brackets", "deep lists", "stars", "aliases", "deep flow"}


def _bomb(name: str, text: str) -> object:
    return pytest.param(text, id=name, marks=() if name in ALWAYS else pytest.mark.long)


@pytest.mark.parametrize(
    "text",
    [_bomb(name, f"---\ntitle: 一\n---\n\n{body}\n") for name, body in BOMBS.items()]
    + [_bomb(name, f"---\n{front}---\n\n正文\n") for name, front in FRONT_BOMBS.items()],
)
def test_bombs_are_cut_in_time(tmp_path: Path, text: str) -> None:
    """Whatever is in a file, the verdict is there in 5 seconds: an error of its own, the limit, or a harmless page."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "bomb.md").write_text(text, encoding="utf-8")
    began = time.monotonic()
    outcome = child.inspect(tmp_path)
    assert time.monotonic() - began < 5
    assert outcome.version or all(problem.file == "pages/bomb.md" for problem in outcome.problems)


def test_a_bomb_does_not_disturb_what_serves(site: Path, target: Path, shelf: Shelf, clock: Clock) -> None:
    publish(site, target)
    good = shelf.current()
    (site / "pages" / "bomb.md").write_text("# 题\n\n" + "[" * 20_000, encoding="utf-8")
    problems = publish(site, target).problems
    clock.now += 2
    assert shelf.current() is good and {problem.file for problem in problems} == {"pages/bomb.md"}
    assert any("括号" in problem.reason and problem.line == 3 for problem in problems)


def test_the_limit_names_the_file_it_stopped_at(site: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bad twin of the guards: without them the brackets choke the engine, and the limit has to cut it."""
    sick = "import sys, time; print('pages/about.md', file=sys.stderr, flush=True); time.sleep(60)"
    real = subprocess.run

    def slow(command: list[str], **options: object) -> object:
        return real([sys.executable, "-c", sick], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(child.subprocess, "run", slow)
    began = time.monotonic()
    (problem,) = publish(site, target, limit=0.5).problems
    assert time.monotonic() - began < 3 and problem.file == "pages/about.md"
    assert "太久" in problem.reason and not target.exists() and fault_file(target).exists()


@pytest.mark.parametrize("end, reason", [("import os; os.abort()", "停下"), ("raise SystemExit(3)", "内存")])
def test_a_dead_child_is_a_problem(
    site: Path, target: Path, monkeypatch: pytest.MonkeyPatch, end: str, reason: str
) -> None:
    real = subprocess.run

    def dies(command: list[str], **options: object) -> object:
        Path(command[-1]).write_text("{", encoding="utf-8")
        return real([sys.executable, "-c", end], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(child.subprocess, "run", dies)
    (problem,) = publish(site, target).problems
    assert reason in problem.reason and not target.exists()


def test_the_child_knows_no_secret(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}
    real = subprocess.run

    def look(command: list[str], **options: object) -> object:
        seen.update(options["env"])  # type: ignore[call-overload]
        return real(command, **options)  # type: ignore[call-overload]

    monkeypatch.setenv("SECRET_KEY", "geheim")
    monkeypatch.setattr(child.subprocess, "run", look)
    assert child.inspect(site).version
    assert set(seen) == {"PATH", "LANG", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE"}
