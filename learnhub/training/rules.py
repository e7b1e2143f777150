"""Rotational training as values and pure functions: whom a task is for, and who completes a batch."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from learnhub.core.text import N_
from learnhub.members.rules import CircumstanceKind, PostKind
from learnhub.organizations.rules import Domain

Word = TypeVar("Word", bound=enum.Enum)


class MemberKind(enum.Enum):
    """Full and probationary members."""

    FULL = "full"
    PROBATIONARY = "probationary"


KIND_LABELS = {MemberKind.FULL: N_("正式党员"), MemberKind.PROBATIONARY: N_("预备党员")}


@dataclasses.dataclass(frozen=True, slots=True)
class Audience:
    """Whom a task is for, within its organization. An empty set asks nothing; each other one must be met."""

    kinds: frozenset[MemberKind] = frozenset()
    posts: frozenset[PostKind] = frozenset()
    domains: frozenset[Domain] = frozenset()
    circumstances: frozenset[CircumstanceKind] = frozenset()

    def includes(
        self,
        *,
        probationary: bool,
        posts: Collection[PostKind],
        domain: Domain | None,
        circumstances: Collection[CircumstanceKind],
    ) -> bool:
        """Whether the task is for a member with these facts; `domain` is that of the member's branch."""
        kind = MemberKind.PROBATIONARY if probationary else MemberKind.FULL
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.posts or not self.posts.isdisjoint(posts))
            and (not self.domains or domain in self.domains)
            and (not self.circumstances or not self.circumstances.isdisjoint(circumstances))
        )

    def to_json(self) -> dict[str, list[str]]:
        """The rule as plain data, the same for equal rules."""
        return {
            "kinds": _plain(self.kinds),
            "posts": _plain(self.posts),
            "domains": _plain(self.domains),
            "circumstances": _plain(self.circumstances),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Audience":
        """The rule of plain data as `to_json` makes it; raises ValueError for a word that is not known."""
        return cls(
            kinds=_words(MemberKind, data.get("kinds", ())),
            posts=_words(PostKind, data.get("posts", ())),
            domains=_words(Domain, data.get("domains", ())),
            circumstances=_words(CircumstanceKind, data.get("circumstances", ())),
        )


def _plain(words: frozenset[Word]) -> list[str]:
    return sorted(word.value for word in words)


def _words(kind: type[Word], values: Collection[str]) -> frozenset[Word]:
    return frozenset(kind(value) for value in values)


@dataclasses.dataclass(frozen=True, slots=True)
class CompletionRule:
    """Who completes a batch, as stamped on the task.

    Hours missed may be at most `1/leave_part` of the batch's hours; the test asks for `pass_percent`, None for no test.
    依据：脱产培训请假累计不超过总学时的七分之一（干部教育培训的学员管理规定）。
    """

    leave_part: int
    pass_percent: int | None


class Shortfall(enum.Enum):
    """Why somebody does not complete a batch."""

    MISSED = "missed"
    NO_TEST = "no_test"
    NOT_PASSED = "not_passed"


SHORTFALL_LABELS = {
    Shortfall.MISSED: N_("缺课超过允许的学时"),
    Shortfall.NO_TEST: N_("没有结业测试成绩"),
    Shortfall.NOT_PASSED: N_("结业测试没有合格"),
}


def shortfall(rule: CompletionRule, *, total: int, attended: int, percent: int | None) -> Shortfall | None:
    """What keeps somebody from completing, None when nothing does.

    `total` and `attended` are the batch's and the member's quarter hours, `percent` the test result. Hours missed count
    whatever the reason; the boundary itself is allowed.
    """
    if (total - attended) * rule.leave_part > total:
        return Shortfall.MISSED
    if rule.pass_percent is None:
        return None
    if percent is None:
        return Shortfall.NO_TEST
    return Shortfall.NOT_PASSED if percent < rule.pass_percent else None


@dataclasses.dataclass(frozen=True, slots=True)
class NewSession:
    """A session to be put on a batch's timetable; `course` is the slug of a course of the catalogue.

    `quarters` are quarter hours; None takes what the rule table says for its day.
    """

    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    lecturer: str = ""
    course: str | None = None
    quarters: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class NewResult:
    """A test result in per cent (None takes one back); `attempt_id` where it was taken here."""

    member_id: int
    percent: int | None
    attempt_id: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch came to for one member: quarter hours attended of all, the test, and what is missing if anything."""

    member_id: int
    attended: int
    total: int
    percent: int | None
    shortfall: Shortfall | None

    @property
    def completes(self) -> bool:
        """Whether nothing is missing."""
        return self.shortfall is None


def batches_needed(remaining: int, capacity: int) -> int:
    """How many batches of `capacity` places `remaining` members still need."""
    return -(-remaining // capacity)
