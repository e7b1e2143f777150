"""A member's own record: every entry with why it stands, certificates, objections."""

import dataclasses
import datetime as dt

from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.queries import MemberOccasion
from learnhub.core.text import whole_number
from learnhub.members import queries as members
from learnhub.members.queries import RosterMember
from learnhub.members.rules import COMMITTEE_POSTS
from learnhub.records import queries as records
from learnhub.records.queries import (
    CertificateValue,
    CompletionValue,
    Ledger,
    LedgerEntry,
    NeedValue,
    ObjectionValue,
    PastEntry,
    RuleVersion,
)
from learnhub.records.rules import ANY_POST, COMMITTEE_POST, MISSING, NewCertificate
from learnhub.training.certificates import queries as certificates


@dataclasses.dataclass(frozen=True, slots=True)
class OwnEntry:
    """A credit and why it stands: the occasion it comes from, the rule it rests on, what it said before.

    `rule` is None where the credit rests on something else than a rule that is on file.
    """

    credit: LedgerEntry
    occasion: MemberOccasion | None
    rule: RuleVersion | None
    before: tuple[PastEntry, ...]

    @property
    def subject(self) -> str:
        """How an objection names it."""
        return f"credit:{self.credit.id}"


@dataclasses.dataclass(frozen=True, slots=True)
class OwnCompletion:
    """A completion, its certificate, and whether one can be had."""

    value: CompletionValue
    certificate: CertificateValue | None
    certifiable: bool

    @property
    def subject(self) -> str:
        """How an objection names it."""
        return f"completion:{self.value.id}"


@dataclasses.dataclass(frozen=True, slots=True)
class OwnRecord:
    """All that is registered about one member in one calendar year; `years` are those that can be asked for.

    `post` is the one (`any`, `committee`) whose yearly need holds, `taken_back` what was withdrawn without a successor.
    """

    ledger: Ledger
    entries: tuple[OwnEntry, ...]
    taken_back: tuple[PastEntry, ...]
    need: NeedValue
    post: str
    occasions: tuple[MemberOccasion, ...]
    completions: tuple[OwnCompletion, ...]
    objections: tuple[ObjectionValue, ...]
    years: tuple[int, ...]

    @property
    def objected(self) -> dict[str, ObjectionValue]:
        """The newest objection to each entry, by subject."""
        return {each.subject: each for each in reversed(self.objections) if each.subject != MISSING}


def own_record(session: Session, member_id: int, year: int, day: dt.date) -> OwnRecord:
    """What is registered about the member in `year`.

    The need is that of the member's post on `day`, for a past year on its last day.
    """
    asked = day if year >= day.year else dt.date(year, 12, 31)
    post = post_of(members.member(session, member_id, asked))
    ledger = records.ledger(session, member_id, year)
    past = records.corrected(session, member_id, year)
    occasions = attendance.of_member(session, member_id, year)
    standing = {each.source for each in ledger.entries}
    return OwnRecord(
        ledger=ledger,
        entries=_entries(session, ledger, occasions, past),
        taken_back=tuple(each for each in past if each.source not in standing),
        need=records.yearly_need(session, post, asked),
        post=post,
        occasions=occasions,
        completions=_completions(session, member_id),
        objections=records.objections_of(session, member_id),
        years=tuple(sorted({*records.years(session, member_id), year, day.year}, reverse=True)),
    )


def _entries(
    session: Session, ledger: Ledger, occasions: tuple[MemberOccasion, ...], past: tuple[PastEntry, ...]
) -> tuple[OwnEntry, ...]:
    known = records.hour_rules(session)
    met = {each.occasion.source: each for each in occasions}
    found = []
    for credit in ledger.entries:
        rules = (each for each in known[credit.kind] if each.in_force(credit.day) and each.basis == credit.basis)
        before = tuple(each for each in past if each.source == credit.source)
        found.append(OwnEntry(credit, met.get(credit.source), next(rules, None), before))
    return tuple(found)


def _completions(session: Session, member_id: int) -> tuple[OwnCompletion, ...]:
    found = records.completions_of(session, member_id)
    papers = records.certificates_of(session, member_id) if found else {}
    return tuple(OwnCompletion(each, papers.get(each.id), each.source.startswith("batch:")) for each in found)


def own_certificate(session: Session, member_id: int, completion_id: int) -> tuple[NewCertificate, ...]:
    """What the member's certificate of one of their own completions is made from; empty when there is none to be had."""
    own = [each for each in records.completions_of(session, member_id) if each.id == completion_id]
    return certificates.to_certify(session, own) if own else ()


def about(session: Session, member_id: int, subject: str) -> str | None:
    """The title of the entry of the member's own record that `subject` names; None when there is none.

    Empty for `missing`: then there is no entry, and the member says what is missing.
    """
    if subject == MISSING:
        return ""
    kind, _, number = subject.partition(":")
    if kind == "occasion":
        occasion_id = whole_number(number) or 0
        occasion = attendance.occasion(session, occasion_id)
        return occasion.title if occasion and member_id in attendance.roll(session, occasion_id) else None
    fact = records.fact(session, subject)
    return fact.title if fact and fact.member_id == member_id else None


def post_of(member: RosterMember | None) -> str:
    """Whose yearly need holds for the member."""
    on_committee = member is not None and not COMMITTEE_POSTS.isdisjoint(member.posts)
    return COMMITTEE_POST if on_committee else ANY_POST


def branch_of_occasion(session: Session, *, occasion_id: int) -> int | None:
    """The organization that held an occasion; a guard's place."""
    found = attendance.occasion(session, occasion_id)
    return found.organization_id if found else None
