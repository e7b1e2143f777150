"""A generated town and its year, made once."""

import pytest

from learnhub.demo.rules import World, years
from learnhub.demo.rules.diary import Records
from tests.demo.worlds import generate


@pytest.fixture(scope="session")
def town() -> World:
    return generate()


@pytest.fixture(scope="session")
def year(town: World) -> tuple[Records, ...]:
    return tuple(years(town))
