"""Versions of the content: whole whoever reads or is killed meanwhile, the last ones kept, and brought back by one command."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from learnhub.content import versions
from learnhub.content.load import load
from learnhub.content.publish import publish, roll_back
from learnhub.content.schema import Catalogue
from learnhub.content.shelf import Shelf
from learnhub.core.errors import Conflict, NotFound
from tests.content.publishing import ROOT, Clock, retitle

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


def test_one_command_brings_the_version_before_back(site: Path, target: Path, shelf: Shelf, clock: Clock) -> None:
    """In every worker, as a publication does; the content folder stays as it is."""
    first = publish(site, target).version
    retitle(site, "第二版")
    second = publish(site, target).version
    publish(site, target)
    assert [each.hash for each in versions.kept(target)] == [first, second], "the same again keeps nothing new"
    assert shelf.current().version == second and roll_back(target).hash == first
    clock.now += 2
    assert shelf.current().version == first
    with pytest.raises(NotFound):
        roll_back(target)
    assert roll_back(target, str(second)[:8]).hash == second


def test_a_version_that_cannot_be_read_is_not_gone_back_to(target: Path, tmp_path: Path) -> None:
    target.parent.mkdir()
    fresh = tmp_path / "x"
    fresh.write_text("{}")
    versions.keep(fresh, "a" * 32, target)
    with pytest.raises(Conflict):
        roll_back(target)
    assert not target.exists()


def test_only_the_last_versions_are_kept(target: Path, tmp_path: Path) -> None:
    target.parent.mkdir()
    fresh = tmp_path / "x"
    fresh.touch()
    for number in range(versions.KEPT + 3):
        versions.keep(fresh, f"{number:032x}", target)
    assert [int(each.hash, 16) for each in versions.kept(target)] == list(range(3, versions.KEPT + 3))
