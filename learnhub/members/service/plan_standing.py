"""Full or on probation: it follows from the day of becoming a full member, and where a file does not tell it is asked."""

import datetime as dt
from collections.abc import Callable

from learnhub.core.text import N_
from learnhub.members.queries.roster_state import MemberState
from learnhub.members.rules import days
from learnhub.members.rules.columns import SheetKind
from learnhub.members.rules.days import UNKNOWN
from learnhub.members.rules.parsing import Fault, ParsedRow
from learnhub.members.rules.questions import Choice, Interview, QuestionKind

_FULL, _PROBATIONARY = "full", "probationary"
# Probation takes a year and may be prolonged by another one (Party constitution, art. 7).
_SHORTEST, _LONGEST = 1, 2
_MOST_NAMED = 10
_OLD = N_("%(count)s 人入党已满两年，没有转正日期，也没有党员类别（%(names)s）。他们是正式党员吗？")
_OLD_FULL = N_("都是正式党员，转正日期不详")
_OLD_PROBATIONARY = N_("都是预备党员")
_RECENT = N_(
    "%(count)s 人入党一年以上、不满两年，文件里既没有转正日期也没有党员类别（%(names)s）。已经转正的，请在文件里填上转正日期再上传。"
)
_RECENT_PROBATIONARY = N_("他们都还没有转正，是预备党员")
_WITHOUT_DAY = N_("%(count)s 名正式党员没有转正日期（%(names)s），记为“不详”；知道的，请以后补上。")

Report = Callable[..., None]


class StandingPlanner:
    """Settles the day of full membership of each row, once all rows have been noted."""

    def __init__(self, on: dt.date, report: Report) -> None:
        self.on = on
        self.report = report
        self.long_ago = _years_before(on, _LONGEST)
        self.lately = _years_before(on, _SHORTEST)
        self.old: list[tuple[str, dict[str, str]]] = []
        self.recent: list[tuple[str, dict[str, str]]] = []
        self.without_day: list[str] = []

    def note(self, row: ParsedRow, said: dict[str, str], known: MemberState | None, wanted: dict[str, str]) -> None:
        """Put into `wanted` what the row tells of full membership, or remember that it does not."""
        told, standing = said.get("full_on", ""), said.get("standing", "")
        before = known.values["full_on"] if known else ""
        if told:
            keeps = bool(before) and len(before) > len(told) and days.agree(before, told)
            wanted["full_on"] = before if keeps or (told == UNKNOWN and before) else told
        elif standing == _PROBATIONARY and "full_on" in said:
            wanted["full_on"] = ""
        elif standing == _FULL and not before and self._joined_long_ago(wanted):
            wanted["full_on"] = UNKNOWN
            self.without_day.append(wanted["name"])
        elif known is None and not standing and wanted["joined_on"]:
            if self._joined_long_ago(wanted):
                self.old.append((wanted["name"], wanted))
            elif "full_on" not in said and days.first_day(wanted["joined_on"]) <= self.lately:
                self.recent.append((wanted["name"], wanted))

    def settle(self, interview: Interview, remarks: list[Fault]) -> None:
        """Ask about those of whom the file does not tell."""
        if self.old:
            choices = [Choice(_FULL, _OLD_FULL), Choice(_PROBATIONARY, _OLD_PROBATIONARY)]
            answer = interview.ask(
                QuestionKind.STANDING_OLD, "", _OLD, _counted([each[0] for each in self.old]), choices
            )
            for _name, wanted in self.old:
                wanted["full_on"] = UNKNOWN if answer == _FULL else ""
        if self.recent:
            names = [each[0] for each in self.recent]
            choices = [Choice(_PROBATIONARY, _RECENT_PROBATIONARY)]
            interview.ask(QuestionKind.STANDING_RECENT, "", _RECENT, _counted(names), choices)
        if self.without_day:
            remarks.append(Fault(SheetKind.MEMBERS, 0, "", _WITHOUT_DAY, _counted(self.without_day)))

    def check(self, row: ParsedRow, said: dict[str, str], wanted: dict[str, str]) -> None:
        """Report days that contradict each other, and a kind of member that is not what the days say."""
        full, joined, standing = wanted["full_on"], wanted["joined_on"], said.get("standing", "")
        if full and full != UNKNOWN:
            if len(full) < 10 and days.last_day(full) > self.long_ago:
                self.report(row, "full_on", N_("近两年转正的，转正日期要写到日，如 2026-07-01。"))
            elif joined and days.last_day(full) < days.first_day(joined):
                self.report(row, "full_on", N_("转正日期早于入党日期。"))
            elif joined and days.first_day(full) < days.first_day(joined):
                self.report(row, "full_on", N_("转正日期和入党日期分不出先后，请写到日。"))
        is_full = full == UNKNOWN or (bool(full) and days.first_day(full) <= self.on.isoformat())
        if standing == _FULL and not is_full:
            self.report(row, "full_on", N_("类别写的是正式党员，请填转正日期。"))
        elif standing == _PROBATIONARY and is_full:
            self.report(row, "standing", N_("类别写的是预备党员，但已经过了转正日期。"))

    def _joined_long_ago(self, wanted: dict[str, str]) -> bool:
        return bool(wanted["joined_on"]) and days.last_day(wanted["joined_on"]) <= self.long_ago


def _years_before(day: dt.date, years: int) -> str:
    return f"{day.year - years:04d}{day.isoformat()[4:]}"


def _counted(names: list[str]) -> dict[str, object]:
    shown = "\u3001".join(names[:_MOST_NAMED])
    return {"count": len(names), "names": shown + ("\u2026\u2026" if len(names) > _MOST_NAMED else "")}
