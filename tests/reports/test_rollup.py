"""Every verb that changes figures marks whom it concerns; what is not marked is what a recount from the facts gives."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.core import orm
from learnhub.members import service as members
from learnhub.members.rules import CircumstanceKind, PostKind
from learnhub.members.service import carrying_out, people, writing
from learnhub.organizations import service as tree
from learnhub.organizations.rules import Domain
from learnhub.records import service as records
from learnhub.records.service import book
from learnhub.reports import queries
from learnhub.reports.models import CoverageRollup
from learnhub.reports.rules import Column
from learnhub.training.closing import service as closing_service
from learnhub.training.enrolment import service as enrolment_service
from tests import cast
from tests.members.files import member_sheet, xlsx
from tests.members.test_import import imported
from tests.reports.rollup_world import ACT, World, differences, pages_are_right, particulars, swept, tried


def an_import(world: World) -> None:
    imported(
        world.session, ACT, xlsx({"党员": member_sheet(["", "新人", "女", "2001-02", "2026-07-01", "", "ORG-005"])})
    )


def a_change_by_import(world: World) -> None:
    imported(world.session, ACT, xlsx({"党员": [["名册编号", "姓名", "性别"], ["M000010", "王庚", "女"]]}))


def an_undo(world: World) -> None:
    a_change_by_import(world)
    an_import(world)
    world.settle()
    members.undo(world.session, ACT, root_id=cast.COUNTY, on=cast.TODAY)


def a_closing(world: World) -> None:
    """One completes the batch, another, who came too late, does not."""
    enrolment_service.place(world.session, ACT, batch_id=world.batch, member_id=17)
    world.settle()
    closing_service.close(world.session, ACT, batch_id=world.batch)


# Every caller of `changed`: the module that says it, and an act that changes figures.
ACTS: dict[str, tuple[object, Callable[[World], object]]] = {
    "admit": (
        people,
        lambda w: members.admit(w.session, ACT, particulars=particulars(), organization_id=4, on=cast.TODAY),
    ),
    "amend": (people, lambda w: members.amend(w.session, ACT, member_id=3, particulars=particulars())),
    "transfer": (people, lambda w: members.transfer(w.session, ACT, member_id=3, organization_id=5, on=cast.TODAY)),
    "leave": (people, lambda w: members.leave(w.session, ACT, member_id=3, on=cast.TODAY)),
    "hold a post": (
        people,
        lambda w: members.hold_post(
            w.session, ACT, member_id=3, organization_id=4, kind=PostKind.PUBLICITY, on=cast.TODAY
        ),
    ),
    "leave a post": (
        people,
        lambda w: members.leave_post(
            w.session, ACT, member_id=5, organization_id=4, kind=PostKind.SECRETARY, on=cast.TODAY
        ),
    ),
    "note a circumstance": (
        people,
        lambda w: members.note_circumstance(
            w.session, ACT, member_id=3, kind=CircumstanceKind.EXEMPT, reason="", on=cast.TODAY
        ),
    ),
    "end a circumstance": (
        people,
        lambda w: members.end_circumstance(w.session, ACT, member_id=1, kind=CircumstanceKind.MOBILE, on=cast.TODAY),
    ),
    "import": (carrying_out, an_import),
    "change by import": (carrying_out, a_change_by_import),
    "undo": (writing, an_undo),
    "describe": (
        tree.describe.__globals__,
        lambda w: tree.describe(w.session, ACT, organization_id=4, name="甲", domain=Domain.SCHOOL, on=cast.TODAY),
    ),
    "move": (
        tree.move.__globals__,
        lambda w: tree.move(w.session, ACT, organization_id=8, parent_id=cast.WILLOW_TOWN, on=cast.TODAY),
    ),
    "complete": (book, lambda w: records.complete(w.session, ACT, completions=[w.completion(3)])),
    "withdraw a completion": (
        book,
        lambda w: records.withdraw_completions(w.session, ACT, source="higher:1", member_ids=[11], reason="更正"),
    ),
    "place": (enrolment_service, lambda w: enrolment_service.place(w.session, ACT, batch_id=w.batch, member_id=3)),
    "fill": (enrolment_service, lambda w: enrolment_service.fill(w.session, ACT, batch_id=w.batch)),
    "close": (closing_service, a_closing),
    "take a place back": (
        enrolment_service,
        lambda w: enrolment_service.withdraw_place(w.session, ACT, batch_id=w.batch, member_id=10, reason="出差"),
    ),
}


def test_every_verb_marks_whom_it_concerns(session: Session) -> None:
    """Before a sweep pages are right, and so is the roll-up wherever it is not marked; after it, everywhere."""
    world, wrong = World(session), []
    for name, (_where, act) in ACTS.items():
        with tried(world) as here:
            act(here)
            here.session.commit()
            right = not differences(here.session) and pages_are_right(here.session, [here.task], (cast.COUNTY,))
            if not (right and swept(here.session)):
                wrong.append(name)
    assert not wrong


@pytest.mark.one_database(crossed_by_everything=True)  # what a verb forgets, it forgets on either
def test_a_verb_that_forgets_to_say_whom_it_concerns_is_found(session: Session) -> None:
    world, unnoticed = World(session), []
    for name, (where, act) in ACTS.items():
        with tried(world) as here, pytest.MonkeyPatch.context() as patch:
            patch.setitem(where if isinstance(where, dict) else vars(where), "changed", lambda *_, **__: None)
            act(here)
            here.session.commit()
            if not differences(here.session):
                unnoticed.append(name)
    assert not unnoticed


def test_what_is_undone_leaves_no_trace(session: Session) -> None:
    """A rolled back savepoint and a rolled back transaction; and a mark before a savepoint outlives it."""
    world = World(session)
    members.leave(session, ACT, member_id=3, on=cast.TODAY)
    nested = session.begin_nested()
    members.leave(session, ACT, member_id=4, on=cast.TODAY)
    session.flush()
    nested.rollback()
    with session.begin_nested():
        members.leave(session, ACT, member_id=6, on=cast.TODAY)
    session.commit()
    assert not differences(session)
    assert swept(session)
    members.leave(session, ACT, member_id=7, on=cast.TODAY)
    session.flush()
    session.rollback()
    assert not orm.touched(session)
    assert not differences(session)
    heads = queries.coverage(session, queries.ask(session, world.task, cast.WILLOW, cast.TODAY)).total.figures
    assert heads[Column.HEADS] == 7


def test_the_table_has_the_columns_of_the_report() -> None:
    assert [each.name for each in CoverageRollup.__table__.columns][2:] == [each.value for each in Column]
