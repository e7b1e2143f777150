"""Certificates: by id, by code, by completion; and how many codes an address asked for in vain."""

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from learnhub.core import orm
from learnhub.core.text import N_
from learnhub.records.models import Certificate, Completion, VerificationMiss
from learnhub.records.rules import CertificateState, CompletionWay, Paper, grouped


@dataclasses.dataclass(frozen=True, slots=True)
class CertificateValue:
    """A certificate as issued, and what has become of it; `corrected_at` is when its completion was withdrawn."""

    id: int
    member_id: int
    completion_id: int
    source: str
    code: str
    paper: Paper
    intact: bool
    issued_at: dt.datetime
    withdrawn_at: dt.datetime | None
    withdrawn_because: str | None
    corrected_at: dt.datetime | None

    @property
    def state(self) -> CertificateState:
        """Whether it still holds."""
        if self.withdrawn_at:
            return CertificateState.WITHDRAWN
        return CertificateState.CORRECTED if self.corrected_at else CertificateState.VALID

    @property
    def ended_at(self) -> dt.datetime | None:
        """Since when it does not hold, or None."""
        return self.withdrawn_at or self.corrected_at

    @property
    def shown_code(self) -> str:
        """The code as it is printed."""
        return grouped(self.code)


def fingerprint(code: str, paper: Mapping[str, Any]) -> str:
    """The SHA-256 of a certificate: its code and all that stands on it, keys in order."""
    text = json.dumps({"code": code, **paper}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def certificate(session: Session, certificate_id: int) -> CertificateValue | None:
    """The certificate, or None when there is none."""
    return _first(session, _rows().where(Certificate.id == certificate_id))


def certificate_by_code(session: Session, code: str) -> CertificateValue | None:
    """The certificate that bears `code` (as `rules.read_code` returns it), or None."""
    return _first(session, _rows().where(Certificate.code == code))


def certificates_of_batch(session: Session, source: str) -> tuple[CertificateValue, ...]:
    """The certificates made from completions that `source` (`batch:12`) proves, in the order they were issued."""
    rows = session.execute(_rows().where(Completion.source == source).order_by(Certificate.id))
    return tuple(_value(*row) for row in rows)


def certificates_of(session: Session, member_id: int) -> dict[int, CertificateValue]:
    """The certificates of one member that were not withdrawn, by completion."""
    rows = session.execute(_rows().where(Certificate.member_id == member_id, Certificate.withdrawn_at.is_(None)))
    return {value.completion_id: value for value in (_value(*row) for row in rows)}


def certified(session: Session, completion_ids: Sequence[int]) -> frozenset[int]:
    """Those of `completion_ids` that have a certificate which was not withdrawn."""
    statement = select(Certificate.completion_id).where(
        Certificate.completion_id.in_(completion_ids), Certificate.withdrawn_at.is_(None)
    )
    return frozenset(session.scalars(statement))


def held_certificate(session: Session, certificate_id: int) -> Certificate:
    """A certificate's row that was not withdrawn, held against other writers; raises NotFound."""
    statement = select(Certificate).where(Certificate.id == certificate_id, Certificate.withdrawn_at.is_(None))
    return orm.held(session, statement, N_("没有这张证书，或者它已经撤销。"))


def misses(session: Session, address_hash: str, since: dt.datetime) -> int:
    """How many codes were asked for in vain from one address since an instant."""
    statement = select(func.count()).where(VerificationMiss.address_hash == address_hash, VerificationMiss.at > since)
    return session.scalar(statement) or 0


def _rows() -> Select[tuple[Certificate, str, dt.datetime | None]]:
    return select(Certificate, Completion.source, Completion.withdrawn_at).join(
        Completion, Completion.id == Certificate.completion_id
    )


def _first(session: Session, rows: Select[tuple[Certificate, str, dt.datetime | None]]) -> CertificateValue | None:
    row = session.execute(rows).first()
    return _value(*row) if row else None


def _value(row: Certificate, source: str, corrected_at: dt.datetime | None) -> CertificateValue:
    kept = row.paper
    paper = Paper(
        name=kept["name"],
        birth_year=kept["birth_year"],
        task=kept["task"],
        organizer=kept["organizer"],
        batch=kept["batch"],
        starts_on=dt.date.fromisoformat(kept["starts_on"]),
        ends_on=dt.date.fromisoformat(kept["ends_on"]),
        quarters=kept["quarters"],
        way=CompletionWay(kept["way"]),
        issued_on=dt.date.fromisoformat(kept["issued_on"]),
        issuer=kept["issuer"],
    )
    return CertificateValue(
        id=row.id,
        member_id=row.member_id,
        completion_id=row.completion_id,
        source=source,
        code=row.code,
        paper=paper,
        intact=fingerprint(row.code, kept) == row.content_hash,
        issued_at=row.issued_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_because=row.withdrawn_because,
        corrected_at=corrected_at,
    )
