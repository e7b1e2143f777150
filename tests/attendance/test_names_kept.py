"""A phone keeps a roll's names for its recorder alone, and for a bounded time: the sign-in of anybody else clears them."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.accounts import service as accounts
from learnhub.audit.rules import Act
from learnhub.core import clock
from tests import cast
from tests.meetings.pages import scheduled
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("person", "hours", "cleared"),
    [("recorder", 1, False), ("second_recorder", 1, True), ("recorder", 73, True)],
)
def test_the_next_sign_in_on_a_phone_clears_what_is_not_its_own(
    session: Session, client_as: Clients, act: Callable[..., Act], person: str, hours: int, cleared: bool
) -> None:
    """The session has ended without signing out; then the same recorder comes back, somebody else, or it was long ago."""
    phone = client_as("recorder")
    phone.page(f"/meetings/{scheduled(phone)}/roll")
    since = int(clock.now().timestamp()) - hours * 3600
    kept = phone.get_cookie("names_kept", path="/sign-in")
    assert kept is not None
    account = kept.value.partition(".")[0]
    phone = client_as(None)  # the same phone after its sign-in has ended
    phone.set_cookie("names_kept", f"{account}.{since}", path="/sign-in")
    token = accounts.issue_link(session, act("security_admin"), account_id=cast.PEOPLE[person][0])
    session.commit()
    answer = phone.send(f"/sign-in/link/{token}", {})
    assert answer.status_code == 303
    assert ("Clear-Site-Data" in answer.headers) is cleared
