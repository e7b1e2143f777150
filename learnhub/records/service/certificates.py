"""Issuing certificates, withdrawing them, and looking one up by its code."""

import datetime as dt
import secrets
from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.members import queries as members
from learnhub.records import queries
from learnhub.records.models import Certificate, VerificationMiss
from learnhub.records.queries import CertificateValue
from learnhub.records.rules import (
    ALPHABET,
    CODE_LENGTH,
    MISS_MINUTES,
    MISSES,
    NewCertificate,
    Paper,
    check_character,
    read_code,
)


class TooManyCodes(DomainError):
    """One address has asked for too many codes that do not exist."""

    status = 429


def issue(session: Session, act: Act, *, wanted: Sequence[NewCertificate], with_birth_year: bool = False) -> int:
    """Issue a certificate for each of `wanted` that has none; returns how many are new.

    The name is that of the roster on the last day of the training; whoever was in no branch then gets none. The paper
    is a snapshot and does not follow later changes.
    """
    if trail.earlier(session, act.key):
        return 0
    have = queries.certified(session, [each.completion_id for each in wanted])
    new = [each for each in wanted if each.completion_id not in have]
    people = {
        day: members.members_by_id(session, [each.member_id for each in new if each.ends_on == day], day)
        for day in {each.ends_on for each in new}
    }
    rows = []
    for each in new:
        person = people[each.ends_on].get(each.member_id)
        if person:
            year = person.birth_year if with_birth_year else None
            rows.append(_certificate(act, each, _paper(act, each, person.name, year)))
    session.add_all(rows)
    session.flush()
    sources = {f"completion:{each.completion_id}" for each in rows}
    audit.note(
        session, act, "certificate.issue", sources.pop() if len(sources) == 1 else "certificates", count=len(rows)
    )
    return len(rows)


def withdraw_certificate(session: Session, act: Act, *, certificate_id: int, reason: str) -> None:
    """Withdraw a certificate with a `reason`; its public page says so from then on. Raises DomainError without one."""
    if trail.earlier(session, act.key):
        return
    if not reason.strip():
        raise DomainError(N_("请写明原因。"), field="reason")
    row = queries.held_certificate(session, certificate_id)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = act.at, act.actor_id, reason.strip()
    session.flush()
    audit.note(session, act, "certificate.withdraw", f"certificate:{certificate_id}")


def look_up(session: Session, *, typed: str, address_hash: str, at: dt.datetime) -> CertificateValue | None:
    """The certificate whose code was typed, or None; a code that cannot be one and one that nobody bears are alike.

    What was not found is counted for its address, and beyond `MISSES` within `MISS_MINUTES` minutes nothing is looked
    up for it any more: raises TooManyCodes.
    """
    since = at - dt.timedelta(minutes=MISS_MINUTES)
    if queries.misses(session, address_hash, since) >= MISSES:
        raise TooManyCodes(N_("从这里查不到的核验码太多了，请过一小时再试。"))
    code = read_code(typed)
    found = queries.certificate_by_code(session, code) if code else None
    if found is None:
        session.execute(delete(VerificationMiss).where(VerificationMiss.at <= since))
        session.add(VerificationMiss(address_hash=address_hash, at=at))
        session.flush()
    return found


def _certificate(act: Act, wanted: NewCertificate, paper: Paper) -> Certificate:
    body = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH - 1))
    code, kept = body + check_character(body), paper.to_json()
    return Certificate(
        member_id=wanted.member_id,
        completion_id=wanted.completion_id,
        paper=kept,
        code=code,
        content_hash=queries.fingerprint(code, kept),
        issued_at=act.at,
        issued_by=act.actor_id,
    )


def _paper(act: Act, wanted: NewCertificate, name: str, birth_year: int | None) -> Paper:
    return Paper(
        name=name,
        birth_year=birth_year,
        task=wanted.task,
        organizer=wanted.organizer,
        batch=wanted.batch,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        quarters=wanted.quarters,
        way=wanted.way,
        issued_on=act.day,
        issuer=wanted.issuer,
    )
