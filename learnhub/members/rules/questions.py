"""What an import asks before it is confirmed: where a row has two meanings, somebody says which."""

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from typing import Any

from learnhub.core.text import N_


class LeavingReason(enum.Enum):
    """Why somebody is on the roster no longer."""

    TRANSFERRED = "transferred"
    DECEASED = "deceased"
    WITHDREW = "withdrew"
    REMOVED = "removed"
    EXPELLED = "expelled"


LEAVING_LABELS = {
    LeavingReason.TRANSFERRED: N_("组织关系转出"),
    LeavingReason.DECEASED: N_("去世"),
    LeavingReason.WITHDREW: N_("退党或自行脱党"),
    LeavingReason.REMOVED: N_("除名"),
    LeavingReason.EXPELLED: N_("开除党籍"),
}
# The answer that somebody who is missing from a complete list stays.
STAYS = "stays"
# The answer that a row is about somebody whom the roster does not know.
SOMEBODY_ELSE = "new"
YES = "yes"


class QuestionKind(enum.Enum):
    """What is asked about; one answer can be given to all questions of a kind."""

    STANDING_OLD = "standing-old"
    STANDING_RECENT = "standing-recent"
    POSTS_SINCE = "posts-since"
    SAME_PERSON = "same-person"
    LISTED_TWICE = "listed-twice"
    LEAVING = "leaving"


QUESTION_HEADINGS = {
    QuestionKind.STANDING_OLD: N_("正式还是预备"),
    QuestionKind.STANDING_RECENT: N_("有没有转正"),
    QuestionKind.POSTS_SINCE: N_("从哪一天起任职"),
    QuestionKind.SAME_PERSON: N_("是不是同一个人"),
    QuestionKind.LISTED_TWICE: N_("是不是列了两次"),
    QuestionKind.LEAVING: N_("名册里有、文件里没有的人"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be given: its value, and its words with their values."""

    value: str
    message: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class ImportQuestion:
    """A question with its choices and the answer given so far, empty for none. `key` is its name in a form."""

    key: str
    kind: QuestionKind
    message: str
    values: Mapping[str, Any]
    choices: tuple[Choice, ...]
    answer: str = ""


class Interview:
    """Asks, and looks up what has been answered: `answers` by key, or by `all:<kind>` for all of a kind."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.questions: list[ImportQuestion] = []

    def ask(
        self, kind: QuestionKind, name: str, message: str, values: Mapping[str, Any], choices: Sequence[Choice]
    ) -> str:
        """The answer to a question, empty while there is none; `name` tells the questions of a kind apart."""
        key = f"{kind.value}:{name}" if name else kind.value
        answer = self.answers.get(key) or self.answers.get(all_of(kind), "")
        if answer not in {choice.value for choice in choices}:
            answer = ""
        self.questions.append(ImportQuestion(key, kind, message, values, tuple(choices), answer))
        return answer


def all_of(kind: QuestionKind) -> str:
    """The name of the answer to all questions of a kind."""
    return f"all:{kind.value}"


def complete_key(code: str) -> str:
    """The name of the answer that the file lists everybody of the branch with this code."""
    return f"complete:{code}"
