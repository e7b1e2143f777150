"""Files are saved under a name that says something, by programs that know Chinese names and by those that know ASCII alone."""

from pathlib import Path

import pytest
from werkzeug.http import parse_options_header

import learnhub
from learnhub.web.downloads import disposition


@pytest.mark.one_database
def test_both_names_are_given_with_the_same_ending() -> None:
    value = disposition("coverage-2026-12-01.xlsx", "轮训覆盖情况-青溪/镇-2026-12-01")
    assert value.startswith("attachment; filename=coverage-2026-12-01.xlsx; filename*=UTF-8''") and value.isascii()
    assert parse_options_header(value)[1]["filename"] == "轮训覆盖情况-青溪镇-2026-12-01.xlsx"


@pytest.mark.one_database
def test_a_name_in_ascii_stands_alone() -> None:
    english = disposition("coverage-2026-12-01.pdf", 'Coverage "A"\r\n: Example')
    assert english == 'attachment; filename="Coverage A Example.pdf"'
    assert disposition("learnhub.ics", inline=True) == "inline; filename=learnhub.ics"


@pytest.mark.one_database
def test_every_file_is_named_in_one_place() -> None:
    rooms = Path(learnhub.__file__).parent
    own = [
        str(path.relative_to(rooms))
        for path in rooms.rglob("*.py")
        if path.name != "downloads.py"
        and any(words in path.read_text() for words in ("download_name", "attachment; filename", "inline; filename"))
    ]
    assert own == []
