"""The file in which a quiz page keeps answers that could not be sent."""

import json

from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.quiz.rules.sent import NewAnswer

# A hundred questions with the longest answers.
LONGEST_FILE = 1024 * 1024


class NoAnswersFile(DomainError, ValueError):
    """The file was not written by a quiz page, or damaged since."""

    def __init__(self) -> None:
        super().__init__(N_("这不是从答题页存下来的答案文件，或者文件坏了。"), field="file")


def from_file(body: bytes) -> tuple[int, list[NewAnswer]]:
    """The attempt's id and the answers of a file that a quiz page wrote; raises NoAnswersFile for anything else."""
    if len(body) > LONGEST_FILE:
        raise NoAnswersFile
    try:
        sent = json.loads(body)
        attempt, client = sent["attempt"], sent.get("client", "")
        found = [
            NewAnswer(each["question"], each["value"], each["revision"], client, each.get("base"))
            for each in sent["answers"]
        ]
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise NoAnswersFile from None
    if type(attempt) is not int or attempt < 1 or not found:
        raise NoAnswersFile
    return attempt, found
