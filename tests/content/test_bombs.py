"""Text that chokes a parser costs the child that reads it, never the site (R7)."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from learnhub.content import child
from learnhub.content.check import as_sarif, as_text
from learnhub.content.publish import fault_file, publish
from learnhub.content.shelf import Shelf
from learnhub.content.watcher import CatalogueWatcher
from learnhub.core.child_process import run_module
from tests.content.publishing import Clock, break_it
from tests.processor_time import processor_seconds

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
def test_bombs_are_cut_in_time(site: Path, text: str) -> None:
    """Whatever is in a file, the verdict takes 5 seconds of processor time: an error of its own, the limit, or a harmless
    page."""
    (site / "pages" / "bomb.md").write_text(text, encoding="utf-8")
    before = processor_seconds()
    outcome = child.inspect(site)
    assert processor_seconds() - before < 5
    assert outcome.version or all(problem.file == "pages/bomb.md" for problem in outcome.problems)


def test_a_bomb_does_not_disturb_what_serves(site: Path, target: Path, shelf: Shelf, clock: Clock) -> None:
    publish(site, target)
    good = shelf.current()
    (site / "pages" / "bomb.md").write_text("# 题\n\n" + "[" * 20_000, encoding="utf-8")
    problems = publish(site, target).problems
    clock.now += 2
    assert shelf.current() is good and {problem.file for problem in problems} == {"pages/bomb.md"}
    assert any("括号" in problem.reason and problem.line == 3 for problem in problems)


@pytest.fixture
def fall_ill(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`fall_ill("spin")`: from now on that goes wrong in the child; `fall_ill("")` heals it."""

    def make(how: str) -> None:
        def run_sick(module: str, arguments: Sequence[str], **options: float) -> object:
            assert module == "learnhub.content.load"
            return run_module("tests.content.sick_child", [how, *arguments], **options)

        monkeypatch.setattr(child, "run_module", run_sick if how else run_module)

    return make


def test_the_limit_names_the_file_it_stopped_at(
    site: Path, target: Path, monkeypatch: pytest.MonkeyPatch, fall_ill: Callable[[str], None]
) -> None:
    """The bad twin of the guards: without them the brackets choke the engine, and the limit has to cut it."""
    monkeypatch.setattr(child, "BASE_SECONDS", 0.5)
    fall_ill("spin")
    before = processor_seconds()
    (problem,) = publish(site, target).problems
    assert processor_seconds() - before < 3 and problem.file == "pages/about.md"
    assert "太久" in problem.reason and not problem.transient and not target.exists() and fault_file(target).exists()


def test_a_child_that_has_to_wait_is_not_one_that_chokes(
    site: Path, target: Path, monkeypatch: pytest.MonkeyPatch, fall_ill: Callable[[str], None]
) -> None:
    """It may use a second, and needs less; that others kept it waiting for longer is no fault of any file."""
    monkeypatch.setattr(child, "BASE_SECONDS", 0.5)
    fall_ill("wait")
    assert publish(site, target).version


@pytest.mark.parametrize("how, reason", [("abort", "停下"), ("eat", "内存")])
def test_a_dead_child_is_a_problem_of_the_file_it_read(
    site: Path, target: Path, fall_ill: Callable[[str], None], how: str, reason: str
) -> None:
    fall_ill(how)
    (problem,) = publish(site, target).problems
    assert reason in problem.reason and problem.file == "pages/about.md" and not target.exists()


@pytest.mark.parametrize("how", ["wait", "killed"])
def test_what_the_machine_did_names_no_file(
    site: Path,
    target: Path,
    shelf: Shelf,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    fall_ill: Callable[[str], None],
    how: str,
) -> None:
    """Too busy to come to an end, or short of memory and so killed by the system: the last good version serves on."""
    publish(site, target)
    good = shelf.current()
    monkeypatch.setattr(child, "BACKSTOP_SECONDS", 0.5)
    fall_ill(how)
    outcome = publish(site, target)
    clock.now += 2
    assert outcome.version is None and outcome.is_transient and shelf.current() is good
    assert "机器太忙" in outcome.first_error(site) and ".md" not in outcome.first_error(site)
    assert shelf.fault is not None and shelf.fault.is_transient and shelf.fault.problems == outcome.problems
    assert as_text(outcome.problems, str).startswith("error: ")
    assert json.loads(as_sarif(outcome.problems, str))["runs"][0]["results"][0]["locations"] == []


def test_a_result_that_is_too_large_or_cannot_be_written_blames_no_file(
    site: Path, tmp_path: Path, fall_ill: Callable[[str], None]
) -> None:
    (unwritten,) = child.run(site, tmp_path / "not there" / "catalogue.json")
    assert unwritten.transient and "No such file" in unwritten.values["why"]
    fall_ill("write much")
    out = tmp_path / "catalogue.json"
    (large,) = child.run(site, out)
    assert large.is_of_folder and "太多" in large.reason and not large.transient and not out.exists()


def test_a_disk_that_fails_is_a_problem_and_no_trace(site: Path, target: Path) -> None:
    target.parent.write_text("a file where the folder belongs")
    outcome = publish(site, target)
    assert outcome.version is None and outcome.is_transient and "File exists" in outcome.first_error(site)


def test_the_watcher_tries_again_when_the_machine_was_in_the_way(
    site: Path, target: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, fall_ill: Callable[[str], None]
) -> None:
    """After 2 seconds, then after 4 more; an error of an author waits for the author."""
    watcher = CatalogueWatcher(site, target, clock=clock)
    fall_ill("killed")
    tries = []
    for _ in range(8):
        tries.append(watcher.tick() is not None)
        clock.now += 1
    assert tries == [True, False, True, False, False, False, True, False]
    fall_ill("")
    clock.now += 7
    outcome = watcher.tick()
    assert outcome is not None and outcome.version
    clock.now += 1000
    assert watcher.tick() is None
    break_it(site)
    assert watcher.tick() is not None
    clock.now += 1000
    assert watcher.tick() is None


def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "geheim")
    seen = run_module("tests.content.environment", []).stdout.decode().split()
    assert {"PATH", "LANG", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE"} <= set(seen) and "SECRET_KEY" not in seen
