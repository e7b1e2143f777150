"""Check-in codes resist replay (S16): late, foreign, reused and altered ones are refused, by the server's clock."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.attendance import queries, service
from learnhub.attendance.models import CheckInClaim
from learnhub.attendance.rules import ALPHABET, CodeRefused, code_in, slot_at
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from tests.attendance.test_roll import EXPECTED, call, open_one
from tests.cast import DAM, NOW, WILLOW
from tests.meetings.pages import scheduled
from tests.pages import PageClient

Acts = Callable[..., Act]
Clients = Callable[[str | None], PageClient]


def shown(session: Session, act: Act, organization_id: int = WILLOW) -> tuple[int, str, int]:
    """A screen, the code it shows now, and its occasion."""
    service.switch_codes(session, act, organization_id=organization_id, on=True)
    occasion = open_one(session, act, organization_id=organization_id)
    screen = queries.screen(session, service.open_screen(session, act, occasion_id=occasion))
    assert screen is not None
    return screen.id, code_in(screen.secret, slot_at(clock.now())), occasion


def after(seconds: float) -> Act:
    return Act(0, NOW + dt.timedelta(seconds=seconds))


def use(session: Session, at: Act, token: str, member: int = 1) -> None:
    service.check_in(session, at, token=token, member_id=member, expected=EXPECTED)


def test_a_code_becomes_a_claim_and_the_claim_a_hint(session: Session, act: Acts) -> None:
    screen, code, occasion = shown(session, act())
    token = service.claim_code(session, screen_id=screen, code=code.lower(), act=after(5))
    assert queries.checked_in(session, occasion) == {}  # a code alone says nothing about anybody
    for _ in range(2):  # pressing twice is one record
        use(session, after(590), token)
    again = service.claim_code(session, screen_id=screen, code=code, act=after(6))
    use(session, after(8), again)  # and so is scanning twice
    assert queries.checked_in(session, occasion) == {1: NOW + dt.timedelta(seconds=590)}


def test_the_recorders_roll_stands_above_it(session: Session, act: Acts) -> None:
    screen, code, occasion = shown(session, act())
    use(session, after(2), service.claim_code(session, screen_id=screen, code=code, act=after(1)))
    assert queries.roll(session, occasion) == {}
    call(session, act(), occasion, 0)
    assert queries.roll(session, occasion)[1].code == "present"


@pytest.mark.parametrize("seconds", [61, 3600, -61, -3600])
def test_a_late_code_is_refused(session: Session, act: Acts, seconds: int) -> None:
    screen, code, _ = shown(session, act())
    with pytest.raises(CodeRefused):
        service.claim_code(session, screen_id=screen, code=code, act=after(seconds))


def test_an_altered_code_is_refused(session: Session, act: Acts) -> None:
    screen, code, _ = shown(session, act())
    for place, sign in enumerate(code):
        other = ALPHABET[(ALPHABET.index(sign) + 1) % len(ALPHABET)]
        with pytest.raises(CodeRefused):
            service.claim_code(session, screen_id=screen, code=code[:place] + other + code[place + 1 :], act=after(1))
    for wrong in ("", "码", code[:-1], code + "A"):
        with pytest.raises(CodeRefused):
            service.claim_code(session, screen_id=screen, code=wrong, act=after(1))


def test_a_foreign_code_is_refused(session: Session, act: Acts) -> None:
    """The code of one screen is worth nothing at another, nor for somebody who is not expected there."""
    screen, code, _ = shown(session, act())
    other, other_code, _ = shown(session, act("foreign_recorder"), DAM)
    for number, wrong in ((other, code), (screen, other_code), (999_999, code)):
        with pytest.raises(CodeRefused):
            service.claim_code(session, screen_id=number, code=wrong, act=after(1))
    token = service.claim_code(session, screen_id=screen, code=code, act=after(1))
    with pytest.raises(CodeRefused):
        use(session, after(2), token, member=19)
    with pytest.raises(NotFound):
        use(session, after(2), "no-such-token")


def test_a_claim_is_used_once_and_within_ten_minutes(session: Session, act: Acts) -> None:
    screen, code, occasion = shown(session, act())
    first, second = (service.claim_code(session, screen_id=screen, code=code, act=after(1)) for _ in range(2))
    use(session, after(2), first, member=1)
    with pytest.raises(CodeRefused):
        use(session, after(3), first, member=3)  # passed on to somebody else
    with pytest.raises(CodeRefused):
        use(session, after(602), second, member=3)
    assert set(queries.checked_in(session, occasion)) == {1}


def test_claims_that_nobody_used_are_forgotten(session: Session, act: Acts) -> None:
    screen, code, _ = shown(session, act())
    service.claim_code(session, screen_id=screen, code=code, act=after(1))
    secret = queries.screen(session, screen).secret  # type: ignore[union-attr]
    later = after(700)
    service.claim_code(session, screen_id=screen, code=code_in(secret, slot_at(later.at)), act=later)
    assert session.query(CheckInClaim).count() == 1


def test_codes_are_off_unless_the_branch_says_so(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    with pytest.raises(DomainError):
        service.open_screen(session, act(), occasion_id=occasion)
    screen, code, occasion = shown(session, act())
    service.close_screen(session, act(), occasion_id=occasion)
    with pytest.raises(CodeRefused):
        service.claim_code(session, screen_id=screen, code=code, act=after(1))
    service.switch_codes(session, act("second_recorder"), organization_id=WILLOW, on=False)
    [switch] = queries.switches(session, WILLOW)
    assert (switch.noted_by, switch.withdrawn_by) == (2, 3)
    with pytest.raises(DomainError):
        service.open_screen(session, act(), occasion_id=occasion)


def test_from_the_screen_to_the_roll(session: Session, client_as: Clients) -> None:
    """The whole way over the pages: scan first, sign in afterwards, press once; the recorder sees it in the roll."""
    recorder, member, nobody = client_as("recorder"), client_as("member"), client_as(None)
    meeting = scheduled(recorder)
    assert "没有打开签到码" in recorder.page(f"/meetings/{meeting}/check-in")
    assert recorder.send(f"/meetings/check-in-setting?organization={WILLOW}", {"do": "on"}).status_code == 303
    assert "由李丁打开" in recorder.page(f"/meetings/check-in-setting?organization={WILLOW}")
    assert recorder.send(f"/meetings/{meeting}/check-in", {"do": "open"}).status_code == 303
    page = recorder.page(f"/meetings/{meeting}/check-in")
    on_it = re.search(r'class="code">(\d+)-(\w{6})<', page)
    assert on_it
    number, code = on_it.groups()
    scanned = nobody.get(f"/check-in/{number}/{code}")
    assert scanned.status_code == 303
    asks = nobody.get(scanned.location)
    assert asks.status_code == 303
    assert "/sign-in" in asks.location
    member.page(scanned.location)
    assert member.send(scanned.location, {}).status_code == 303
    assert "已签到 10:00" in member.page(scanned.location)
    assert "10:00 用签到码签到" in recorder.page(f"/meetings/{meeting}/roll")
    typed = member.send("/check-in", {"code": f"{number}-{code}"})
    assert typed.status_code == 303
    for wrong in ("x", f"{number}-", f"{number}-AAAAAA", "999999-" + code):
        assert member.send("/check-in", {"code": wrong}).status_code == 422
    assert member.get(f"/check-in/{number}/AAAAAA").status_code == 422
