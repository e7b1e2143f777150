"""An act: who did it, when, and the key by which its repetition is recognised."""

import dataclasses
import datetime as dt
import enum
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Self

from learnhub.core import clock
from learnhub.core.text import N_

FIRST_HASH = "0" * 64


@dataclasses.dataclass(frozen=True, slots=True)
class Act:
    """One deliberate act of one person.

    `actor_id` is an account's id (0 for the system itself), `at` an aware instant, `key` the idempotency key that
    came with the request, if any: two acts with one key are one.
    """

    actor_id: int
    at: dt.datetime
    key: str | None = None

    @property
    def day(self) -> dt.date:
        """The civil day on which it was done."""
        return clock.local(self.at).date()

    def without_key(self) -> Self:
        """The same act for a part of it, or for what counts each time: the key belongs to the whole."""
        return dataclasses.replace(self, key=None)


class FactKind(enum.Enum):
    """A fact that is kept by changing its row."""

    MEMBERSHIP = "membership"
    POST = "post"
    CIRCUMSTANCE = "circumstance"
    PARTICULARS = "particulars"
    LINK = "link"
    ORGANIZATION = "organization"
    ROSTER = "roster"


FACT_LABELS = {
    FactKind.MEMBERSHIP: N_("所在组织"),
    FactKind.POST: N_("职务"),
    FactKind.CIRCUMSTANCE: N_("情况登记"),
    FactKind.PARTICULARS: N_("党员基本信息"),
    FactKind.LINK: N_("组织隶属关系"),
    FactKind.ORGANIZATION: N_("党组织信息"),
    FactKind.ROSTER: N_("名册导入"),
}
# What is not dated makes a difference on any day.
ALWAYS = dt.date(1, 1, 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A change of a dated fact; columns as plain JSON values, `since` the first civil day that it makes a difference."""

    fact: FactKind
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    since: dt.date
    member_id: int | None = None
    organization_id: int | None = None


def subject_id(subject: str) -> int:
    """The id in the subject of an entry such as `meeting:12`."""
    return int(subject.rpartition(":")[2])


def chained(previous: str, content: Mapping[str, Any]) -> str:
    """The hash of one entry: SHA-256 over the hash before it and the entry's content, keys in order."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
