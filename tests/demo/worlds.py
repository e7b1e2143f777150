"""What tests of the generator share."""

import datetime as dt
from collections.abc import Iterable

from learnhub.attendance.rules import ATTENDED
from learnhub.core.orm import FOREVER
from learnhub.demo.rules import HourRuleRow, HourRules, MonthPack, Pack, World, make_world, rows
from learnhub.records.rules import CreditKind
from tests.cast import TODAY

HOURS = HourRules(
    tuple(
        HourRuleRow(kind, quarters, f"basis of {kind.value}", dt.date(2019, 1, 1), FOREVER)
        for quarters, kind in enumerate(CreditKind, start=1)
    )
)
PACK = Pack({"2026-10": MonthPack("十月的主题", "十月一课", "十月一片", "十月实践", "自制")}, (("basics", "基础"),))


def generate(size: str = "town", seed: int = 7, today: dt.date = TODAY) -> World:
    return make_world(size=size, seed=seed, today=today, pack=PACK, hours=HOURS)


def share(part: Iterable[object], whole: int) -> float:
    return len(list(part)) / whole


def assert_credits_follow_from_rolls(
    occasions: list[rows.OccasionRow],
    attendance: list[rows.AttendanceRow],
    follow_ups: list[rows.FollowUpRow],
    credits: list[rows.CreditRow],
) -> None:
    finished = {each.id: each for each in occasions if each.finished_at}
    marks = {(each.member_id, each.occasion_id): each for each in attendance}
    assert len(marks) == len(attendance)
    earned = {
        (member, number): (finished[number].credit_kind, finished[number].day)
        for (member, number), mark in marks.items()
        if number in finished and mark.outcome in ATTENDED
    }
    for fact in follow_ups:
        assert marks[fact.member_id, fact.occasion_id].outcome not in ATTENDED
        assert finished[fact.occasion_id].day < fact.day <= TODAY or fact.day > TODAY
        kind = CreditKind.HOME_DELIVERED if fact.kind.value == "home_visit" else CreditKind.MAKE_UP
        assert (fact.member_id, fact.occasion_id) not in earned
        earned[fact.member_id, fact.occasion_id] = (kind, fact.day)
    assert {(each.member_id, each.source): (each.kind, each.day) for each in credits} == {
        (member, f"occasion:{number}"): what for (member, number), what in earned.items()
    }
    assert len(credits) == len(earned)
    for each in credits:
        assert (each.quarters, each.basis) == HOURS.on(each.kind, each.day)
