"""A later run of an issued report: whoever stands elsewhere now, and the corrections that caused it.

As of the same day nothing can change but by a correction: of the roster or the tree (`audit.models.Revision`), of what
the record book holds, of places, or by a batch closed later on that very day. Each is looked for; a difference for which
none is found is shown as such.
"""

import dataclasses
import datetime as dt
import enum
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from learnhub.audit.models import Revision
from learnhub.audit.rules import FactKind
from learnhub.core import clock
from learnhub.core.text import N_
from learnhub.organizations.models import OrganizationLink
from learnhub.records.models import Completion
from learnhub.records.rules import task_subject
from learnhub.reports.queries.facts import Question
from learnhub.reports.queries.freezing import Frozen, Standing, frozen_people, people, rule_of
from learnhub.reports.queries.frozen_names import names_of, roster_order
from learnhub.reports.rules import Column
from learnhub.training.batches.models import Batch, Place


class CauseKind(enum.Enum):
    """What made a later run differ."""

    REVISION = "revision"
    COMPLETION = "completion"
    COMPLETION_WITHDRAWN = "completion_withdrawn"
    PLACE = "place"
    PLACE_WITHDRAWN = "place_withdrawn"
    CLOSING = "closing"
    REOPENING = "reopening"
    RULE = "rule"


CAUSE_LABELS = {
    CauseKind.COMPLETION: N_("补记已训"),
    CauseKind.COMPLETION_WITHDRAWN: N_("撤回已训记录"),
    CauseKind.PLACE: N_("编入班次"),
    CauseKind.PLACE_WITHDRAWN: N_("退出班次"),
    CauseKind.CLOSING: N_("班次结班"),
    CauseKind.REOPENING: N_("撤销结班"),
    CauseKind.RULE: N_("任务的培训对象有改动"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Cause:
    """One correction: of which fact, when, by which account (0 for the system itself), and why if a reason was given."""

    kind: CauseKind
    at: dt.datetime | None
    by: int | None
    because: str | None
    fact: FactKind | None = None
    action: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """One member who stands elsewhere now; None for not being counted at all."""

    member_id: int
    then: Standing | None
    now: Standing | None
    causes: tuple[Cause, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """A later run: its figures of the whole, and everybody who stands elsewhere, by member id."""

    figures: dict[Column, int]
    differences: tuple[Difference, ...]


def run_again(session: Session, report: Frozen, question: Question) -> Run:
    """Run `report` anew as `question`, as of the same day, and find what caused each difference.

    The number of statements is the same for any number of differences.
    """
    now = people(session, question)
    heads = Counter(column for each in now.values() for column in each.counted)
    figures = {column: heads[column] for column in Column}
    return Run(figures, _differences(session, report, question, now))


def _differences(
    session: Session, report: Frozen, question: Question, now: Mapping[int, Standing]
) -> tuple[Difference, ...]:
    then = frozen_people(session, report.id)
    ids = sorted(each for each in then.keys() | now.keys() if then.get(each) != now.get(each))
    if not ids:
        return ()
    found = _of_members(session, report, set(ids))
    everybody = [] if report.rule == rule_of(question) else [Cause(CauseKind.RULE, None, None, None)]
    everybody += _of_roster(session, report)
    branches = {each.organization_id for id_ in ids for each in (then.get(id_), now.get(id_)) if each}
    lines = _of_tree(session, report, branches)
    result = []
    for id_ in ids:
        sides = (then.get(id_), now.get(id_))
        above = [cause for side in sides if side for cause in lines.get(side.organization_id, ())]
        causes = tuple(dict.fromkeys([*found.get(id_, ()), *above, *everybody]))
        result.append(Difference(id_, *sides, causes))
    return tuple(result)


def _of_members(session: Session, report: Frozen, ids: Collection[int]) -> dict[int, list[Cause]]:
    found: dict[int, list[Cause]] = defaultdict(list)
    for member_id, cause in (
        *_revisions(session, report),
        *_completions(session, report),
        *_places(session, report),
        *_reopenings(session, report),
    ):
        if member_id in ids:
            found[member_id].append(cause)
    return found


def _revisions(session: Session, report: Frozen) -> Iterable[tuple[int, Cause]]:
    rows = session.scalars(
        select(Revision)
        .where(Revision.noted_at >= report.issued_at, Revision.since <= report.day, Revision.member_id.is_not(None))
        .order_by(Revision.id)
    )
    return [(row.member_id or 0, _revised(row)) for row in rows]


def _revised(row: Revision) -> Cause:
    return Cause(CauseKind.REVISION, row.noted_at, row.noted_by, row.because, row.fact, row.action)


def _completions(session: Session, report: Frozen) -> Iterable[tuple[int, Cause]]:
    since = report.issued_at
    rows = session.scalars(
        select(Completion)
        .where(
            Completion.subject == task_subject(report.task_id),
            Completion.completed_on <= report.day,
            or_(Completion.noted_at >= since, Completion.withdrawn_at >= since),
        )
        .order_by(Completion.id)
    )
    for row in rows:
        if row.noted_at >= since:
            yield row.member_id, Cause(CauseKind.COMPLETION, row.noted_at, row.noted_by, row.title)
        if row.withdrawn_at and row.withdrawn_at >= since:
            because = row.withdrawn_because
            yield row.member_id, Cause(CauseKind.COMPLETION_WITHDRAWN, row.withdrawn_at, row.withdrawn_by, because)


def _places(session: Session, report: Frozen) -> Iterable[tuple[int, Cause]]:
    since, end = report.issued_at, clock.instant(report.day + dt.timedelta(days=1))
    if since >= end:  # what happens in batches after the day makes no difference for it
        return
    rows = session.execute(
        select(Place, Batch)
        .join(Batch, Batch.id == Place.batch_id)
        .where(
            Batch.task_id == report.task_id,
            or_(Place.noted_at >= since, Place.withdrawn_at >= since, Batch.closed_at >= since),
            and_(Place.noted_at < end),
        )
        .order_by(Place.id)
    )
    for place, batch in rows:
        if place.noted_at >= since:
            yield place.member_id, Cause(CauseKind.PLACE, place.noted_at, place.noted_by, batch.title)
        if place.withdrawn_at and since <= place.withdrawn_at < end:
            because = place.withdrawn_because
            yield place.member_id, Cause(CauseKind.PLACE_WITHDRAWN, place.withdrawn_at, place.withdrawn_by, because)
        if batch.closed_at and since <= batch.closed_at < end:
            yield place.member_id, Cause(CauseKind.CLOSING, batch.closed_at, batch.closed_by, batch.title)


def _reopenings(session: Session, report: Frozen) -> Iterable[tuple[int, Cause]]:
    """Closings taken back since: whoever had a place in the class is in training on the days in between too."""
    rows = session.execute(
        select(Place.member_id, Batch)
        .join(Batch, Batch.id == Place.batch_id)
        .where(Batch.task_id == report.task_id, Batch.reopened_at >= report.issued_at)
        .order_by(Place.id)
    )
    return [
        (member_id, Cause(CauseKind.REOPENING, batch.reopened_at, batch.reopened_by, batch.title))
        for member_id, batch in rows
    ]


def _of_roster(session: Session, report: Frozen) -> list[Cause]:
    rows = session.scalars(
        select(Revision)
        .where(Revision.fact == FactKind.ROSTER, Revision.noted_at >= report.issued_at, Revision.since <= report.day)
        .order_by(Revision.id)
    )
    return [_revised(row) for row in rows]


def _of_tree(session: Session, report: Frozen, branches: Collection[int]) -> dict[int, list[Cause]]:
    """What changed of each branch and of the organizations above it, as they hang on the report's day."""
    rows = session.scalars(
        select(Revision)
        .where(
            Revision.organization_id.is_not(None),
            Revision.noted_at >= report.issued_at,
            Revision.since <= report.day,
        )
        .order_by(Revision.id)
    ).all()
    if not rows:
        return {}
    changed: dict[int, list[Cause]] = defaultdict(list)
    for row in rows:
        changed[row.organization_id or 0].append(_revised(row))
    parents = dict(
        session.execute(
            select(OrganizationLink.organization_id, OrganizationLink.parent_id).where(
                OrganizationLink.valid_from <= report.day, OrganizationLink.valid_to > report.day
            )
        )
        .tuples()
        .all()
    )
    found: dict[int, list[Cause]] = {}
    for branch in branches:
        step: int | None = branch
        line: list[Cause] = []
        seen: set[int] = set()
        while step is not None and step not in seen:
            seen.add(step)
            line += changed.get(step, ())
            step = parents.get(step)
        found[branch] = line
    return found


def in_order(session: Session, found: Collection[Difference], top_id: int) -> list[Difference]:
    """`found` in organization order and then in roster order; those whose organization is gone come last."""
    sides = {each.member_id: each.now or each.then for each in found}
    where = {id_: side.organization_id for id_, side in sides.items() if side}
    place = {id_: number for number, id_ in enumerate(roster_order(session, where, top_id))}
    return sorted(found, key=lambda each: place[each.member_id])


def organization_names(session: Session, found: Collection[Difference], day: dt.date) -> dict[int, str]:
    """The names that the organizations of one page of differences had on `day`."""
    return names_of(session, {side.organization_id for each in found for side in (each.then, each.now) if side}, day)


def moved_figures(then: Frozen, now: dict[Column, int]) -> tuple[tuple[Column, int, int], ...]:
    """The columns of the total whose figure is another now: column, then, now."""
    old = then.total.figures
    return tuple((column, old[column], now[column]) for column in Column if old[column] != now[column])
