"""What a theme day starts from: the nearest published pack, else the catalogue's unit, with the branch's own parts."""

from sqlalchemy.orm import Session

from learnhub.content.schema import MonthUnit
from learnhub.core import clock
from learnhub.meetings import queries
from learnhub.meetings.rules.packs import Part


def proposed(session: Session, organization_id: int, month: str, unit: MonthUnit | None) -> dict[str, object]:
    """The words scheduling is filled with, by field of its form; without a pack the catalogue's unit holds."""
    pack = queries.pack_for(session, organization_id, month, clock.today())
    own = queries.own_parts(session, organization_id, month)
    known: dict[str, object] = {}
    if pack:
        words = pack.words
        known = {"theme": words.title, "lesson": words.lesson, "lecturer": words.lecturer}
        known |= {"film": words.film, "film_source": words.film_source, "practice": words.practice}
    elif unit:
        known = {"theme": unit.title, "lesson": unit.lesson.title, "lecturer": unit.lesson.lecturer}
        known |= {"film": unit.film.title, "film_source": unit.film.source_name, "practice": unit.practice.title}
    if film := own.get(Part.FILM):
        known |= {"film": film.words, "film_source": film.source}
    if practice := own.get(Part.PRACTICE):
        known["practice"] = practice.words
    return known
