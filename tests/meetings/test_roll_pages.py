"""The page of the roll, and what follows it."""

from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.rules import LeaveReason, Outcome, RollMark
from learnhub.core.orm import FOREVER
from learnhub.meetings import queries
from learnhub.members.models import Circumstance, Membership
from learnhub.members.rules import CircumstanceKind
from learnhub.records import queries as records
from tests.cast import BRIDGE, SINCE, WILLOW
from tests.databases import count_statements
from tests.meetings.pages import Clients, called, finished, proposed, roll_form, scheduled


def test_a_roll_is_called_in_one_request(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    page = client.page(f"/meetings/{meeting_id}/roll")
    assert "1987，流动" in page
    assert "1949，不作硬性要求" in page
    fields = roll_form(client, meeting_id, m3="receiving_place", m8="leave:sick", m9="absent")
    session.commit()
    with count_statements() as seen:
        assert client.send(f"/meetings/{meeting_id}/roll", fields).status_code == 303
    # Two are the guard's; the meeting and the roster of the day take four, the saving itself six.
    assert len([each for each in seen if "pg_advisory" not in each]) <= 12
    found = queries.meeting(session, meeting_id)
    assert found is not None
    roll = attendance.roll(session, found.occasion.id)
    assert {member: mark.code for member, mark in roll.items() if mark.outcome is not Outcome.PRESENT} == {
        2: "exempt",
        3: "receiving_place",
        8: "leave:sick",
        9: "absent",
    }
    counts = queries.tallies(session, [found])[meeting_id]
    assert (counts.expected, counts.present, counts.leave, counts.absent, counts.exempt) == (8, 6, 1, 1, 1)


def test_somebody_unticked_needs_a_reason_and_nothing_is_lost(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    fields = roll_form(client, meeting_id, m3="", m8="leave:sick")
    for code in ("", "leave", "leave:holiday", "nonsense"):
        answer = client.send(f"/meetings/{meeting_id}/roll", {**fields, "why-3": code})
        assert answer.status_code == 422
        assert "给孙丙选一个没到会的原因" in answer.text
        assert proposed(answer.text)["why-8"] == ["leave:sick"]
    assert client.send(f"/meetings/{meeting_id}/roll", {**fields, "base_version": "x"}).status_code == 422
    assert attendance.outcome_counts(session, [meeting_id]) == {}


def test_a_repeated_roll_is_one_and_a_changed_one_is_not_lost(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    fields = {**roll_form(client, meeting_id, m3="absent"), "key": "one-key-of-a-form"}
    for _ in range(3):
        assert client.send(f"/meetings/{meeting_id}/roll", fields).status_code == 303
    occasion = queries.meeting(session, meeting_id).occasion  # type: ignore[union-attr]
    assert occasion.roll_version == 1
    # Gone back to and changed: the same key, other content. It is not taken for a repetition, it asks.
    answer = client.send(f"/meetings/{meeting_id}/roll", {**fields, "why-3": "leave:official"})
    assert answer.status_code == 409
    assert client.send(f"/meetings/{meeting_id}/roll", proposed(answer.text)).status_code == 303
    session.expire_all()
    assert attendance.roll(session, occasion.id)[3] == RollMark(Outcome.LEAVE, LeaveReason.OFFICIAL)


def test_two_recorders_rolls_are_united(session: Session, client_as: Clients) -> None:
    """What only one of them touched stands, whoever was first."""
    first, second = client_as("recorder"), client_as("second_recorder")
    meeting_id = scheduled(first)
    mine = roll_form(second, meeting_id, m8="absent")
    called(first, meeting_id, m3="leave:sick")
    assert second.send(f"/meetings/{meeting_id}/roll", mine).status_code == 303
    occasion = queries.meeting(session, meeting_id).occasion  # type: ignore[union-attr]
    roll = attendance.roll(session, occasion.id)
    assert (roll[3].outcome, roll[8].outcome) == (Outcome.LEAVE, Outcome.ABSENT)
    assert "合在一起" in second.page(f"/meetings/{meeting_id}")


def test_where_two_recorders_contradict_each_other_one_of_them_decides(session: Session, client_as: Clients) -> None:
    first, second = client_as("recorder"), client_as("second_recorder")
    meeting_id = scheduled(first)
    mine = roll_form(second, meeting_id, m3="absent", m8="absent")
    called(first, meeting_id, m3="leave:sick", m9="leave:official")
    answer = second.send(f"/meetings/{meeting_id}/roll", mine)
    assert answer.status_code == 409
    assert "两份点名不一样的地方" in answer.text
    assert answer.text.count("已保存的是：") == 1  # only about whom both said something
    assert answer.text.count("照另一位记录人记的") == 1
    kept = proposed(answer.text)
    assert (kept["why-3"], kept["why-8"], kept["why-9"]) == (["absent"], ["absent"], ["leave:official"])
    assert kept["base_version"] == ["1"]
    occasion = queries.meeting(session, meeting_id).occasion  # type: ignore[union-attr]
    assert attendance.roll(session, occasion.id)[3].outcome is Outcome.LEAVE  # nothing is overwritten silently
    assert second.send(f"/meetings/{meeting_id}/roll", kept).status_code == 303
    session.expire_all()
    roll = attendance.roll(session, occasion.id)
    assert [roll[each].outcome for each in (3, 8, 9)] == [Outcome.ABSENT, Outcome.ABSENT, Outcome.LEAVE]
    history = attendance.history(session, occasion.id)
    assert [each.member_id for each in history if each.withdrawn_at] == [3, 8]


def test_the_same_roll_from_two_recorders_is_no_conflict(client_as: Clients) -> None:
    first, second = client_as("recorder"), client_as("second_recorder")
    meeting_id = scheduled(first)
    same = roll_form(second, meeting_id, m8="absent")
    called(first, meeting_id, m8="absent")
    assert second.send(f"/meetings/{meeting_id}/roll", same).status_code == 303


def test_a_member_who_joined_meanwhile_is_shown_before_saving(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    stale = roll_form(client, meeting_id, m8="absent")
    session.query(Membership).filter_by(member_id=10).one().organization_id = WILLOW
    session.commit()
    answer = client.send(f"/meetings/{meeting_id}/roll", stale)
    assert answer.status_code == 409
    assert "王庚" in answer.text
    kept = proposed(answer.text)
    assert kept["why-8"] == ["absent"]
    assert client.send(f"/meetings/{meeting_id}/roll", kept).status_code == 303


def test_after_the_end_a_change_of_the_roll_asks_for_a_reason(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    called(client, meeting_id)
    finished(client, meeting_id)
    fields = roll_form(client, meeting_id, m8="absent")
    answer = client.send(f"/meetings/{meeting_id}/roll", fields)
    assert answer.status_code == 422
    assert "请写明理由" in answer.text
    assert records.ledger(session, 8, 2026).entries
    assert client.send(f"/meetings/{meeting_id}/roll", {**fields, "because": "别人代签"}).status_code == 303
    session.expire_all()
    assert not records.ledger(session, 8, 2026).entries


def test_a_home_visit_and_a_make_up_are_noted_and_taken_back(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    assert "还没有点名" in client.page(f"/meetings/{meeting_id}/follow-ups")
    called(client, meeting_id, m8="leave:sick")
    url = f"/meetings/{meeting_id}/follow-ups"
    visit = proposed(client.page(f"{url}?member=2"))
    assert (visit["member"], visit["kind"]) == (["2"], ["home_visit"])
    for _ in range(2):
        assert client.send(url, {**visit, "key": "one-key-of-a-form"}).status_code == 303
    make_up = {**proposed(client.page(url)), "member": "8", "kind": "one_to_one", "content": "讲了要点"}
    for wrong in ({"member": "3"}, {"kind": "x"}, {"day": "2026-11-19"}, {"day": "2026-12-01"}, {"content": ""}):
        assert client.send(url, {**make_up, **wrong}).status_code == 422
    assert client.send(url, make_up).status_code == 303
    assert "没有人等着补课" in client.page(url)
    finished(client, meeting_id)
    assert records.ledger(session, 2, 2026).entries
    occasion = queries.meeting(session, meeting_id).occasion  # type: ignore[union-attr]
    visit_id = attendance.follow_ups(session, occasion.id)[0].id
    client.page(f"{url}/{visit_id}/withdraw")
    assert client.send(f"{url}/{visit_id}/withdraw", {"reason": ""}).status_code == 422
    assert client.send(f"{url}/{visit_id}/withdraw", {"reason": "记错了人"}).status_code == 303
    assert client.get(f"{url}/{visit_id}/withdraw").status_code == 404
    session.expire_all()
    assert not records.ledger(session, 2, 2026).entries


def join_the_branch(session: Session, *member_ids: int) -> None:
    """The roster says since today that these belonged to the branch all along."""
    for member_id in member_ids:
        session.query(Membership).filter_by(member_id=member_id).one().organization_id = WILLOW
    session.commit()


def marks_of(session: Session, meeting_id: int) -> dict[int, str]:
    session.expire_all()
    found = queries.meeting(session, meeting_id)
    assert found is not None
    return {member: mark.code for member, mark in attendance.roll(session, found.occasion.id).items()}


def test_correcting_a_finished_roll_marks_nobody_who_was_listed_later(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    called(client, meeting_id, m8="absent")
    finished(client, meeting_id)
    before = marks_of(session, meeting_id)
    join_the_branch(session, 10, 11)
    url = f"/meetings/{meeting_id}/roll"
    page = client.page(url)
    assert "点名以后才列入名单的 2 人" in page
    fields = roll_form(client, meeting_id, m9="leave:sick")
    assert fields["later"] == ["10", "11"] and not {"10", "11"} & set(fields["here"])
    assert client.send(url, {**fields, "because": "9 号是病假"}).status_code == 303
    assert marks_of(session, meeting_id) == {**before, 9: "leave:sick"}
    added = {**roll_form(client, meeting_id), "mark-10": "present", "because": "王庚当天在场"}
    assert client.send(url, added).status_code == 303
    assert marks_of(session, meeting_id) == {**before, 9: "leave:sick", 10: "present"}
    assert records.ledger(session, 10, 2026).entries and not records.ledger(session, 11, 2026).entries


def test_who_left_the_list_later_stays_on_a_finished_roll(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    called(client, meeting_id)
    finished(client, meeting_id)
    session.query(Membership).filter_by(member_id=9).one().organization_id = BRIDGE
    session.commit()
    fields = {**roll_form(client, meeting_id, m8="absent"), "because": "8 号没来"}
    assert "9" in fields["member"]
    assert client.send(f"/meetings/{meeting_id}/roll", fields).status_code == 303
    assert marks_of(session, meeting_id)[9] == "present" and records.ledger(session, 9, 2026).entries


def test_before_the_record_is_finished_who_was_listed_later_is_asked_about(
    session: Session, client_as: Clients
) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    called(client, meeting_id)
    join_the_branch(session, 10)
    record = f"/meetings/{meeting_id}/record"
    refused = client.send(record, {**proposed(client.page(record)), "do": "finish"})
    assert refused.status_code == 422 and "名单有变化" in refused.text
    url = f"/meetings/{meeting_id}/roll"
    fields = roll_form(client, meeting_id)
    assert fields["later"] == ["10"] and "10" not in fields["here"]
    assert client.send(url, {**fields, "mark-10": "absent"}).status_code == 303
    assert marks_of(session, meeting_id)[10] == "absent"
    finished(client, meeting_id)


def test_who_is_lost_or_suspended_is_expected_nowhere(session: Session, client_as: Clients) -> None:
    """Neither listed nor written as somebody of whom nothing is required."""
    for member_id, kind in ((5, CircumstanceKind.LOST_CONTACT), (6, CircumstanceKind.SUSPENDED)):
        session.add(Circumstance(member_id=member_id, kind=kind, reason="", valid_from=SINCE, valid_to=FOREVER))
    session.commit()
    client = client_as("recorder")
    meeting_id = scheduled(client)
    called(client, meeting_id)
    assert set(marks_of(session, meeting_id)) == {1, 2, 3, 4, 7, 8, 9}
    finished(client, meeting_id)


def test_a_roll_is_not_saved_before_it_opens_and_nothing_typed_is_lost(client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client, day="2026-11-25")
    url = f"/meetings/{meeting_id}/roll"
    assert "起才能保存点名" in client.page(url)
    answer = client.send(url, roll_form(client, meeting_id, m8="leave:sick"))
    assert answer.status_code == 422 and "还没有到点名的时间" in answer.text
    assert proposed(answer.text)["why-8"] == ["leave:sick"]
    page = client.page(f"/meetings/{meeting_id}")
    assert (
        f'class="btn" href="/meetings/{meeting_id}/sign-in-sheet"' in page
        and f"/meetings/{meeting_id}/roll" not in page
    )
