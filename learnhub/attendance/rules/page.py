"""A roll on the screen and as it is sent: rows, what the recorder started from, guests, and which phone says so."""

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from learnhub.attendance.rules.marks import NOT_HERE, PRESENT, Outcome, RollChanged, RollMark
from learnhub.core.text import N_, normal_name, whole_number

NON_VOTING = RollMark(Outcome.NON_VOTING)
# How many people who are no members one record names, and how long a name may be.
MOST_GUESTS, LONGEST_NAME = 50, 100


class RollFields(Protocol):
    """The fields of a sent form, each name with one or several values."""

    def get(self, name: str, default: str) -> str:
        """The first value of `name`."""

    def getlist(self, name: str) -> list[str]:
        """Every value of `name`."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sender:
    """The phone that sent a roll, by the name it gave itself, and the number of its saving: later ones are higher."""

    client: str
    revision: int


@dataclasses.dataclass(frozen=True, slots=True)
class SentRoll:
    """The marks of a sent roll: who was `shown`, how each is marked, and who is missing without a reason.

    `base` is what the recorder started from, None where the page did not say; `guests` are the members of elsewhere
    who sit in, by id, each with the proof that came beside it (empty where none did); `names` are the people who are no
    members; `sender` is None without JavaScript. `later` are those who were listed since the roll was called: the mark
    with which the recorder adds each, None who is not added.
    """

    shown: tuple[int, ...]
    marks: Mapping[int, RollMark]
    unanswered: tuple[int, ...]
    base: Mapping[int, RollMark] | None = None
    guests: Mapping[int, str] = dataclasses.field(default_factory=dict)
    names: tuple[str, ...] = ()
    sender: Sender | None = None
    later: Mapping[int, RollMark | None] = dataclasses.field(default_factory=dict)

    @property
    def member_marks(self) -> dict[int, RollMark]:
        """The marks of those shown, with those of whom the recorder adds."""
        return {**self.marks, **{member: mark for member, mark in self.later.items() if mark is not None}}

    @property
    def all_marks(self) -> dict[int, RollMark]:
        """The marks with those of the guests."""
        return {**self.member_marks, **dict.fromkeys(self.guests, NON_VOTING)}

    def with_guests(self, known: Collection[int]) -> "SentRoll":
        """The same roll, of its guests those who are `known` alone."""
        return dataclasses.replace(self, guests={each: proof for each, proof in self.guests.items() if each in known})

    def mark_of(self, member_id: int, otherwise: RollMark) -> RollMark | None:
        """The mark to show again: as sent (None when a reason is still asked for), `otherwise` for who was not shown."""
        return self.marks.get(member_id) if member_id in self.shown else otherwise


@dataclasses.dataclass(frozen=True, slots=True)
class RollPerson:
    """Somebody on a roll: who, what tells namesakes apart, and the mark shown before anything was sent.

    `hint` says what the recorder may want to know, such as that the member has checked in by code.
    """

    id: int
    name: str
    about: str
    proposed: RollMark
    hint: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class RollRow:
    """One row of a roll on the screen: the mark shown (None: a reason is asked for), and what another recorder noted.

    `adopted` tells that the mark shown is the other recorder's, since this one had not touched it.
    """

    person: RollPerson
    mark: RollMark | None
    theirs: RollMark | None
    adopted: bool = False

    @property
    def differs(self) -> bool:
        """Whether another recorder noted something else."""
        return self.theirs is not None and self.theirs != self.mark

    @property
    def reasons(self) -> Mapping[RollMark, str]:
        """The reasons to choose from."""
        exempt = RollMark(Outcome.EXEMPT)
        return {**NOT_HERE, exempt: N_("不作要求")} if exempt in (self.person.proposed, self.mark) else NOT_HERE


@dataclasses.dataclass(frozen=True, slots=True)
class RollPage:
    """A roll on the screen; `changed` when another recorder saved a different one meanwhile.

    `base` is what the form goes on from, as it is sent back (see `base_words`). `later` are those who were listed since
    the roll was called: nobody has said yet how they met the occasion, so their mark is None until it is chosen.
    """

    rows: tuple[RollRow, ...]
    base_version: int
    changed: RollChanged | None
    base: str = ""
    later: tuple[RollRow, ...] = ()

    @property
    def choices(self) -> Mapping[RollMark, str]:
        """The marks with which somebody listed later can be added."""
        return {PRESENT: N_("到会"), **NOT_HERE, RollMark(Outcome.EXEMPT): N_("不作要求")}

    @property
    def here(self) -> int:
        """How many are shown as present."""
        return sum(row.mark == PRESENT for row in self.rows)

    @property
    def exempt(self) -> int:
        """How many are shown as not asked to come."""
        return sum(row.mark == RollMark(Outcome.EXEMPT) for row in self.rows)

    @property
    def away(self) -> int:
        """How many were asked to come and are not shown as present."""
        return len(self.rows) - self.here - self.exempt

    @property
    def unanswered(self) -> list[RollRow]:
        """The rows that wait for a reason."""
        return [row for row in self.rows if row.mark is None]


def sent_roll(fields: RollFields) -> SentRoll:
    """Read a sent roll: `member` for each one shown, `here` for each ticked, `why-<id>` for the others.

    Beside them `base` (what it began from), `guest` for each member of elsewhere (the id, or `id.proof`), `names` of
    people who are no members, `later` for each listed since the roll was called with `mark-<id>`, and `client` with
    `revision` where a script sent it.
    """
    shown = _numbers(fields.getlist("member"))
    here = set(fields.getlist("here"))
    marks, unanswered = {}, []
    for member in shown:
        mark = PRESENT if str(member) in here else RollMark.from_code(fields.get(f"why-{member}", ""))
        if mark is None:
            unanswered.append(member)
        else:
            marks[member] = mark
    guests = _guests(fields.getlist("guest"))
    return SentRoll(
        shown,
        marks,
        tuple(unanswered),
        base=base_marks(fields.get("base", "-"), shown),
        guests={member: proof for member, proof in guests.items() if member not in marks},
        names=read_names(fields.get("names", "")),
        sender=_sender(fields),
        later={
            member: RollMark.from_code(fields.get(f"mark-{member}", "")) for member in _numbers(fields.getlist("later"))
        },
    )


def _numbers(texts: Iterable[str]) -> tuple[int, ...]:
    found = (whole_number(each) for each in texts)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _guests(texts: Iterable[str]) -> dict[int, str]:
    """The proofs by member id; of two for one member the one that is not empty."""
    found: dict[int, str] = {}
    for each in texts:
        member, _, proof = each.partition(".")
        number = whole_number(member)
        if number is not None:
            found[number] = proof or found.get(number, "")
    return found


def _sender(fields: RollFields) -> Sender | None:
    client, revision = fields.get("client", ""), whole_number(fields.get("revision", ""))
    if revision is None or not re.fullmatch(r"[0-9a-f]{16}", client):
        return None
    return Sender(client, revision)


def read_names(text: str) -> tuple[str, ...]:
    """The names in a line as people type it, divided by 、 or commas, each once and in its normal form."""
    names = (normal_name(each)[:LONGEST_NAME] for each in re.split(r"[、，,;；\n]+", text))
    return tuple(dict.fromkeys(each for each in names if each))[:MOST_GUESTS]


def base_words(marks: Mapping[int, RollMark]) -> str:
    """What a form carries of the roll it began from: every mark but the present ones, as `12=leave:sick`."""
    return " ".join(f"{member}={mark.code}" for member, mark in marks.items() if mark != PRESENT)


def base_marks(words: str, shown: Collection[int]) -> dict[int, RollMark] | None:
    """The marks that `base_words` wrote; everybody else who was `shown` was present. None for what it cannot read."""
    base = dict.fromkeys(shown, PRESENT)
    for each in words.split():
        member, _, code = each.partition("=")
        number, mark = whole_number(member), RollMark.from_code(code)
        if number is None or mark is None:
            return None
        base[number] = mark
    return base


def roll_page(
    people: Iterable[RollPerson],
    *,
    version: int,
    started: int | None,
    sent: SentRoll | None,
    changed: RollChanged | None,
    later: Iterable[RollPerson] = (),
) -> RollPage:
    """Everybody marked as sent, else as proposed; beside it what another recorder noted, and who was listed `later`.

    The form goes on from `version`, the one that stands, when nothing was sent; after somebody else's saving from
    theirs, so that pressing again confirms; otherwise from where it `started`, so that a stale page is still found out.
    """
    listed = tuple(people)
    proposed = {each.id: each.proposed for each in listed}
    rows = tuple(_row(each, sent, changed) for each in listed)
    added = tuple(RollRow(each, sent.later.get(each.id) if sent else None, None) for each in later)
    if changed is not None:
        return RollPage(rows, changed.version, changed, base_words(changed.roll), added)
    if sent is None or started is None:
        return RollPage(rows, version, None, base_words(proposed), added)
    return RollPage(rows, started, None, "-" if sent.base is None else base_words(sent.base), added)


def _row(person: RollPerson, sent: SentRoll | None, changed: RollChanged | None) -> RollRow:
    mark = sent.mark_of(person.id, person.proposed) if sent else person.proposed
    theirs = changed.roll.get(person.id) if changed else None
    if changed is not None and changed.conflicts is not None and person.id not in changed.conflicts:
        merged = changed.merged.get(person.id, mark)
        return RollRow(person, merged, None, adopted=merged != mark)
    return RollRow(person, mark, theirs)
