"""Planning the sheet of members: whom a row is about, and what it would change."""

import datetime as dt
from typing import Any

from learnhub.core.text import N_
from learnhub.members.queries.roster_state import MemberState
from learnhub.members.rules.cells import HOLDS
from learnhub.members.rules.columns import SheetKind, headers
from learnhub.members.rules.parsing import Fault, ParsedRow, ParsedSheet
from learnhub.members.rules.plan import CIRCUMSTANCES, PlannedRow, Status, differences

# Where an empty cell leaves things as they are; elsewhere it empties them.
_KEPT = frozenset({"code", "name", "sex", "birth_month", "joined_on", "identity", "organization", "sort_key"})
_NEEDED = ("name", "sex", "birth_month", "joined_on")
_DERIVED = frozenset({"organization_name", "standing", "identity_birth_month", "identity_sex"})
_YOUNGEST = 18


class MemberPlanner:
    """Plans rows one after another; faults go to the list handed in.

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
        on: dt.date,
        faults: list[Fault],
    ) -> None:
        self.state = state
        self.branches = branches
        self.taken_codes = taken_codes
        self.taken_identities = taken_identities
        self.on = on
        self.faults = faults
        self.headers: dict[str, str] = {}
        self.wrong: dict[int, set[str]] = {}
        self.seen: dict[tuple[str, str], int] = {}
        self.codes_by_name: dict[str, list[str]] = {}
        for code, names in branches.items():
            self.codes_by_name.setdefault(names[0], []).append(code)
        self.alike: dict[tuple[str, ...], list[int]] = {}
        for each in state.values():
            self.alike.setdefault(_looks(each.values), []).append(each.id)

    def rows(self, sheet: ParsedSheet) -> list[PlannedRow]:
        """Every row of the sheet with what it would do."""
        self.headers = sheet.headers
        for fault in self.faults:
            if fault.sheet is SheetKind.MEMBERS:
                self.wrong.setdefault(fault.row, set()).add(fault.column)
        return [self._row(row) for row in sheet.rows]

    def _row(self, row: ParsedRow) -> PlannedRow:
        said = dict(row.values)
        if branch := self._branch(row, said):
            said["organization"] = branch
        else:
            said.pop("organization", None)
        for key in ("birth_month", "sex"):
            said[key] = said.get(key) or said.get(f"identity_{key}", "")
        known = self._whom(row, said)
        wanted = self._wanted(said, known)
        self._check_twice(row, said, known)
        self._check(row, wanted, known)
        plain = {key: value for key, value in wanted.items() if key not in _DERIVED}
        changed = differences(SheetKind.MEMBERS, known.values, plain) if known else ()
        if changed and known:
            self._check_later(row, known, wanted)
        status = Status.NEW if known is None else Status.CHANGED if changed else Status.UNCHANGED
        label = wanted.get("name", "")
        return PlannedRow(SheetKind.MEMBERS, row.number, label, status, changed, known.id if known else None, wanted)

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
            return ""
        found = self.codes_by_name.get(name, [])
        if len(found) == 1:
            return found[0]
        message = N_("有 %(count)s 个党支部叫“%(name)s”，请填党组织编码。")
        if not found:
            message = N_("没有名称为“%(name)s”的党支部，或者它不在您管理的范围内。")
        self._fault(row, "organization_name", message, name=name, count=len(found))
        return ""

    def _whom(self, row: ParsedRow, said: dict[str, str]) -> MemberState | None:
        """The member a row is about: by code, else by identity number, else by name, sex, birth and branch."""
        hash_ = said.get("identity", "").partition(":")[0] if ":" in said.get("identity", "") else ""
        by_code = self.taken_codes.get(said.get("code", ""))
        by_identity = self.taken_identities.get(hash_)
        if by_code and by_identity and by_code != by_identity:
            self._fault(row, "identity", N_("这个身份证号已经登记在另一名党员名下。"))
        elif said.get("code") and not by_code and by_identity:
            self._fault(row, "code", N_("这个身份证号的党员在名册里是另一个编号。"))
        id_ = by_code or by_identity
        if id_:
            if id_ not in self.state:
                key = "code" if by_code else "identity"
                self._fault(row, key, N_("这名党员的组织关系不在您管理的范围内，要先办理转接。"))
            return self.state.get(id_)
        if said.get("code") or hash_:
            return None
        alike = self.alike.get(_looks(said), [])
        if len(alike) > 1:
            message = N_("名册里有 %(count)s 人同名、同性别、同年月出生，请填名册编号或身份证号。")
            self._fault(row, "name", message, count=len(alike))
        return self.state[alike[0]] if len(alike) == 1 else None

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
        return wanted

    def _check_twice(self, row: ParsedRow, said: dict[str, str], known: MemberState | None) -> None:
        """No two rows of a file are about one person."""
        names = [("code", said.get("code", "")), ("identity", said.get("identity", "").partition(":")[0])]
        if known:
            names.append(("known", str(known.id)))
        elif not said.get("code") and not said.get("identity"):
            names.append(("looks", "\n".join(_looks(said))))
        for sort, value in names:
            if not value or value.startswith("*"):
                continue
            if (sort, value) in self.seen:
                key = sort if sort in self.headers else "name"
                message = N_("和第 %(other)s 行像是同一个人；如果不是，请都填上名册编号或身份证号。")
                self._fault(row, key, message, other=self.seen[sort, value])
                return
            self.seen[sort, value] = row.number

    def _check(self, row: ParsedRow, wanted: dict[str, str], known: MemberState | None) -> None:
        wrong = self.wrong.get(row.number, set())
        if known is None and not wrong & self._own("code", "identity"):
            for key in _NEEDED:
                if not wanted[key] and self.headers.get(key) not in wrong:
                    self._fault(row, key, N_("新的党员要填“%(header)s”。"), header=headers(SheetKind.MEMBERS)[key])
            if not wanted["organization"] and not wrong & self._own("organization", "organization_name"):
                self._fault(row, "organization", N_("新的党员要填所在党支部的编码或名称。"))
        self._check_days(row, wanted)
        self._check_standing(row, wanted)
        said = row.values.get("identity", "")
        if said.startswith("*") and not (known and known.values["identity"].endswith(said[1:])):
            self._fault(row, "identity", N_("只有后四位，和名册里的对不上。请填完整的 18 位，或者留空。"))

    def _check_days(self, row: ParsedRow, wanted: dict[str, str]) -> None:
        joined, full, birth = wanted["joined_on"], wanted["full_on"], wanted["birth_month"]
        if joined and joined > self.on.isoformat():
            self._fault(row, "joined_on", N_("入党日期晚于名册日期。"))
        if joined and full and full < joined:
            self._fault(row, "full_on", N_("转正日期早于入党日期。"))
        if joined and birth and joined[:7] < f"{int(birth[:4]) + _YOUNGEST:04d}{birth[4:]}":
            self._fault(row, "joined_on", N_("按出生年月，入党时还不满 18 岁。"))

    def _check_standing(self, row: ParsedRow, wanted: dict[str, str]) -> None:
        """The kind of member follows from the day of becoming a full one; a column that says otherwise is a fault."""
        said = row.values.get("standing", "")
        full = bool(wanted["full_on"]) and wanted["full_on"] <= self.on.isoformat()
        if said == "full" and not full:
            self._fault(row, "full_on", N_("类别写的是正式党员，请填转正日期。"))
        elif said == "probationary" and full:
            self._fault(row, "standing", N_("类别写的是预备党员，但已经过了转正日期。"))

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
        self.faults.append(Fault(SheetKind.MEMBERS, row.number, header, message, values))
        self.wrong.setdefault(row.number, set()).add(header)


def _looks(values: dict[str, str]) -> tuple[str, ...]:
    """What tells two people apart when neither has a code nor an identity number in the file."""
    return tuple(values.get(key, "") for key in ("name", "sex", "birth_month", "organization"))
