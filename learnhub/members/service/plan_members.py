"""Planning the sheet of members: what each row would change of whom it is about."""

import datetime as dt
from typing import Any

from learnhub.core.text import N_
from learnhub.members.queries.roster_state import MemberState, Namesake
from learnhub.members.rules import days
from learnhub.members.rules.cells import HOLDS
from learnhub.members.rules.columns import SheetKind, headers, plain
from learnhub.members.rules.parsing import Fault, ParsedRow, ParsedSheet
from learnhub.members.rules.plan import CIRCUMSTANCES, PlannedRow, Status, differences
from learnhub.members.rules.questions import Interview
from learnhub.members.service.match_members import MemberMatcher
from learnhub.members.service.plan_posts import PostPlanner
from learnhub.members.service.plan_standing import StandingPlanner

# Where an empty cell leaves things as they are; elsewhere it empties them.
_KEPT = frozenset({"code", "name", "sex", "birth_month", "joined_on", "identity", "organization", "sort_key"})
_NEEDED = ("name", "sex", "birth_month", "joined_on")
# What is settled by rules of its own, after everything else.
_DERIVED = frozenset(
    {"organization_name", "standing", "identity_birth_month", "identity_sex", "full_on", "posts_since"}
)
_NOT_COMPARED = _DERIVED - {"full_on", "posts_since"}
_YOUNGEST = 18


class MemberPlanner:
    """Plans rows one after another; faults and remarks go to the lists handed in, questions to the interview.

    `branches` are the names by code (as the file would leave them, then as they were); the `taken` ones are ids by code
    and by hash of all members there are, inside and outside of what this person manages.
    """

    def __init__(
        self,
        *,
        state: dict[int, MemberState],
        branches: dict[str, tuple[str, ...]],
        taken_codes: dict[str, int],
        taken_identities: dict[str, int],
        namesakes: list[Namesake],
        on: dt.date,
        faults: list[Fault],
        remarks: list[Fault],
        interview: Interview,
    ) -> None:
        self.branches = branches
        self.on = on
        self.faults = faults
        self.remarks = remarks
        self.headers: dict[str, str] = {}
        self.wrong: dict[tuple[str, int], set[str]] = {}
        self.codes_by_name: dict[str, list[str]] = {}
        for code, names in branches.items():
            self.codes_by_name.setdefault(names[0], []).append(code)
        self.headed: dict[tuple[str, ...], str] = {}
        self.matcher = MemberMatcher(
            state=state,
            taken_codes=taken_codes,
            taken_identities=taken_identities,
            namesakes=namesakes,
            interview=interview,
            report=self._fault,
        )
        self.standing = StandingPlanner(on, self._fault)
        self.posts = PostPlanner(on, self._fault)
        self.interview = interview

    def rows(self, sheet: ParsedSheet) -> list[PlannedRow]:
        """Every row of the sheet with what it would do."""
        self.headers = sheet.headers
        for fault in self.faults:
            if fault.sheet is SheetKind.MEMBERS:
                self.wrong.setdefault((fault.tab, fault.row), set()).add(fault.column)
        wanted = [(row, *self._wanted_of(row)) for row in sheet.rows]
        self.standing.settle(self.interview, self.remarks)
        self.posts.settle(self.interview)
        return [self._planned(row, said, known, values) for row, said, known, values in wanted]

    def _wanted_of(self, row: ParsedRow) -> tuple[dict[str, str], MemberState | None, dict[str, str]]:
        said = dict(row.values)
        if branch := self._branch(row, said):
            said["organization"] = branch
        else:
            said.pop("organization", None)
        for key in ("birth_month", "sex"):
            said[key] = said.get(key) or said.get(f"identity_{key}", "")
        known = self.matcher.whom(row, said)
        wanted = self._wanted(said, known)
        self.matcher.check_twice(row, said, known)
        self.standing.note(row, said, known, wanted)
        self.posts.note(row, said, known, wanted)
        return said, known, wanted

    def _planned(
        self, row: ParsedRow, said: dict[str, str], known: MemberState | None, wanted: dict[str, str]
    ) -> PlannedRow:
        self._check(row, wanted, known)
        self.standing.check(row, said, wanted)
        self.posts.check(row, known, wanted)
        compared = {key: value for key, value in wanted.items() if key not in _NOT_COMPARED}
        changed = differences(SheetKind.MEMBERS, known.values, compared) if known else ()
        if changed and known:
            self._check_later(row, known, wanted)
        status = Status.NEW if known is None else Status.CHANGED if changed else Status.UNCHANGED
        id_ = known.id if known else None
        return PlannedRow(SheetKind.MEMBERS, row.number, wanted.get("name", ""), status, changed, id_, wanted, row.tab)

    def _branch(self, row: ParsedRow, said: dict[str, str]) -> str:
        """The code of the branch a row names, by code or by name; empty when it names none that is right."""
        code, name = said.get("organization", ""), said.get("organization_name", "")
        if code:
            if code not in self.branches:
                message = N_("没有编码为“%(code)s”的党支部，或者它不在您管理的范围内。")
                self._fault(row, "organization", message, code=code)
                return ""
            if name and name not in self.branches[code]:
                self._fault(row, "organization_name", N_("党组织编码和名称说的不是同一个党支部。"))
            return code
        if not name:
            return "" if {"organization", "organization_name"} & set(row.values) else self._branch_above(row)
        found = self.codes_by_name.get(name, [])
        if len(found) == 1:
            return found[0]
        message = N_("有 %(count)s 个党支部叫“%(name)s”，请填党组织编码。")
        if not found:
            message = N_("没有名称为“%(name)s”的党支部，或者它不在您管理的范围内。")
        self._fault(row, "organization_name", message, name=name, count=len(found))
        return ""

    def _branch_above(self, row: ParsedRow) -> str:
        """The one branch that is named above a row of a sheet without a column of branches, which is remarked once."""
        if row.headings not in self.headed:
            self.headed[row.headings] = code = self._named_branch(row.headings)
            if code:
                message = N_("表里没有所在党组织一列，按表名或标题当作“%(name)s”的党员。")
                said = {"name": self.branches[code][0]}
                self.remarks.append(Fault(SheetKind.MEMBERS, row.number, "", message, said, row.tab))
        return self.headed[row.headings]

    def _named_branch(self, headings: tuple[str, ...]) -> str:
        for heading in headings:
            text = plain(heading)
            named = {name: codes for name, codes in self.codes_by_name.items() if plain(name) in text}
            # A name that is part of another one that stands there is not meant.
            whole = [name for name in named if not any(name != other and name in other for other in named)]
            if len(whole) == 1 and len(named[whole[0]]) == 1:
                return named[whole[0]][0]
            if whole:
                return ""
        return next(iter(self.branches)) if len(self.branches) == 1 else ""

    def _wanted(self, said: dict[str, str], known: MemberState | None) -> dict[str, str]:
        """What the row wants the roster to say, over what it says now."""
        before = known.values if known else dict.fromkeys(headers(SheetKind.MEMBERS), "")
        wanted = dict(before)
        for key, value in said.items():
            if key in _DERIVED or (not value and key in _KEPT):
                continue
            if key in CIRCUMSTANCES and value == HOLDS and before[key]:
                continue
            if key == "identity" and value.startswith("*"):
                continue
            wanted[key] = value
        if known and wanted["organization"] != before["organization"]:
            # Posts are held in a branch; being in transit ends where the member is accepted (art. 25).
            wanted["posts"], wanted["in_transit"] = said.get("posts", ""), said.get("in_transit", "")
        if len(before["joined_on"]) > len(wanted["joined_on"]) and days.agree(before["joined_on"], wanted["joined_on"]):
            wanted["joined_on"] = before["joined_on"]  # the roster knows the same, and more of it
        return wanted

    def _check(self, row: ParsedRow, wanted: dict[str, str], known: MemberState | None) -> None:
        wrong = self.wrong.get((row.tab, row.number), set())
        if known is None and not wrong & self._own("code", "identity"):
            for key in _NEEDED:
                if not wanted[key] and self.headers.get(key) not in wrong:
                    self._fault(row, key, N_("新的党员要填“%(header)s”。"), header=headers(SheetKind.MEMBERS)[key])
            if not wanted["organization"] and not wrong & self._own("organization", "organization_name"):
                self._fault(row, "organization", N_("新的党员要填所在党支部的编码或名称。"))
        self._check_days(row, wanted)
        said = row.values.get("identity", "")
        if said.startswith("*") and not (known and known.values["identity"].endswith(said[1:])):
            self._fault(row, "identity", N_("只有后四位，和名册里的对不上。请填完整的 18 位，或者留空。"))

    def _check_days(self, row: ParsedRow, wanted: dict[str, str]) -> None:
        joined, birth = wanted["joined_on"], wanted["birth_month"]
        if joined and days.first_day(joined) > self.on.isoformat():
            self._fault(row, "joined_on", N_("入党日期晚于名册日期。"))
        if joined and birth and days.last_day(joined)[:7] < f"{int(birth[:4]) + _YOUNGEST:04d}{birth[4:]}":
            self._fault(row, "joined_on", N_("按出生年月，入党时还不满 18 岁。"))

    def _check_later(self, row: ParsedRow, known: MemberState, wanted: dict[str, str]) -> None:
        """What is dated can be changed only at its open end."""
        moves = wanted["organization"] != known.values["organization"]
        touched = [known.membership] if moves else []
        touched += [known.circumstances[key] for key in CIRCUMSTANCES if key in known.circumstances and not wanted[key]]
        held = set(wanted["posts"].split(","))
        touched += [span for kind, span in known.posts.items() if moves or kind not in held]
        if known.changes_later or any(not span.lasting for span in touched):
            self._fault(row, "name", N_("名册日期之后这名党员还有变动记录，不能倒着改。"))

    def _own(self, *keys: str) -> set[str]:
        return {self.headers[key] for key in keys if key in self.headers}

    def _fault(self, row: ParsedRow, key: str, message: str, **values: Any) -> None:
        header = self.headers.get(key) or headers(SheetKind.MEMBERS)[key]
        self.faults.append(Fault(SheetKind.MEMBERS, row.number, header, message, values, row.tab))
        self.wrong.setdefault((row.tab, row.number), set()).add(header)
