"""Who completed a batch: registered when it is closed, decided anew when something it rests on is corrected."""

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.orm import changed
from learnhub.records import queries as record_queries
from learnhub.records import service as records
from learnhub.records.rules import CertificateState, CompletionWay, NewCertificate, NewCompletion, batch_source
from learnhub.training import queries
from learnhub.training.models import Batch
from learnhub.training.queries import TaskValue
from learnhub.training.rules import Outcome


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
    return queries.to_certify(session, [each for each in completions if each.member_id in member_ids])


def _way(batch: Batch, outcome: Outcome) -> CompletionWay:
    if outcome.where_they_live:
        return CompletionWay.RECEIVING_PLACE
    return CompletionWay.CENTRALIZED if batch.remainder_of is None else CompletionWay.MAKE_UP


def _last_day(session: Session, batch: Batch) -> dt.date:
    timetable = queries.sessions(session, batch.id)
    return timetable[-1].occasion.day if timetable else batch.ends_on
