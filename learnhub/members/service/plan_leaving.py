"""Who is missing from a list that is said to be complete: each stays, or leaves the roster for a reason."""

from collections import Counter
from collections.abc import Iterable, Sequence

from learnhub.core.text import N_
from learnhub.members.queries.roster_state import MemberState
from learnhub.members.rules.columns import SheetKind
from learnhub.members.rules.parsing import Fault
from learnhub.members.rules.plan import ListedBranch, PlannedRow, Status
from learnhub.members.rules.questions import (
    LEAVING_LABELS,
    STAYS,
    YES,
    Choice,
    Interview,
    QuestionKind,
    complete_key,
)

_QUESTION = N_("%(place)s的%(name)s（%(month)s生，编号 %(code)s）不在文件里：")
_STAYS_CHOICE = N_("还在本支部，是文件里漏了")
_LATER = N_("名册日期之后%(name)s（编号 %(code)s）还有变动记录，不能从这一天起离开名册。")
_CHOICES = (Choice(STAYS, _STAYS_CHOICE), *(Choice(reason.value, label) for reason, label in LEAVING_LABELS.items()))


def plan_leaving(
    rows: Sequence[PlannedRow], members: dict[int, MemberState], interview: Interview, faults: list[Fault]
) -> tuple[list[PlannedRow], tuple[ListedBranch, ...]]:
    """The rows of those who leave, and the branches of which the file lists members.

    Nobody leaves whose branch's list is not said to be complete, nor without an answer for this very person or for all.
    """
    people = [row for row in rows if row.sheet is SheetKind.MEMBERS]
    touched = {row.target_id for row in people}
    listed = Counter(row.values.get("organization", "") for row in people)
    missing: dict[str, list[MemberState]] = {code: [] for code in listed if code}
    for member in members.values():
        if member.id not in touched and member.values["organization"] in missing:
            missing[member.values["organization"]].append(member)
    leaving: list[PlannedRow] = []
    branches: list[ListedBranch] = []
    names = {member.values["organization"]: member.values["organization_name"] for member in members.values()}
    for code, absent in missing.items():
        if not absent:
            continue
        complete = interview.answers.get(complete_key(code)) == YES
        branches.append(ListedBranch(code, names[code], listed[code], len(absent), complete))
        if complete:
            leaving += _leaving(absent, interview, faults)
    return leaving, tuple(branches)


def _leaving(absent: Iterable[MemberState], interview: Interview, faults: list[Fault]) -> Iterable[PlannedRow]:
    for member in absent:
        values = member.values
        said = {
            "place": values["organization_name"],
            "name": values["name"],
            "month": values["birth_month"],
            "code": values["code"],
        }
        answer = interview.ask(QuestionKind.LEAVING, str(member.id), _QUESTION, said, _CHOICES)
        if answer in {"", STAYS}:
            continue
        spans = [member.membership, *member.posts.values(), *member.circumstances.values()]
        spans += [span for _where, _kind, span in member.posts_elsewhere]
        if member.changes_later or any(not span.lasting for span in spans):
            faults.append(Fault(SheetKind.MEMBERS, 0, "", _LATER, {"name": values["name"], "code": values["code"]}))
        because = {**values, "because": answer}
        yield PlannedRow(SheetKind.MEMBERS, 0, values["name"], Status.LEAVING, (), member.id, because)
