"""The questions to be asked, taken from the catalogue."""

import dataclasses

from learnhub.content.schema import Catalogue, Question
from learnhub.core.errors import NotFound
from learnhub.core.text import N_


@dataclasses.dataclass(frozen=True, slots=True)
class Paper:
    """The questions to be asked: the name of what they belong to, a title, the hash of that content."""

    unit: str
    title: str
    content_hash: str
    questions: tuple[Question, ...]


def course_paper(catalogue: Catalogue, slug: str) -> Paper:
    """The questions of a course; raises NotFound when there is no such course or it asks nothing."""
    course = catalogue.course(slug)
    return _paper(Paper(f"course:{slug}", course.quiz_title or course.title, course.hash, course.quiz))


def month_paper(catalogue: Catalogue, month: str) -> Paper:
    """The questions of a month's unit; raises NotFound when there is no such unit or it asks nothing."""
    unit = catalogue.unit(month)
    return _paper(Paper(f"month:{month}", unit.quiz_title or unit.title, unit.hash, unit.quiz))


def _paper(paper: Paper) -> Paper:
    if not paper.questions:
        raise NotFound(N_("这里还没有练习题。"))
    return paper
