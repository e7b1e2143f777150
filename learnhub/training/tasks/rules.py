"""Whom a task is for (kinds, posts, circumstances, domain, dates), its cycle, and the rule of its completion."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.members.rules import CIRCUMSTANCE_LABELS, POST_LABELS, CircumstanceKind, PostKind, Sex
from learnhub.organizations.rules import DOMAIN_LABELS, Domain

Word = TypeVar("Word", bound=enum.Enum)


class MemberKind(enum.Enum):
    """Full and probationary members."""

    FULL = "full"
    PROBATIONARY = "probationary"


KIND_LABELS = {MemberKind.FULL: N_("正式党员"), MemberKind.PROBATIONARY: N_("预备党员")}


@dataclasses.dataclass(frozen=True, slots=True)
class Audience:
    """Whom a task is for, within its organization. An empty set or None asks nothing; each other one must be met.

    `post_months`: one of `posts` (of any, when there are none) was taken up at most so many months ago. `full_months`:
    still on probation, or a full member since at most so many months; what was completed on probation then covers the
    probation only. 依据：预备期内、转正后一年内各参加一次集中培训；新任党支部书记半年内参加任职培训。
    """

    kinds: frozenset[MemberKind] = frozenset()
    posts: frozenset[PostKind] = frozenset()
    domains: frozenset[Domain] = frozenset()
    circumstances: frozenset[CircumstanceKind] = frozenset()
    post_months: int | None = None
    full_months: int | None = None

    def includes(
        self,
        *,
        day: dt.date,
        full_on: dt.date | None,
        posts: Mapping[PostKind, dt.date],
        domain: Domain | None,
        circumstances: Collection[CircumstanceKind],
    ) -> bool:
        """Whether the task is, on `day`, for a member with these facts.

        `full_on` is the day of full membership (None or later than `day` on probation), `posts` the posts held with the
        day each was last taken up, `domain` that of the member's branch.
        """
        return (
            self._has_kind(day, full_on)
            and self._has_post(day, posts)
            and (not self.domains or domain in self.domains)
            and (not self.circumstances or not self.circumstances.isdisjoint(circumstances))
        )

    def _has_kind(self, day: dt.date, full_on: dt.date | None) -> bool:
        probationary = full_on is None or full_on > day
        kind = MemberKind.PROBATIONARY if probationary else MemberKind.FULL
        if self.kinds and kind not in self.kinds:
            return False
        if self.full_months is None or full_on is None or full_on > day:
            return True
        return full_on >= months_before(day, self.full_months)

    def _has_post(self, day: dt.date, posts: Mapping[PostKind, dt.date]) -> bool:
        if not self.posts and self.post_months is None:
            return True
        asked = [since for post, since in posts.items() if not self.posts or post in self.posts]
        if self.post_months is None:
            return bool(asked)
        return any(since >= months_before(day, self.post_months) for since in asked)

    def covers(self, *, day: dt.date, full_on: dt.date | None, completed_on: dt.date) -> bool:
        """Whether what a member completed on `completed_on` still covers the member on `day`: it was in the same stage."""
        if self.full_months is None or full_on is None or full_on > day:
            return True
        return completed_on >= full_on

    def sentence(self, translate: Callable[[str], str]) -> str:
        """The rule in words, by a translation of messages: what each part asks, or that the task is for everybody."""
        parts = [
            translate(N_("、")).join(translate(labels[word]) for word in labels if word in words)
            for labels, words in self._parts()
            if words
        ]
        if self.post_months is not None:
            parts.append(translate(N_("任职不超过 %(months)s 个月")) % {"months": self.post_months})
        if self.full_months is not None:
            words = N_("预备期内，或者转正不超过 %(months)s 个月，两个阶段各训一次")
            parts.append(translate(words) % {"months": self.full_months})
        return translate(N_("；")).join(parts) or translate(N_("全体党员"))

    def _parts(self) -> tuple[tuple[Mapping[Any, str], frozenset[Any]], ...]:
        return (
            (KIND_LABELS, self.kinds),
            (POST_LABELS, self.posts),
            (DOMAIN_LABELS, self.domains),
            (CIRCUMSTANCE_LABELS, self.circumstances),
        )

    def to_json(self) -> dict[str, Any]:
        """The rule as plain data, the same for equal rules."""
        return {
            "kinds": _plain(self.kinds),
            "posts": _plain(self.posts),
            "domains": _plain(self.domains),
            "circumstances": _plain(self.circumstances),
            "post_months": self.post_months,
            "full_months": self.full_months,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Audience":
        """The rule of plain data as `to_json` makes it; raises ValueError for a word that is not known."""
        return cls(
            kinds=_words(MemberKind, data.get("kinds", ())),
            posts=_words(PostKind, data.get("posts", ())),
            domains=_words(Domain, data.get("domains", ())),
            circumstances=_words(CircumstanceKind, data.get("circumstances", ())),
            post_months=data.get("post_months"),
            full_months=data.get("full_months"),
        )


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day `months` calendar months earlier, or the last of that month where it has no such day."""
    month = clock.next_month(clock.month_of(day), -months)
    last = clock.last_day(month)
    return last.replace(day=min(day.day, last.day))


def _plain(words: frozenset[Word]) -> list[str]:
    return sorted(word.value for word in words)


def _words(kind: type[Word], values: Collection[str]) -> frozenset[Word]:
    return frozenset(kind(value) for value in values)


# 依据：党员教育培训按年度计划，工作规划一般五年一个周期。
LONGEST_YEARS = 5


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day `years` years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def check_cycle(starts_on: dt.date, ends_on: dt.date) -> None:
    """Raise DomainError unless the cycle lasts from one to five whole years, both days included."""
    if ends_on < starts_on:
        raise DomainError(N_("结束的日子不能早于开始的日子。"), field="ends_on")
    after = ends_on + dt.timedelta(days=1)
    if after < years_after(starts_on, 1):
        raise DomainError(
            N_("轮训周期至少一年：从 %(start)s 开始，最早到 %(end)s 结束。"),
            field="ends_on",
            start=starts_on.isoformat(),
            end=(years_after(starts_on, 1) - dt.timedelta(days=1)).isoformat(),
        )
    if after > years_after(starts_on, LONGEST_YEARS):
        raise DomainError(
            N_("轮训周期最长五年：从 %(start)s 开始，最晚到 %(end)s 结束。"),
            field="ends_on",
            start=starts_on.isoformat(),
            end=(years_after(starts_on, LONGEST_YEARS) - dt.timedelta(days=1)).isoformat(),
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a task is for, as a list names them; `organization_id` is their branch, `branch` its name."""

    id: int
    name: str
    sex: Sex
    birth_month: str
    organization_id: int
    branch: str


# More attempts than anybody sits one test; the newest twenty are all that is looked through.
MOST_ATTEMPTS = 10


@dataclasses.dataclass(frozen=True, slots=True)
class CompletionRule:
    """Who completes a batch, as stamped on the task and, at its opening, on the batch.

    Hours missed may be at most `1/leave_part` of the batch's hours; the test asks for `pass_percent`, None for no test,
    and may be taken here `attempts` times, None for as often as one likes.
    依据：脱产培训请假累计不超过总学时的七分之一（干部教育培训的学员管理规定）。
    """

    leave_part: int
    pass_percent: int | None
    attempts: int | None = None

    def may_miss(self, total: int) -> int:
        """How many quarter hours of `total` may be missed at most."""
        return total // self.leave_part
