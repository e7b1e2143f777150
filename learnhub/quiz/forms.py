"""Reading answers from what a browser sends: a plain form, or the JSON of the script that saves as one goes.

Fields of the form: `answer.<question>` for choices, `answer.<question>.<number>` for blanks and places of an ordering,
`answer.<question>.<option>` for pairs, `revision.<question>` for each question that the page showed, and `client`.
"""

import json
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from learnhub.content.schema import Kind, Question
from learnhub.core.text import whole_number
from learnhub.quiz.rules import MalformedAnswer
from learnhub.quiz.rules.files import LONGEST_FILE, from_file
from learnhub.quiz.rules.sent import NewAnswer
from learnhub.web.form import Form

Fields = MultiDict[str, str]
# Ten times what the longest answer of the longest question takes.
LONGEST_JSON = 64 * 1024
_NEEDED = {"question", "value", "revision"}


def from_form(fields: Fields, questions: Iterable[Question]) -> list[NewAnswer]:
    """The answers of a sent page, for those of `questions` that it showed; raises MalformedAnswer for a made-up one."""
    found, client = [], fields.get("client", "")
    for question in questions:
        revision = fields.get(f"revision.{question.id}")
        if revision is not None:
            found.append(NewAnswer(question.id, _value(fields, question), _number(revision), client))
    return found


def from_json(body: bytes) -> NewAnswer:
    """The one answer in `{"question": …, "value": …, "revision": …, "client": …, "base": …}`; the last two may be missing.

    Raises MalformedAnswer for anything else.
    """
    if len(body) > LONGEST_JSON:
        raise MalformedAnswer
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedAnswer from None
    if not isinstance(sent, dict) or not _NEEDED <= set(sent) <= _NEEDED | {"client", "base"}:
        raise MalformedAnswer
    return NewAnswer(sent["question"], sent["value"], sent["revision"], sent.get("client", ""), sent.get("base"))


def doubled(fields: Fields, question: Question) -> bool:
    """Whether an ordering came with one option in two places; only the first of them is taken."""
    if question.kind is not Kind.ORDERING:
        return False
    places = _places(fields, question)
    return len(places) != len(set(places))


def _value(fields: Fields, question: Question) -> object:
    name = f"answer.{question.id}"
    if question.kind is Kind.MULTIPLE:
        return fields.getlist(name)
    if question.kind is Kind.BLANK:
        return [fields.get(f"{name}.{number}", "") for number in range(len(question.blanks))]
    if question.kind is Kind.ORDERING:
        return list(dict.fromkeys(_places(fields, question)))
    if question.kind is Kind.MATCHING:
        return {option.key: fields.get(f"{name}.{option.key}", "") for option in question.options}
    return fields.get(name, "")


def _places(fields: Fields, question: Question) -> list[str]:
    names = (f"answer.{question.id}.{number}" for number in range(len(question.options)))
    return [key for name in names if (key := fields.get(name, ""))]


def _number(text: str) -> int:
    number = whole_number(text)
    if number is None:
        raise MalformedAnswer
    return number


class AnswersFileForm(Form):
    """Answers that were kept as a file while they could not be sent."""

    file = FileField(_l("答案文件"), [FileRequired(_l("请选择文件。"))])

    @property
    def sent(self) -> tuple[int, list[NewAnswer]]:
        """The attempt and its answers."""
        return from_file(self.file.data.read(LONGEST_FILE + 1))


class ErratumForm(Form):
    """What is corrected, and why."""

    KEY, VOID = "key", "void"

    what = RadioField(_l("更正什么"), [InputRequired(_l("请选一种更正。"))], default=KEY)
    words = TextAreaField(_l("更正了什么、为什么"), [DataRequired(_l("请写明更正了什么、为什么。")), Length(max=300)])

    def offer(self) -> None:
        """Offer the two kinds of correction."""
        self.what.choices = [
            (self.KEY, _("按现在的正确答案重新判，答对的补上得分")),
            (self.VOID, _("这道题作废，做过的都得满分")),
        ]

    @property
    def void(self) -> bool:
        """Whether the question is made void."""
        return bool(self.what.data == self.VOID)
