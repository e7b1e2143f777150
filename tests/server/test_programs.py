"""What the parent loads for its children, once."""

import dataclasses
import shutil
from pathlib import Path

import pytest
from flask import Flask

from learnhub.app import create_app
from learnhub.server import programs

pytestmark = pytest.mark.one_database


@pytest.fixture
def site(own_app: Flask, tmp_path: Path) -> Flask:
    return create_app(dataclasses.replace(own_app.config["SETTINGS"], instance_folder=tmp_path))


def test_templates_are_compiled_by_the_first_start_and_read_by_the_next(site: Flask, tmp_path: Path) -> None:
    programs._load_templates(site)
    compiled = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "templates").iterdir()}
    assert len(compiled) == len(site.jinja_env.list_templates(extensions=["html"]))
    again = create_app(site.config["SETTINGS"])
    programs._load_templates(again)
    assert {file.name: file.stat().st_mtime_ns for file in (tmp_path / "templates").iterdir()} == compiled
    assert again.jinja_env.bytecode_cache is None, "a process that answers never writes there"


def test_a_folder_that_cannot_be_written_keeps_nothing_from_starting(site: Flask, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "templates", ignore_errors=True)
    (tmp_path / "templates").write_text("a file")
    programs._load_templates(site)
    assert site.test_client().get("/sign-in").status_code == 200


def test_a_database_that_is_away_just_now_keeps_nothing_from_starting(site: Flask, tmp_path: Path) -> None:
    away = dataclasses.replace(site.config["SETTINGS"], database_url=f"sqlite:///{tmp_path}/nowhere/learnhub.sqlite3")
    programs._prepare(create_app(away))
