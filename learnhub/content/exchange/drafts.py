"""A question as plain text: what the forms of other programs and our own have in common."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from learnhub.content.problems import Problem, Problems
from learnhub.content.questions import TRUE_FALSE
from learnhub.content.render import plain
from learnhub.content.schema import Kind, Question, content_hash
from learnhub.core.text import N_

BLANK = "___"
_BLANKS = re.compile(r"[_＿]{2,}")
_FORMATTED = re.compile(r"<(a|strong|em|code|sup)\b")
_NOT_TEXT = re.compile(r"<(img|table|figure|pre|ul|ol|dl|aside)\b")


@dataclass(frozen=True, slots=True)
class Draft:
    """One question in plain text. `line` is where it stood in the file it comes from.

    stem           one line; in a blank's stem (or material) each blank is `___`
    material, explanation   paragraphs, one a line
    options        what is chosen, with whether it is right; for true or false just 对 and 错
    blanks         for each blank the answers that are accepted
    steps          what is put in order, in the right order
    pairs          what is matched
    topic          what it belongs to where questions are drawn by topic
    """

    kind: Kind
    stem: str
    line: int = 0
    id: str = ""
    material: str = ""
    options: tuple[tuple[str, bool], ...] = ()
    blanks: tuple[tuple[str, ...], ...] = ()
    steps: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    explanation: str = ""
    topic: str = ""

    @property
    def lasting_id(self) -> str:
        """The id, or one that follows from what is asked, so that the same question gets the same one again."""
        asked = (self.kind.value, self.stem, self.material, self.options, self.blanks, self.steps, self.pairs)
        return self.id or f"q-{content_hash(asked)[:8]}"


class Notes:
    """The problems of one file that is read or written."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._problems = Problems()

    def error(self, line: int, reason: str, **values: object) -> None:
        """Something on `line` was not read (not written)."""
        self._problems.error(self._file, (max(line, 1), 1), reason, **values)

    def warn(self, line: int, reason: str, **values: object) -> None:
        """Something on `line` was read otherwise than it stands there."""
        self._problems.warn(self._file, (max(line, 1), 1), reason, **values)

    def all(self) -> tuple[Problem, ...]:
        """All of them, by line."""
        return tuple(self._problems.sorted())


def clean(text: str) -> str:
    """One line: single spaces, each blank `___`."""
    return _BLANKS.sub(BLANK, " ".join(text.split()))


def paragraphs(text: str) -> str:
    """Paragraphs, one a line, without empty ones."""
    return "\n".join(line for line in map(clean, text.splitlines()) if line)


def true_false(is_right: bool) -> tuple[tuple[str, bool], ...]:
    """The options of a true-or-false."""
    yes, no = TRUE_FALSE
    return ((yes, is_right), (no, not is_right))


def choice(draft: Draft, options: Iterable[tuple[str, bool]]) -> Draft:
    """`draft` with these options, its kind following from them as in our own form."""
    made = tuple((clean(text), is_right) for text, is_right in options)
    if {text for text, _ in made} == set(TRUE_FALSE) and len(made) == 2:
        kind = Kind.TRUE_FALSE
    else:
        kind = Kind.SINGLE if sum(is_right for _, is_right in made) == 1 else Kind.MULTIPLE
    return replace(draft, kind=kind, options=made)


def of_question(question: Question) -> Draft:
    """A question of the catalogue in plain text."""
    words = {option.key: clean(option.text) for option in (*question.options, *question.targets)}
    is_choice = question.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE)
    return Draft(
        kind=question.kind,
        stem=clean(question.title),
        line=question.line,
        id=question.id,
        material=paragraphs(plain(question.material_html)),
        options=tuple((clean(each.text), each.key in question.correct) for each in question.options)
        if is_choice
        else (),
        blanks=tuple(tuple(map(clean, accepted)) for accepted in question.blanks),
        steps=tuple(words[key] for key in question.correct) if question.kind is Kind.ORDERING else (),
        pairs=tuple((words[left], words[right]) for left, right in question.pairs),
        explanation=paragraphs(plain(question.explanation_html)),
        topic=clean(question.topic),
    )


def plain_enough(question: Question, notes: Notes) -> bool:
    """Whether `question` says all it has to say in plain text; a picture or a table does not, bold print is a warning."""
    html = [question.stem_html, question.material_html, question.explanation_html]
    html += [option.html for option in (*question.options, *question.targets)]
    everything = "\n".join(html)
    if _NOT_TEXT.search(everything):
        notes.error(question.line, N_("这道题里有图片、表格或列表，这种格式放不下，没有写出：%(id)s"), id=question.id)
        return False
    if _FORMATTED.search(everything):
        notes.warn(question.line, N_("这道题里的粗体、链接等格式没有写出，文字都在：%(id)s"), id=question.id)
    return True
