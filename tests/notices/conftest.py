"""Fixtures of notices: a site that sends by a real mail server on this machine."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.notices import servers, town
from tests.notices.servers import Mailbox, Robot


@pytest.fixture(scope="session")
def _mail_server() -> Iterator[Mailbox]:
    with servers.mail_server() as box:
        yield box


@pytest.fixture
def box(app: Flask, _mail_server: Mailbox) -> Iterator[Mailbox]:
    """The mailbox behind the site's mail server, empty."""
    _mail_server.letters.clear()
    _mail_server.refused.clear()
    kept = app.config["SETTINGS"]
    town.open_sending(app, _mail_server.port)
    yield _mail_server
    app.config["SETTINGS"] = kept


@pytest.fixture(scope="session")
def _robot_server() -> Iterator[Robot]:
    with servers.robot_server() as robot:
        yield robot


@pytest.fixture
def robot(_robot_server: Robot) -> Robot:
    """A robot that has not been spoken to."""
    fresh = Robot()
    for name in ("status", "answer", "headers"):
        setattr(_robot_server, name, getattr(fresh, name))
    _robot_server.posts.clear()
    return _robot_server
