"""A part of a film is handed to the server as a file, so that no thread waits for who watches it."""

import io
from pathlib import Path

import pytest

from learnhub.web.files import FilePart


@pytest.fixture
def part(tmp_path: Path) -> FilePart:
    file = tmp_path / "film.mp4"
    file.write_bytes(bytes(range(100)))
    return FilePart(file.open("rb"), 10, 50)


def test_a_part_is_read_as_a_file_of_its_own(part: FilePart) -> None:
    with part:
        assert part.seek(0, io.SEEK_END) == 50 and part.tell() == 50
        assert part.seek(0) == 0 and part.read() == bytes(range(10, 60))
        assert part.read(5) == b"" and part.seek(-5, io.SEEK_CUR) == 45 and part.read(100) == bytes(range(55, 60))


def test_a_server_of_files_gets_the_part_and_others_its_bytes(client_as, app) -> None:
    """Whether or not the server has a way of its own for files."""
    import re  # noqa: PLC0415

    from learnhub.web.catalogue import catalogue  # noqa: PLC0415

    with app.app_context():
        address = next(
            unit.film.file for unit in catalogue().units if unit.film and re.search(r"\.mp4$", unit.film.file)
        )
    browser = client_as(None)
    whole = browser.get(address).data
    given = []

    def wrapper(file: FilePart, size: int) -> list[bytes]:
        given.append(file)
        with file:
            return [file.read()]

    for environ in ({}, {"wsgi.file_wrapper": wrapper}):
        answer = browser.get(address, headers={"Range": "bytes=100-299"}, environ_overrides=environ)
        assert answer.status_code == 206 and answer.data == whole[100:300]
        assert answer.headers["Content-Length"] == "200"
    assert isinstance(given[-1], FilePart)
