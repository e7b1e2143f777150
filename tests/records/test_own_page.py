"""What a member's own page rests on: the post held on the day; and how many statements the pages of the records take."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.orm import FOREVER
from learnhub.home import queries as home
from learnhub.members.models import Post
from learnhub.members.rules import PostKind
from learnhub.records import queries, service
from learnhub.records.rules import CompletionWay, CreditKind, NewCompletion, NewCredit
from learnhub.training.certificates import queries as certificates
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient
from tests.security import world

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]


@pytest.mark.parametrize(
    ("held", "valid_from", "valid_to", "posts"),
    [
        (PostKind.SECRETARY, dt.date(2026, 3, 1), FOREVER, ["any", "committee", "committee"]),
        (PostKind.SECRETARY, dt.date(2024, 1, 1), dt.date(2026, 3, 1), ["committee", "any", "any"]),
        (PostKind.SECRETARY, dt.date(2027, 1, 1), FOREVER, ["any", "any", "committee"]),
        (PostKind.GROUP_LEADER, dt.date(2024, 1, 1), FOREVER, ["any", "any", "any"]),
    ],
)
def test_the_need_of_a_year_is_that_of_the_post_held_then(
    session: Session, held: PostKind, valid_from: dt.date, valid_to: dt.date, posts: list[str]
) -> None:
    post = Post(member_id=1, organization_id=cast.WILLOW, kind=held, valid_from=valid_from, valid_to=valid_to)
    session.add(post)
    session.flush()
    asked = [(2025, cast.TODAY), (2026, cast.TODAY), (2027, dt.date(2027, 2, 1))]
    own = [home.own_record(session, 1, year, day) for year, day in asked]
    assert [each.post for each in own] == posts
    days = (dt.date(2025, 12, 31), cast.TODAY, dt.date(2027, 2, 1))
    assert [each.need for each in own] == [
        queries.yearly_need(session, *asked) for asked in zip(posts, days, strict=True)
    ]


# Members' records grow for years; a page asks the same number of questions of a long one.
@pytest.mark.parametrize(
    ("person", "address", "most"),
    [
        ("member", "/my-record", 18),
        ("member", "/hour-rules", 8),
        ("recorder", "/objections", 9),
        ("town_organizer", "/objections/above", 9),
    ],
)
def test_the_statements_of_a_page_do_not_grow(
    client_as: Clients, session: Session, act: Acts, person: str, address: str, most: int
) -> None:
    browser, counts = client_as(person), []
    for first in (1, 31):
        some = [
            NewCredit(1, CreditKind.THEME_DAY, 3, dt.date(2026, 11, 5), "标记", f"mark:{number}", "依据")
            for number in range(first, first + first)
        ]
        service.credit(session, act(), credits=some)
        for each in queries.ledger(session, 1, 2026).entries[: 4 * first]:
            if queries.open_objection(session, 1, f"credit:{each.id}") is None:
                facts = {"member_id": 1, "subject": f"credit:{each.id}", "about": "标记", "words": "标记", "days": 15}
                service.raise_objection(session, act("member"), **facts)  # type: ignore[arg-type]
        session.commit()
        browser.page(address)
        with count_statements() as seen:
            browser.page(address)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= most, counts


def test_the_list_of_certificates_does_not_grow(client_as: Clients, session: Session, act: Acts) -> None:
    things = world.build(session, cast.WILLOW, cast.WILLOW_TOWN, member_id=4, account_id=2)
    address, counts = f"/training/batches/{things.batch_id}/certificates", []
    browser = client_as("town_organizer")
    for member_ids in ([1], [3, 5, 6, 7, 8, 9]):
        service.complete(session, act(), completions=[
            NewCompletion(each, "task:0", f"batch:{things.batch_id}", CompletionWay.CENTRALIZED, cast.TODAY, "标记")
            for each in member_ids
        ])  # fmt: skip
        done = queries.completions_by(session, f"batch:{things.batch_id}")
        service.issue(session, act("town_organizer"), wanted=certificates.to_certify(session, done))
        session.commit()
        browser.page(address)
        with count_statements() as seen:
            browser.page(address)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 9, counts
