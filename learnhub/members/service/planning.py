"""Planning an import: what each row of a file would do to the roster, before anything is done."""

import dataclasses
import datetime as dt

from sqlalchemy.orm import Session

from learnhub.members import queries
from learnhub.members.queries import roster_state
from learnhub.members.queries.roster_state import MemberState, OrganizationState
from learnhub.members.rules.columns import SheetKind
from learnhub.members.rules.parsing import Fault, Parsed
from learnhub.members.rules.plan import Plan, PlannedRow, Status
from learnhub.members.service.plan_members import MemberPlanner
from learnhub.members.service.plan_organizations import OrganizationPlanner
from learnhub.organizations import queries as organizations


@dataclasses.dataclass(frozen=True, slots=True)
class Prepared:
    """A plan and the roster it was made over: organizations by code, members by id."""

    plan: Plan
    tree: dict[str, OrganizationState]
    members: dict[int, MemberState]


def plan(session: Session, parsed: Parsed, *, root_id: int | None, on: dt.date) -> Plan:
    """What `parsed` would do to the roster at and below `root_id` (all of it, for None) from the civil day `on`.

    Nothing is written. Rows that the file does not have are left as they are: an import never removes anybody.
    """
    return prepare(session, parsed, root_id=root_id, on=on).plan


def prepare(session: Session, parsed: Parsed, *, root_id: int | None, on: dt.date) -> Prepared:
    """The plan together with the roster it was made over."""
    faults = list(parsed.faults)
    sheet = parsed.sheet(SheetKind.ORGANIZATIONS)
    tree = roster_state.organizations_state(session, root_id, on)
    codes = [row.values["code"] for row in sheet.rows if row.values.get("code")] if sheet else []
    taken = set(organizations.by_codes(session, codes)) - set(tree)
    planner = OrganizationPlanner(tree, taken, root_id, on, faults)
    rows = planner.rows(sheet) if sheet else []
    members = roster_state.members_state(session, root_id, on) if parsed.sheet(SheetKind.MEMBERS) else {}
    rows += _member_rows(session, parsed, planner.branches(), members, on=on, faults=faults)
    touched = {row.target_id for row in rows if row.sheet is SheetKind.MEMBERS} - {None}
    wrong = {(fault.sheet, fault.row) for fault in faults}
    made = Plan(
        rows=tuple(_marked(row, wrong) for row in rows),
        faults=tuple(sorted(faults, key=lambda fault: (fault.sheet.value, fault.row))),
        remarks=parsed.remarks,
        passed_over=parsed.passed_over,
        unknown_columns=tuple(column for each in parsed.sheets for column in each.unknown_columns),
        untouched=len(members) - len(touched),
    )
    return Prepared(made, tree, members)


def _member_rows(
    session: Session,
    parsed: Parsed,
    branches: dict[str, tuple[str, ...]],
    members: dict[int, MemberState],
    *,
    on: dt.date,
    faults: list[Fault],
) -> list[PlannedRow]:
    sheet = parsed.sheet(SheetKind.MEMBERS)
    if sheet is None:
        return []
    values = [row.values for row in sheet.rows]
    hashes = [each["identity"].partition(":")[0] for each in values if ":" in each.get("identity", "")]
    planner = MemberPlanner(
        state=members,
        branches=branches,
        taken_codes=queries.ids_by_code(session, [each["code"] for each in values if each.get("code")]),
        taken_identities=queries.ids_by_identity(session, hashes),
        on=on,
        faults=faults,
    )
    return planner.rows(sheet)


def _marked(row: PlannedRow, wrong: set[tuple[SheetKind, int]]) -> PlannedRow:
    """A row with any fault is wrong, whatever else it would do."""
    if (row.sheet, row.number) not in wrong:
        return row
    return dataclasses.replace(row, status=Status.WRONG, differences=())
