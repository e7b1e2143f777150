"""An answer as a browser sends it, and whether it is newer than what stands stored."""

import dataclasses
import re

from learnhub.quiz.rules import Answer, MalformedAnswer

# Far more than anybody changes one answer, and inside what every database counts to.
HIGHEST_REVISION = 1_000_000
_CLIENT = re.compile(r"[A-Za-z0-9_-]{0,36}")


@dataclasses.dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer as it came: `value` as JSON in the form `quiz.rules` describes, `revision` the browser's count.

    `client` tells browsers apart, for this attempt alone; empty where a page was opened before there was one. `base` is
    the revision that this browser knew to be stored when the answer was given; without one it is the revision before.
    Making one raises MalformedAnswer for what no page sends.
    """

    question_id: str
    value: object
    revision: int
    client: str = ""
    base: int | None = None

    def __post_init__(self) -> None:
        whole = type(self.revision) is int and type(self.knows) is int
        if not whole or not 0 <= self.knows < self.revision <= HIGHEST_REVISION:
            raise MalformedAnswer
        if not isinstance(self.question_id, str) or not isinstance(self.client, str):
            raise MalformedAnswer
        if not _CLIENT.fullmatch(self.client):
            raise MalformedAnswer

    @property
    def knows(self) -> int:
        """The revision that the browser knew to be stored; 0 for none."""
        return self.revision - 1 if self.base is None else self.base


def is_news(new: NewAnswer, value: Answer | None, *, stored: Answer | None, revision: int, client: str) -> bool:
    """Whether `new`, whose value normalised is `value`, must be written over what is `stored` (revision 0: nothing is).

    Of one browser the higher revision is the later. The same answer as the very next one is not written: a page of ten
    unchanged answers then costs no write; with a gap in the revisions it is, since the one between may still be on its
    way. Of two browsers only the one that has seen what the other stored may write over it, however high it has counted
    by itself: an answer given long ago without network does not silently replace one that was given since.
    """
    if revision == 0:
        return value is not None or new.revision > 1
    if client != new.client and new.knows != revision:
        return False
    return new.revision > revision and (stored != value or new.revision > revision + 1)
