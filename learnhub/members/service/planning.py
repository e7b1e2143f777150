"""Planning an import: what each row of a file would do to the roster, before anything is done."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from learnhub.members import queries
from learnhub.members.queries import roster_state
from learnhub.members.queries.roster_state import MemberState, OrganizationState
from learnhub.members.rules.columns import SheetKind
from learnhub.members.rules.parsing import Fault, Parsed
from learnhub.members.rules.plan import Plan, PlannedRow, Status
from learnhub.members.rules.questions import Interview
from learnhub.members.service.match_members import identity_hash
from learnhub.members.service.plan_leaving import plan_leaving
from learnhub.members.service.plan_members import MemberPlanner
from learnhub.members.service.plan_organizations import OrganizationPlanner
from learnhub.organizations import queries as organizations


@dataclasses.dataclass(frozen=True, slots=True)
class Prepared:
    """A plan and the roster it was made over: organizations by code, members by id."""

    plan: Plan
    tree: dict[str, OrganizationState]
    members: dict[int, MemberState]


NO_ANSWERS: Mapping[str, str] = {}


def plan(
    session: Session,
    parsed: Parsed,
    *,
    root_id: int | None,
    on: dt.date,
    answers: Mapping[str, str] = NO_ANSWERS,
) -> Plan:
    """What `parsed` would do to the roster at and below `root_id` (all of it, for None) from the civil day `on`.

    Nothing is written. Who is not in the file is left as they are, unless the `answers` (by name of the question) say that
    the file lists everybody of a branch.
    """
    return prepare(session, parsed, root_id=root_id, on=on, answers=answers).plan


def prepare(
    session: Session, parsed: Parsed, *, root_id: int | None, on: dt.date, answers: Mapping[str, str]
) -> Prepared:
    """The plan together with the roster it was made over."""
    faults, remarks, interview = list(parsed.faults), list(parsed.remarks), Interview(answers)
    sheet = parsed.sheet(SheetKind.ORGANIZATIONS)
    tree = roster_state.organizations_state(session, root_id, on)
    codes = [row.values["code"] for row in sheet.rows if row.values.get("code")] if sheet else []
    taken = set(organizations.by_codes(session, codes)) - set(tree)
    planner = OrganizationPlanner(tree, taken, root_id, on, faults)
    rows = planner.rows(sheet) if sheet else []
    members = roster_state.members_state(session, root_id, on) if parsed.sheet(SheetKind.MEMBERS) else {}
    rows += _member_rows(
        session, parsed, planner.branches(), members, on=on, faults=faults, remarks=remarks, interview=interview
    )
    leaving, branches = plan_leaving(rows, members, interview, faults)
    rows += leaving
    touched = {row.target_id for row in rows if row.sheet is SheetKind.MEMBERS} - {None}
    wrong = {(fault.sheet, fault.tab, fault.row) for fault in faults}
    made = Plan(
        rows=tuple(_marked(row, wrong) for row in rows),
        faults=tuple(sorted(faults, key=lambda fault: (fault.sheet.value, fault.tab, fault.row))),
        remarks=tuple(remarks),
        passed_over=parsed.passed_over,
        unknown_columns=tuple(column for each in parsed.sheets for column in each.unknown_columns),
        untouched=len(members) - len(touched),
        hidden=parsed.hidden,
        skipped=parsed.skipped,
        by_hand=tuple(column for each in parsed.sheets for column in each.by_hand),
        questions=tuple(interview.questions),
        branches=branches,
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
    remarks: list[Fault],
    interview: Interview,
) -> list[PlannedRow]:
    sheet = parsed.sheet(SheetKind.MEMBERS)
    if sheet is None:
        return []
    values = [row.values for row in sheet.rows]
    codes = queries.ids_by_code(session, [each["code"] for each in values if each.get("code")])
    identities = queries.ids_by_identity(session, [hash_ for each in values if (hash_ := identity_hash(each))])
    unknown = [each for each in values if each.get("code") not in codes and identity_hash(each) not in identities]
    planner = MemberPlanner(
        state=members,
        branches=branches,
        taken_codes=codes,
        taken_identities=identities,
        namesakes=roster_state.namesakes(session, {each["name"] for each in unknown if each.get("name")}),
        on=on,
        faults=faults,
        remarks=remarks,
        interview=interview,
    )
    return planner.rows(sheet)


def _marked(row: PlannedRow, wrong: set[tuple[SheetKind, str, int]]) -> PlannedRow:
    """A row with any fault is wrong, whatever else it would do."""
    if row.status is Status.LEAVING or (row.sheet, row.tab, row.number) not in wrong:
        return row
    return dataclasses.replace(row, status=Status.WRONG, differences=())
