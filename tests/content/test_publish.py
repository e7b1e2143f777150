"""Publishing is whole or nothing, bounded, and never takes away what serves (R7)."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from learnhub.content import child
from learnhub.content.load import load
from learnhub.content.publish import EMPTY, Fault, Shelf, Watch, fault_file, publish, read_fault
from learnhub.content.schema import Catalogue

SITES = Path(__file__).parent / "sites"
ROOT = Path(__file__).resolve().parents[2]


class Clock:
    """A clock the test owns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    shutil.copytree(SITES / "small", folder)
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "instance" / "content.json"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> list[Fault]:
    return []


@pytest.fixture
def shelf(target: Path, clock: Clock, told: list[Fault]) -> Shelf:
    return Shelf(target, clock, told.append)


def break_it(site: Path) -> None:
    (site / "pages" / "about.md").write_text("---\ntitel: x\n---\n\n正文\n", encoding="utf-8")


def retitle(site: Path, title: str) -> None:
    (site / "pages" / "about.md").write_text(f"---\ntitle: {title}\n---\n\n正文\n", encoding="utf-8")


def test_what_is_published_is_what_was_loaded(site: Path, target: Path, shelf: Shelf) -> None:
    outcome = publish(site, target)
    assert outcome.problems == () and shelf.current() == load(site).catalogue
    assert shelf.current().version == outcome.version and shelf.fault is None


def test_media_are_kept_by_digest(site: Path, target: Path, shelf: Shelf) -> None:
    """A picture that has changed or gone is still there for whoever looks at an old attempt."""
    publish(site, target)
    old = shelf.current().media[0]
    (site / old.path).write_bytes((site / old.path).read_bytes() + b"\n")
    publish(site, target)
    kept = {file.name for file in shelf.media_folder.iterdir()}
    assert old.digest in kept and len(kept) == len(shelf.current().media) + 1


def test_errors_keep_the_last_good_version(
    site: Path, target: Path, shelf: Shelf, clock: Clock, told: list[Fault]
) -> None:
    publish(site, target)
    good = shelf.current()
    break_it(site)
    for _ in range(3):
        assert publish(site, target).version is None
        clock.now += 2
        assert shelf.current() == good
    assert shelf.fault is not None and "titel" in str(shelf.fault.problems) and told == [shelf.fault]
    retitle(site, "改好了")
    publish(site, target)
    clock.now += 2
    assert shelf.current().page("about").title == "改好了"
    assert shelf.fault is None and read_fault(target) == ()


def test_the_shelf_looks_at_most_once_a_second(site: Path, target: Path, shelf: Shelf, clock: Clock) -> None:
    publish(site, target)
    first = shelf.current()
    retitle(site, "新的")
    publish(site, target)
    clock.now += 0.9
    assert shelf.current() is first
    clock.now += 0.2
    assert shelf.current().page("about").title == "新的"
    assert shelf.current() is shelf.current()


def test_damage_is_reported_once_and_serves_on(
    site: Path, target: Path, shelf: Shelf, clock: Clock, told: list[Fault]
) -> None:
    publish(site, target)
    good, whole = shelf.current(), target.read_bytes()
    for damage in (b"", b"{", whole[: len(whole) // 2], b"[]", whole.replace(b'"title"', b'"titel"'), b"\xff\xfe"):
        target.write_bytes(damage)
        for _ in range(3):
            clock.now += 2
            assert shelf.current() is good and shelf.fault is not None
    assert len(told) == 1
    target.unlink()
    clock.now += 2
    assert shelf.current() is good and len(told) == 2
    target.write_bytes(whole)
    clock.now += 2
    assert shelf.current() == good and shelf.fault is None


def test_before_the_first_publication_there_is_an_empty_catalogue(shelf: Shelf) -> None:
    assert shelf.current() is EMPTY and shelf.fault is not None


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


@pytest.mark.parametrize(
    "text",
    [pytest.param(f"---\ntitle: 一\n---\n\n{body}\n", id=name) for name, body in BOMBS.items()]
    + [pytest.param(f"---\n{front}---\n\n正文\n", id=name) for name, front in FRONT_BOMBS.items()],
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


PUBLISHER = "import sys; from pathlib import Path; from learnhub.content.publish import publish; " + (
    "print('go', flush=True); publish(Path(sys.argv[1]), Path(sys.argv[2]))"
)


@pytest.mark.long
def test_a_killed_publisher_leaves_the_old_version_or_the_new(site: Path, target: Path) -> None:
    publish(site, target)
    versions = {json.loads(target.read_bytes())["version"]}
    dice = random.Random(7)
    for round in range(5):
        retitle(site, f"第 {round} 版")
        done = load(site).catalogue
        assert done is not None
        with subprocess.Popen(
            [sys.executable, "-c", PUBLISHER, str(site), str(target)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            start_new_session=True,
        ) as publisher:
            assert publisher.stdout is not None and publisher.stdout.readline() == b"go\n"
            time.sleep(dice.uniform(0, 0.8))
            os.killpg(publisher.pid, signal.SIGKILL)
        versions.add(done.version)
        serving = Catalogue.model_validate_json(target.read_bytes())
        assert serving.version in versions
        for media in serving.media:
            assert (target.parent / "media" / media.digest).stat().st_size == media.size
    assert publish(site, target).version == done.version


@pytest.mark.long
def test_readers_see_whole_versions_while_others_publish(site: Path, target: Path, clock: Clock) -> None:
    """0 mixed and 0 empty: each catalogue a reader takes is one that was published."""
    publish(site, target)
    good = {Catalogue.model_validate_json(target.read_bytes()).version}
    seen: set[str] = set()
    stop = threading.Event()
    shelf = Shelf(target, time.monotonic, [].append)
    shelf.current()

    def read() -> None:
        while not stop.is_set():
            seen.add(shelf.current().version)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for round in range(2):
        retitle(site, f"第 {round} 版")
        good.add(publish(site, target).version or "")
    stop.set()
    for reader in readers:
        reader.join()
    assert seen <= good


@pytest.mark.long
def test_left_overs_of_killed_publishers_are_swept(site: Path, target: Path) -> None:
    publish(site, target)
    old, fresh = target.with_name(".content.json.1.1.new"), target.with_name(".content.json.2.2.new")
    old.touch()
    fresh.touch()
    os.utime(old, (0, 0))
    publish(site, target)
    assert not old.exists() and fresh.exists()


def test_watching_publishes_when_a_file_changed(site: Path, target: Path) -> None:
    watch = Watch(site, target)
    first, again = watch.tick(), watch.tick()
    assert first is not None and first.version and again is None
    retitle(site, "改过的")
    second = watch.tick()
    assert second is not None and second.version != first.version


@pytest.mark.long
def test_a_thousand_units_load_well_within_their_limit(tmp_path: Path) -> None:
    """The aim is two seconds on an idle machine; here only that the limit is three times what is needed."""
    for course in range(100):
        folder = tmp_path / "courses" / f"c{course}"
        shutil.copytree(SITES / "small" / "courses" / "reading", folder)
        (folder / "20-act.md").unlink()
        (folder / "10-parts.md").unlink()
        (folder / "course.md").write_text(
            "---\ntitle: 课\nsummary: 摘要\nhours: 1\naudience: 全体\nbasis: 条例\n---\n\n介绍。\n", encoding="utf-8"
        )
        for lesson in range(10):
            (folder / f"{lesson + 10}-l{lesson}.md").write_text(
                f"# 第 {lesson} 课\n\n正文。\n\n- 甲\n", encoding="utf-8"
            )
    began = time.monotonic()
    outcome = child.inspect(tmp_path)
    assert outcome.problems == () and (time.monotonic() - began) * 3 < child.limit_for(tmp_path)
