"""What is due by a branch's shape, and what came of it: of the present periods, and of a whole year."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.meetings.queries.duties import ExplanationValue, duty_rules, own_explanations, shapes
from learnhub.meetings.queries.meetings import MeetingValue, of_months
from learnhub.meetings.rules import MeetingKind, State
from learnhub.meetings.rules.duties import THEME_DAY, Duty, Happened, Held, Shape, came, duties, is_near, period
from learnhub.members import queries as members
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue
from learnhub.organizations.rules import OrganizationKind


@dataclasses.dataclass(frozen=True, slots=True)
class DutyState:
    """One duty of a branch in one period: what came of it, its meetings, and what explains it.

    `first` and `last` are the months of the period (`YYYY-MM`). `meetings` are those of the kind that count for it and
    were not cancelled, finished ones first.
    """

    duty: Duty
    first: str
    last: str
    held: Held
    meetings: tuple[MeetingValue, ...]
    explanation: ExplanationValue | None

    @property
    def meeting(self) -> MeetingValue | None:
        """The meeting that meets it, or is to meet it."""
        return next(iter(self.meetings), None)

    @property
    def open(self) -> bool:
        """Whether it still asks for something: neither held nor explained."""
        return self.held in (Held.MISSING, Held.COMING)


@dataclasses.dataclass(frozen=True, slots=True)
class BranchYear:
    """A branch's year: each kind with what came of it, period after period from January; `lectures` held."""

    organization: OrganizationValue
    year: int
    rows: tuple[tuple[DutyState, ...], ...]
    lectures: tuple[MeetingValue, ...]


def shape(session: Session, branch: OrganizationValue, day: dt.date) -> Shape:
    """How a branch is made up on `day` (civil): full and probationary members by the roster, groups by the tree."""
    roster = members.members_of(session, branch.id, day)
    probationary = sum(each.probationary(day) for each in roster)
    groups = sum(each.kind is OrganizationKind.GROUP for each in organizations.children(session, branch.id, day))
    temporary = branch.kind is OrganizationKind.TEMPORARY_BRANCH
    return Shape(len(roster) - probationary, probationary, groups, temporary)


def due(session: Session, organization_id: int, shape: Shape, month: str) -> tuple[DutyState, ...]:
    """What a branch of that shape holds in the periods in which `month` (`YYYY-MM`) lies, and how far it is held.

    A period longer than a quarter is listed in its last three months only (three statements).
    """
    bound = duties(shape, duty_rules(session, clock.last_day(month)))
    near = [(duty, period(month, duty.months)) for duty in bound if is_near(duty, month)]
    if not near:
        return ()
    first, last = min(months[0] for _duty, months in near), max(months[-1] for _duty, months in near)
    meetings = of_months(session, organization_id, first, last)
    known = own_explanations(session, organization_id, {months[0] for _duty, months in near})
    return tuple(_state(duty, months, meetings, known, lasts=True) for duty, months in near)


def branch_year(session: Session, organization_id: int, day: dt.date) -> BranchYear:
    """What came of everything that the branch was to hold in the year of `day`, as of `day` (five statements).

    By its members and groups at the end of each period, of `day` for those that still last. Raises NotFound when it is
    no branch on that day.
    """
    tree = organizations.whole_tree(session, organization_id, day)
    if not tree or not tree[0].value.is_branch:
        raise NotFound(N_("没有这个党支部。"))
    months = period(clock.month_of(day), 12)
    rules = (THEME_DAY, *duty_rules(session, day))
    by_month = shapes(session, tree, day, months[: day.month]).get(organization_id, (Shape(0, 0, 0),) * day.month)
    meetings = of_months(session, organization_id, months[0], months[-1])
    known = own_explanations(session, organization_id, months)
    held = [each for each in meetings if MeetingKind.LECTURE in each.kinds and each.state is State.FINISHED]
    return BranchYear(
        tree[0].value,
        day.year,
        tuple(tuple(_periods(duty, months, by_month, meetings, known)) for duty in rules),
        tuple(held),
    )


def _periods(
    duty: Duty,
    months: Sequence[str],
    by_month: Sequence[Shape],
    meetings: Sequence[MeetingValue],
    known: Sequence[ExplanationValue],
) -> Iterator[DutyState]:
    """The periods of a year; `by_month` reaches to the present month."""
    for start in range(0, len(months), duty.months):
        some = tuple(months[start : start + duty.months])
        shape = by_month[min(start + duty.months, len(by_month)) - 1]
        lasts = start + duty.months >= len(by_month)
        yield _state(duty, some, meetings, known, lasts=lasts, due=bool(duties(shape, [duty])))


def _state(
    duty: Duty,
    months: Sequence[str],
    meetings: Iterable[MeetingValue],
    known: Iterable[ExplanationValue],
    *,
    lasts: bool,
    due: bool = True,
) -> DutyState:
    of_kind = [each for each in meetings if duty.kind in each.kinds and each.month in months]
    standing = [each for each in of_kind if each.state is not State.CANCELLED]
    standing.sort(key=lambda each: each.state is not State.FINISHED)
    why = next((each for each in known if (each.kind, each.period) == (duty.kind, months[0])), None)
    facts = (_happened(each, months[-1]) for each in of_kind)
    held = came(facts, due=due, lasts=lasts, explained=why is not None)
    return DutyState(duty, months[0], months[-1], held, tuple(standing), why)


def _happened(meeting: MeetingValue, last: str) -> Happened:
    finished = meeting.state is State.FINISHED
    in_time = finished and clock.month_of(meeting.occasion.day) <= last
    called_off = meeting.state is State.CANCELLED and bool(meeting.occasion.cancelled_because)
    return Happened(in_time, finished and not in_time, int(finished), called_off)
