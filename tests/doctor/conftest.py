"""A site that may start, to be spoiled."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config import Config
from tests import databases


@pytest.fixture
def site(kind: databases.Kind, shared_parts: dict[str, Any]) -> Iterator[Config]:
    """The settings of a site that may start, on a database and in a folder of its own that anybody may enter."""
    folder = kind.folder / f"instance-{secrets.token_hex(4)}"
    folder.mkdir()
    shutil.copyfile(Path(shared_parts["content"]) / "content.json", folder / "content.json")
    yield databases.settings(kind.copy(), folder)
    shutil.rmtree(folder)
