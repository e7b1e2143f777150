"""A small site, where it is published, and a shelf that reads it."""

import shutil
from pathlib import Path

import pytest

from learnhub.content.shelf import Fault, Shelf
from tests.content.publishing import SITES, Clock


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
