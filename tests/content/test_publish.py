"""Publishing is whole or nothing, bounded, and never takes away what serves (R7)."""

import resource
import shutil
import threading
from pathlib import Path

import pytest

from learnhub.content import child
from learnhub.content.child import read_catalogue
from learnhub.content.load import load, note_unreadable
from learnhub.content.problems import Problems, locate
from learnhub.content.publish import EMPTY, fault_file, is_published, publish, read_fault
from learnhub.content.schema import Catalogue
from learnhub.content.shelf import Fault, Shelf
from learnhub.content.watcher import CatalogueWatcher
from tests.content.publishing import SITES, Clock, break_it, retitle
from tests.processor_time import processor_seconds


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


def test_whoever_comes_while_the_first_version_is_read_waits_for_it(
    site: Path, target: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process answers with several threads from its first moment on: none of them may find an empty catalogue."""
    publish(site, target)
    begun, go_on, found = threading.Event(), threading.Event(), []

    def read_slowly(file: Path) -> Catalogue:
        begun.set()
        go_on.wait(10)
        return read_catalogue(file)

    monkeypatch.setattr("learnhub.content.shelf.read_catalogue", read_slowly)
    readers = [threading.Thread(target=lambda: found.append(shelf.current())) for _ in range(2)]
    readers[0].start()
    begun.wait(10)
    readers[1].start()
    readers[1].join(0.2)
    go_on.set()
    for reader in readers:
        reader.join()
    assert EMPTY not in found and len(found) == 2


def test_what_could_not_be_read_is_read_again_though_it_did_not_change(
    site: Path, target: Path, shelf: Shelf, clock: Clock
) -> None:
    """Too many open files, for a moment: the worker must not stay without content until the next publication."""
    publish(site, target)
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, files[1]))
    try:
        assert shelf.current() is EMPTY and shelf.fault is not None
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, files)
    clock.now += 2
    assert shelf.current().courses and shelf.fault is None


def test_a_fault_that_cannot_be_read_takes_no_page_away(site: Path, target: Path, shelf: Shelf, clock: Clock) -> None:
    """Whoever published was somebody else, whose files we may not read (here: it is no file)."""
    publish(site, target)
    fault_file(target).mkdir()
    assert shelf.current().courses and shelf.fault is not None and "content.json.fault" in shelf.fault.problems[0].file


def test_before_the_first_publication_there_is_an_empty_catalogue(
    site: Path, target: Path, shelf: Shelf, clock: Clock
) -> None:
    """And what kept the first from being published is told with it."""
    assert shelf.current() is EMPTY and shelf.fault is not None and "还没有发布" in shelf.fault.reason
    break_it(site)
    problems = publish(site, target).problems
    clock.now += 2
    assert shelf.current() is EMPTY and shelf.fault == Fault(shelf.fault.reason, problems)
    assert "现在用的" not in shelf.fault.reason
    target.write_text("{")
    clock.now += 2
    assert shelf.current() is EMPTY and "现在没有内容" in shelf.fault.reason


@pytest.mark.parametrize("content", [(), ("README.md",), ("pages/about.md",), ("courses/README.md", "pages/a.svg")])
def test_a_folder_without_a_course_or_a_month_is_refused(
    tmp_path: Path, target: Path, shelf: Shelf, content: tuple[str, ...]
) -> None:
    """Like one that is missing: an empty disk, or the wrong folder, must not take everything from the site."""
    folder = tmp_path / "empty"
    folder.mkdir()
    for name in content:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("---\ntitle: 一\n---\n\n正文\n", encoding="utf-8")
    (problem,) = publish(folder, target).problems
    assert "没有一门课" in problem.reason and not target.exists()
    assert str(folder) in locate(problem, folder)
    assert not is_published(target)


def test_folders_that_cannot_be_looked_into_are_no_empty_ones(site: Path) -> None:
    """A plain user publishes; the folder of one course is somebody else's."""
    course = site / "courses" / "reading"
    problems = Problems()
    note_unreadable(site, PermissionError(13, "Permission denied", str(course)), problems)
    (problem,) = problems.sorted()
    assert (problem.file, problem.values["why"]) == ("courses/reading", "Permission denied")


@pytest.mark.long
def test_watching_publishes_when_a_file_changed(site: Path, target: Path) -> None:
    watcher = CatalogueWatcher(site, target)
    first, again = watcher.tick(), watcher.tick()
    assert first is not None and first.version and again is None
    retitle(site, "改过的")
    second = watcher.tick()
    assert second is not None and second.version != first.version


@pytest.mark.long
def test_a_thousand_units_load_well_within_their_limit(tmp_path: Path) -> None:
    """The aim is two seconds; here only that the limit is three times what is needed."""
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
    before = processor_seconds()
    outcome = child.inspect(tmp_path)
    assert outcome.problems == () and (processor_seconds() - before) * 3 < child.limit_for(tmp_path).processor
