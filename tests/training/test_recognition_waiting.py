"""Nobody is counted by word of mouth: the way must fit, hours add up to the task's, and a person's word waits for a yes."""

import dataclasses
import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError, Forbidden
from learnhub.members import service as members
from learnhub.members.rules import CircumstanceKind
from learnhub.records import queries as records
from learnhub.records.rules import CompletionWay
from learnhub.training.recognition import queries as recognition_queries
from learnhub.training.recognition import service as recognition_service
from learnhub.training.recognition.rules import EvidenceClass, NewRecognition, Studied, completing
from tests import cast
from tests.training.test_recognition import ONE, Acts, Clients, figures
from tests.training.test_service import a_task

HOME = dataclasses.replace(
    ONE,
    member_id=2,
    way=CompletionWay.HOME_DELIVERED,
    title="集中轮训要点",
    organizer="所在党支部",
    starts_on=dt.date(2026, 11, 2),
    ends_on=dt.date(2026, 11, 5),
    evidence=EvidenceClass.VISIT,
    reference="送学登记表",
)


SPOKEN = dataclasses.replace(HOME, evidence=EvidenceClass.STATEMENT, reference="口头")


def by_branch(session: Session, act: Act, task_id: int, *new: NewRecognition) -> int:
    return recognition_service.recognise(
        session, act, task_id=task_id, organization_id=cast.WILLOW, new=new, by_branch=True
    )


@pytest.mark.parametrize(
    ("way", "circumstance"),
    [
        (CompletionWay.HOME_DELIVERED, CircumstanceKind.EXEMPT),
        (CompletionWay.RECEIVING_PLACE, CircumstanceKind.MOBILE),
    ],
)
def test_a_way_must_fit_the_member_on_the_day(
    session: Session, act: Acts, way: CompletionWay, circumstance: CircumstanceKind
) -> None:
    """Home study is for the old, ill and disabled, the place of residence for the mobile."""
    task_id = a_task(session, act("organizer"))
    study = dataclasses.replace(HOME, way=way, member_id=4)
    organizer = act("organizer")
    for since in (None, dt.date(2026, 11, 6)):
        if since:
            members.note_circumstance(session, organizer, member_id=4, kind=circumstance, reason="", on=since)
        with pytest.raises(DomainError) as refused:
            by_branch(session, act("recorder"), task_id, study)
        assert refused.value.field == "way"
    later = dataclasses.replace(study, ends_on=dt.date(2026, 11, 6))
    assert by_branch(session, act("recorder"), task_id, later) == 1
    assert records.completions_of(session, 4)


def test_hours_add_up_until_they_reach_the_tasks(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    before = figures(session, task_id)
    visits = [
        dataclasses.replace(HOME, starts_on=day, ends_on=day, quarters=16)
        for day in (dt.date(2026, 11, number) for number in (2, 3, 4, 5))
    ]
    by_branch(session, act("recorder"), task_id, *visits[:3])
    assert figures(session, task_id) == before and not records.completions_of(session, 2)
    assert records.ledger(session, 2, 2026).total_quarters == 48, "hours are registered as they are"
    by_branch(session, act("recorder"), task_id, visits[3])
    (completion,) = records.completions_of(session, 2)
    assert (completion.way, completion.completed_on) == (CompletionWay.HOME_DELIVERED, dt.date(2026, 11, 5))
    rows = recognition_queries.recognitions(session, task_id, cast.COUNTY, cast.TODAY)
    recognition_service.withdraw_recognition(session, act("recorder"), recognition_id=rows[-1].id, reason="那天没有去")
    assert not records.completions_of(session, 2)
    assert figures(session, task_id) == before


def test_a_persons_word_waits_for_the_organizers_yes(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    assert by_branch(session, act("recorder"), task_id, SPOKEN) == 1
    assert not records.completions_of(session, 2) and not records.ledger(session, 2, 2026).entries
    (row,) = recognition_queries.waiting_recognitions(session, cast.COUNTY, cast.TODAY)
    county, east = ({"organization_id": place, "recognition_ids": [row.id]} for place in (cast.COUNTY, cast.EAST_TOWN))
    with pytest.raises(Forbidden):
        recognition_service.approve_recognitions(session, act("recorder"), **county)  # type: ignore[arg-type]
    with pytest.raises(DomainError):
        recognition_service.approve_recognitions(session, act("organizer"), **east)  # type: ignore[arg-type]
    assert recognition_service.approve_recognitions(session, act("organizer"), **county) == 1  # type: ignore[arg-type]
    assert records.completions_of(session, 2) and records.ledger(session, 2, 2026).total_quarters == 64
    with pytest.raises(Conflict):
        recognition_service.refuse_recognitions(session, act("organizer"), **county, reason="晚了")  # type: ignore[arg-type]


def test_a_no_has_its_reason_and_nothing_follows(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    by_branch(session, act("recorder"), task_id, SPOKEN)
    (row,) = recognition_queries.waiting_recognitions(session, cast.COUNTY, cast.TODAY)
    facts = {"organization_id": cast.COUNTY, "recognition_ids": [row.id]}
    with pytest.raises(DomainError):
        recognition_service.refuse_recognitions(session, act("organizer"), **facts, reason=" ")  # type: ignore[arg-type]
    recognition_service.refuse_recognitions(session, act("organizer"), **facts, reason="补登记表再报")  # type: ignore[arg-type]
    (gone,) = recognition_queries.recognitions(session, task_id, cast.COUNTY, cast.TODAY, standing=False)
    assert gone.withdrawn_because == "补登记表再报"
    assert not records.completions_of(session, 2)
    assert by_branch(session, act("recorder"), task_id, HOME) == 1
    assert records.completions_of(session, 2)


@given(quarters=st.lists(st.integers(1, 80), max_size=12), needed=st.integers(1, 100))
def test_completing_studies_share_no_hours(quarters: list[int], needed: int) -> None:
    """Each person-time rests on hours of its own, and what is left over is less than another one."""
    day = dt.date(2026, 1, 1)
    studies = [
        Studied(number, CompletionWay.HIGHER_LEVEL, "", day + dt.timedelta(days=number), each)
        for number, each in enumerate(quarters)
    ]
    ends = [each.id + 1 for each in completing(reversed(studies), needed)]
    for start, end in zip([0, *ends], ends, strict=False):
        assert sum(quarters[start:end]) >= needed > sum(quarters[start : end - 1])
    assert sum(quarters[ends[-1] if ends else 0 :]) < needed


def test_one_list_one_press_for_many(session: Session, act: Acts, client_as: Clients) -> None:
    task_id = a_task(session, act("organizer"))
    by_branch(session, act("recorder"), task_id, SPOKEN, dataclasses.replace(SPOKEN, title="另一次", quarters=8))
    session.commit()
    own = f"/training/tasks/{task_id}/branch-recognitions?organization={cast.WILLOW}"
    assert "等上级同意" in client_as("recorder").page(own)
    organizer, url = client_as("organizer"), f"/training/recognitions/waiting?organization={cast.COUNTY}"
    assert "2 条在别处的学习等您同意" in organizer.page("/")
    ids = re.findall(r'name="recognition" value="(\d+)"', organizer.page(url))
    assert organizer.send(url, {"do": "approve"}).status_code == 422
    answer = organizer.send(url, {"do": "refuse", "recognition": ids})
    assert answer.status_code == 422 and answer.text.count(" checked") == 2, "what was ticked stays ticked"
    assert organizer.send(url, {"do": "approve", "recognition": ids}).status_code == 303
    assert "没有等您同意的" in organizer.page(url)
    session.expire_all()
    assert records.ledger(session, 2, 2026).total_quarters == 72
