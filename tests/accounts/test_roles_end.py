"""A role ends with the organization it is held at, whether or not anybody took it away."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.accounts import queries
from learnhub.organizations.models import Organization
from tests import cast
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]
PAGES = ("/meetings", "/meetings/missed", "/meetings/check-in-setting", "/entries", "/meetings/schedule")


@pytest.mark.parametrize("when", ["dissolved", "not yet founded"])
def test_the_role_at_an_organization_that_is_not_there_opens_nothing(
    session: Session, client_as: Clients, when: str
) -> None:
    recorder = client_as("recorder")
    branch = session.get_one(Organization, cast.WILLOW)
    for page in PAGES:
        recorder.page(page)
    if when == "dissolved":
        branch.dissolved_on = cast.TODAY
    else:
        branch.founded_on = cast.TODAY.replace(day=cast.TODAY.day + 1)
    session.commit()
    for page in PAGES:
        recorder.page(page, 403)
    recorder.page("/")
    recorder.page("/my-record")  # what is their own stays
    held = queries.holder(session, cast.PEOPLE["recorder"][0], cast.TODAY)
    assert held is not None and held.bindings == ()
    client_as("organizer").page("/")
