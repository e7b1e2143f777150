"""The measures run, on the smallest size: each gives a line, and latest.json holds them all."""

import json
from pathlib import Path

import pytest

from bench import __main__ as bench
from learnhub.core import clock
from tests import cast

NAMES = {"coverage-page", "coverage-as-of", "coverage-names", "rollup-write"}


@pytest.mark.long
def test_every_measure_gives_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "latest.json"
    found = bench.main(["--size", "tiny", "--rounds", "2", "--out", str(out)])
    clock.fix(cast.NOW)
    assert {each.name for each in found} >= NAMES
    kept = json.loads(out.read_text())
    assert [set(each) for each in kept] == [{"name", "ratio", "floor", "median", "spread", "unit"}] * len(found)
    assert all(each["ratio"] > 0 and each["floor"] > 0 for each in kept)
    assert all(each.name in capsys.readouterr().out for each in found[:1])
