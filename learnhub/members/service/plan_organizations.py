"""Planning the sheet of organizations."""

import datetime as dt
from typing import Any

from learnhub.core.text import N_
from learnhub.members.queries.roster_state import OrganizationState
from learnhub.members.rules.columns import SheetKind
from learnhub.members.rules.parsing import Fault, ParsedRow, ParsedSheet
from learnhub.members.rules.plan import PlannedRow, Status, differences
from learnhub.organizations.rules import BRANCH_KINDS, OrganizationKind, may_hang_below, may_turn_into

_BRANCHES = frozenset(kind.value for kind in BRANCH_KINDS)
# Where an empty cell leaves things as they are; elsewhere it empties them.
_KEPT = frozenset({"name", "kind", "position", "founded_on"})


class OrganizationPlanner:
    """Plans rows one after another; faults go to the list handed in."""

    def __init__(
        self,
        state: dict[str, OrganizationState],
        taken: set[str],
        root_id: int | None,
        on: dt.date,
        faults: list[Fault],
    ) -> None:
        self.state = state
        self.taken = taken
        self.root_id = root_id
        self.on = on
        self.faults = faults
        self.headers: dict[str, str] = {}
        self.wrong = {
            (fault.tab, fault.row, fault.column) for fault in faults if fault.sheet is SheetKind.ORGANIZATIONS
        }
        self.planned: dict[str, dict[str, str]] = {code: each.values for code, each in state.items()}

    def rows(self, sheet: ParsedSheet) -> list[PlannedRow]:
        """Every row of the sheet with what it would do."""
        self.headers = sheet.headers
        first_row: dict[str, ParsedRow] = {}
        for row in sheet.rows:
            code = row.values.get("code", "")
            if not code:
                if "code" in row.values:
                    self._fault(row, "code", N_("编码是空的。"))
            elif code in first_row:
                self._fault(row, "code", N_("和第 %(other)s 行的编码重复。"), other=first_row[code].number)
            else:
                first_row[code] = row
                self.planned[code] = self._wanted(row, code)
        planned = [self._planned(row, first_row) for row in sheet.rows]
        for row in sheet.rows:
            if first_row.get(row.values.get("code", "")) is row:
                self._check_place(row)
        return planned

    def branches(self) -> dict[str, tuple[str, ...]]:
        """The branches as they would be: their names by code, the one to be and the one they have."""
        return {
            code: (values["name"], *([self.state[code].values["name"]] if code in self.state else []))
            for code, values in self.planned.items()
            if values.get("kind") in _BRANCHES
        }

    def _wanted(self, row: ParsedRow, code: str) -> dict[str, str]:
        known = self.state.get(code)
        if known is None:
            return self._new(row, code)
        wanted = dict(known.values)
        wanted.update({key: value for key, value in row.values.items() if value or key not in _KEPT})
        if wanted["founded_on"] != known.values["founded_on"]:
            self._fault(row, "founded_on", N_("成立日期和名册里的不同；已有党组织的成立日期不能用导入来改。"))
        if not self._already_wrong(row, "kind") and not _may_turn(known.values["kind"], wanted["kind"]):
            self._fault(row, "kind", N_("已有的党组织不能在党支部和别的类型之间改变。"))
        for key in ("name", "kind", "domain"):
            if known.described_later and wanted[key] != known.values[key]:
                self._fault(row, key, N_("名册日期之后它的名称、类型或领域还有变动，不能倒着改。"))
        moved = wanted["parent"] != known.values["parent"]
        if moved and (known.id == self.root_id or known.link is None):
            self._fault(row, "parent", N_("这里是您管理范围的最上级，它的上级不能由您改。"))
        elif moved and known.link and not known.link.lasting:
            self._fault(row, "parent", N_("名册日期之后它的上级还有变动，不能倒着改。"))
        return wanted

    def _new(self, row: ParsedRow, code: str) -> dict[str, str]:
        if code in self.taken:
            self._fault(row, "code", N_("已经有别的党组织用这个编码，它不在您管理的范围内或已撤销。"))
        empty = dict.fromkeys(("code", "name", "kind", "domain", "parent", "position"), "")
        wanted = {**empty, **row.values, "founded_on": row.values.get("founded_on") or self.on.isoformat()}
        for key in ("name", "kind"):
            if not wanted[key] and not self._already_wrong(row, key):
                self._fault(row, key, N_("新的党组织要填这一项。"))
        if wanted["founded_on"] > self.on.isoformat():
            self._fault(row, "founded_on", N_("成立日期晚于名册日期。"))
        if not wanted["parent"] and (self.state or self._other_roots(code)):
            self._fault(row, "parent", N_("新的党组织要填上级编码。"))
        return wanted

    def _other_roots(self, code: str) -> bool:
        """Whether another new organization of the file has no parent either: there is one root."""
        return any(not values["parent"] for other, values in self.planned.items() if other != code)

    def _check_place(self, row: ParsedRow) -> None:
        """The parent must exist, may have such an organization below it, and must not stand below it."""
        code = row.values["code"]
        wanted = self.planned[code]
        parent = wanted["parent"]
        known = self.state.get(code)
        if not parent or (known and parent == known.values["parent"]) or self._already_wrong(row, "parent"):
            return
        above = self.planned.get(parent)
        if above is None:
            self._fault(row, "parent", N_("没有编码为“%(code)s”的党组织，或者它不在您管理的范围内。"), code=parent)
        elif wanted["kind"] and above["kind"] and not _may_hang(wanted["kind"], above["kind"]):
            self._fault(row, "parent", N_("党支部之下只能有党小组，党小组只能在党支部之下。"))
        elif self._below_itself(code):
            self._fault(row, "parent", N_("党组织不能移到自己或自己的下级之下。"))

    def _below_itself(self, code: str) -> bool:
        seen = set()
        while code and code not in seen:
            seen.add(code)
            code = self.planned.get(code, {}).get("parent", "")
        return bool(code)

    def _planned(self, row: ParsedRow, first_row: dict[str, ParsedRow]) -> PlannedRow:
        code = row.values.get("code", "")
        wanted = self.planned[code] if first_row.get(code) is row else dict(row.values)
        known = self.state.get(code)
        changed = differences(SheetKind.ORGANIZATIONS, known.values, wanted) if known else ()
        status = Status.NEW if known is None else Status.CHANGED if changed else Status.UNCHANGED
        label = wanted.get("name") or code
        return PlannedRow(
            SheetKind.ORGANIZATIONS, row.number, label, status, changed, known.id if known else None, wanted, row.tab
        )

    def _already_wrong(self, row: ParsedRow, key: str) -> bool:
        return (row.tab, row.number, self.headers.get(key, key)) in self.wrong

    def _fault(self, row: ParsedRow, key: str, message: str, **values: Any) -> None:
        header = self.headers.get(key) or self.headers["code"]
        self.faults.append(Fault(SheetKind.ORGANIZATIONS, row.number, header, message, values, row.tab))
        self.wrong.add((row.tab, row.number, header))


def _may_turn(kind: str, wanted: str) -> bool:
    return may_turn_into(OrganizationKind(kind), OrganizationKind(wanted))


def _may_hang(kind: str, parent: str) -> bool:
    return may_hang_below(OrganizationKind(kind), OrganizationKind(parent))
