"""The questions to be asked, taken from the catalogue."""

import dataclasses
import hashlib

from learnhub.content.schema import Catalogue, Draw, Question
from learnhub.core.errors import NotFound
from learnhub.core.text import N_


@dataclasses.dataclass(frozen=True, slots=True)
class Paper:
    """The questions to be asked: the name of what they belong to, a title, the hash of that content.

    `draw` says how many of each topic an attempt asks, where it does not ask all.
    """

    unit: str
    title: str
    content_hash: str
    questions: tuple[Question, ...]
    draw: Draw = ()

    @property
    def asks(self) -> int:
        """How many questions one attempt asks."""
        return sum(count for _topic, count in self.draw) if self.draw else len(self.questions)

    def drawn(self, seed: str) -> tuple[Question, ...]:
        """The questions of one attempt, the same for the same `seed`: all, or of each topic its share, in their order."""
        if not self.draw:
            return self.questions
        chosen = set[str]()
        for topic, count in self.draw:
            bank = [each.id for each in self.questions if each.topic == topic]
            chosen |= set(sorted(bank, key=lambda id: hashlib.sha256(f"{seed}\n{id}".encode()).digest())[:count])
        return tuple(each for each in self.questions if each.id in chosen)


def course_paper(catalogue: Catalogue, slug: str) -> Paper:
    """The questions of a course; raises NotFound when there is no such course or it asks nothing."""
    course = catalogue.course(slug)
    return _paper(Paper(f"course:{slug}", course.quiz_title or course.title, course.hash, course.quiz, course.draw))


def month_paper(catalogue: Catalogue, month: str) -> Paper:
    """The questions of a month's unit; raises NotFound when there is no such unit or it asks nothing."""
    unit = catalogue.unit(month)
    return _paper(Paper(f"month:{month}", unit.quiz_title or unit.title, unit.hash, unit.quiz, unit.draw))


def _paper(paper: Paper) -> Paper:
    if not paper.questions:
        raise NotFound(N_("这里还没有练习题。"))
    return paper
