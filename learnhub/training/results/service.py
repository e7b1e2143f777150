"""Test results of a batch, and who completed it: registered at its closing, decided anew after a correction."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.core.orm import changed
from learnhub.core.text import N_
from learnhub.records import queries as record_queries
from learnhub.records import service as records
from learnhub.records.rules import CertificateState, CompletionWay, NewCertificate, NewCompletion, batch_source
from learnhub.training.batches import queries as batches
from learnhub.training.batches.models import Batch
from learnhub.training.batches.service import correctable_batch_held, open_batch_held
from learnhub.training.certificates import queries as certificates
from learnhub.training.results import queries
from learnhub.training.results.models import Result
from learnhub.training.results.rules import NewResult, Outcome
from learnhub.training.tasks.queries import TaskValue


def complete_batch(session: Session, act: Act, *, task: TaskValue, batch: Batch, outcomes: Iterable[Outcome]) -> int:
    """Register those of `outcomes` who complete as covered as of the batch's last session; returns how many are new.

    Centralized (集中), or made up for (补训) in a batch that takes another one's remainder; who was marked at the place
    of residence at every session attended was trained there (流入地).
    """
    title, last_day = f"{task.title} {batch.title}"[:200], _last_day(session, batch)
    completions = [
        NewCompletion(each.member_id, task.subject, batch_source(batch.id), _way(batch, each), last_day, title)
        for each in outcomes
        if each.completes
    ]
    return records.complete(session, act.without_key(), completions=completions)


def decide_anew(
    session: Session, act: Act, *, task: TaskValue, batch: Batch, member_ids: Collection[int], because: str
) -> None:
    """Let completions of a closed batch follow a correction of what they rest on: a roll or a result.

    Who completes no longer is covered no longer, and the certificate is withdrawn for the same reason; who completes
    now is covered, and gets a certificate where the batch's have been issued. A certificate that tells other hours than
    the record book is replaced.
    """
    source = batch_source(batch.id)
    registered = {each.member_id: each.way for each in record_queries.completions_by(session, source)}
    passing = {each.member_id: each for each in queries.outcomes(session, batch.id) if each.completes}
    wanted = {member_id: _way(batch, each) for member_id, each in passing.items()}
    moved = [member_id for member_id in member_ids if registered.get(member_id) is not wanted.get(member_id)]
    gone = [member_id for member_id in moved if member_id in registered]
    new = [member_id for member_id in moved if member_id in wanted]
    if gone:
        withdraw_batch_completions(session, act, source=source, member_ids=gone, because=because)
    if new:
        complete_batch(session, act, task=task, batch=batch, outcomes=[passing[member_id] for member_id in new])
        if record_queries.certificates_of_batch(session, source):
            _certify(session, act, source, new)
    _replace_certificates(session, act, source, set(member_ids) & wanted.keys() - set(moved), because)
    changed(session, members=moved)
    audit.note(
        session,
        act.without_key(),
        "training.decide_anew",
        source,
        batch.organization_id,
        withdrawn=sorted(gone),
        completed=sorted(new),
    )


def withdraw_batch_completions(
    session: Session, act: Act, *, source: str, member_ids: Collection[int], because: str
) -> None:
    """Withdraw completions of a batch with their certificates, `because` of a correction."""
    part, ids = act.without_key(), list(member_ids)
    for each in record_queries.certificates_of_batch(session, source):
        if each.member_id in ids and each.withdrawn_at is None:
            records.withdraw_certificate(session, part, certificate_id=each.id, reason=because)
    records.withdraw_completions(session, part, source=source, member_ids=ids, reason=because)


def _replace_certificates(session: Session, act: Act, source: str, member_ids: Collection[int], because: str) -> None:
    """Issue anew the valid certificates of `member_ids` that tell other hours than were earned."""
    wanted = {each.member_id: each.quarters for each in _to_certify(session, source, member_ids)}
    stale = [
        each
        for each in record_queries.certificates_of_batch(session, source)
        if each.state is CertificateState.VALID
        and wanted.get(each.member_id, each.paper.quarters) != each.paper.quarters
    ]
    for each in stale:
        records.withdraw_certificate(session, act.without_key(), certificate_id=each.id, reason=because)
    if stale:
        _certify(session, act, source, {each.member_id for each in stale})


def _certify(session: Session, act: Act, source: str, member_ids: Collection[int]) -> None:
    """Issue certificates to `member_ids`, with the year of birth where the batch's others have it."""
    issued = record_queries.certificates_of_batch(session, source)
    with_birth_year = issued[0].paper.birth_year is not None
    wanted = _to_certify(session, source, member_ids)
    records.issue(session, act.without_key(), wanted=wanted, with_birth_year=with_birth_year)


def _to_certify(session: Session, source: str, member_ids: Collection[int]) -> tuple[NewCertificate, ...]:
    completions = record_queries.completions_by(session, source)
    return certificates.to_certify(session, [each for each in completions if each.member_id in member_ids])


def _way(batch: Batch, outcome: Outcome) -> CompletionWay:
    if outcome.where_they_live:
        return CompletionWay.RECEIVING_PLACE
    return CompletionWay.CENTRALIZED if batch.remainder_of is None else CompletionWay.MAKE_UP


def _last_day(session: Session, batch: Batch) -> dt.date:
    timetable = batches.sessions(session, batch.id)
    return timetable[-1].occasion.day if timetable else batch.ends_on


def enter_results(
    session: Session, act: Act, *, batch_id: int, percents: Mapping[int, int | None], because: str = ""
) -> int:
    """Enter results of a test on paper, in per cent by member id (None takes one back); returns how many changed.

    A changed result withdraws the one before it. In a closed batch it is a correction with its reason `because`, after
    which the completion of those whose result changed is decided anew. Raises DomainError for somebody without a place
    or a figure outside 0 to 100, Conflict for a cancelled batch.
    """
    if trail.earlier(session, act.key):
        return 0
    task, batch = correctable_batch_held(session, batch_id, because)
    standing = queries.standing_results(session, batch_id)
    before = {member: row.percent for member, row in standing.items()}
    changed = {member: percent for member, percent in percents.items() if before.get(member) != percent}
    check_placed(session, batch_id, changed)
    for member_id, percent in changed.items():
        replace_result(session, act, batch_id, NewResult(member_id, percent), standing, because=because)
    session.flush()
    audit.note(
        session, act, "training.enter_results", batch_source(batch_id), batch.organization_id, changed=len(changed)
    )
    if batch.closed_at is not None:
        decide_anew(session, act, task=task, batch=batch, member_ids=list(changed), because=because)
    return len(changed)


def record_result(session: Session, act: Act, *, batch_id: int, member_id: int, percent: int, attempt_id: int) -> None:
    """Record the result of a completion test taken here, in per cent. A better one that stands already stays."""
    if trail.earlier(session, act.key):
        return
    _task, batch = open_batch_held(session, batch_id)
    standing = queries.standing_results(session, batch_id)
    if member_id in standing and standing[member_id].percent >= percent:
        return
    check_placed(session, batch_id, [member_id])
    replace_result(session, act, batch_id, NewResult(member_id, percent, attempt_id), standing)
    session.flush()
    audit.note(session, act, "training.record_result", f"batch:{batch_id}", batch.organization_id, member=member_id)


def replace_result(
    session: Session, act: Act, batch_id: int, new: NewResult, standing: Mapping[int, Result], *, because: str = ""
) -> None:
    """Withdraw the member's `standing` result of the batch, if there is one, and note the new one, if there is one.

    `because` is why, where it is a correction.
    """
    if new.percent is not None and not 0 <= new.percent <= 100:
        raise DomainError(N_("成绩要在 0 到 100 之间。"))
    before = standing.get(new.member_id)
    if before is not None:
        before.withdrawn_at, before.withdrawn_by, before.withdrawn_because = act.at, act.actor_id, because or None
        session.flush()  # the old one must be gone before the partial unique index sees the new one
    if new.percent is not None:
        session.add(
            Result(
                batch_id=batch_id,
                **dataclasses.asdict(new),
                noted_at=act.at,
                noted_by=act.actor_id,
            )
        )


def check_placed(session: Session, batch_id: int, member_ids: Collection[int]) -> None:
    """Raise DomainError unless everybody has a standing place in the batch."""
    if not set(batches.placed(session, batch_id)).issuperset(member_ids):
        raise DomainError(N_("名单里有人不是这一期的学员，请刷新后再试。"))
