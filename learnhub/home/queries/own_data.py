"""Everything that is stored about one person, put together from what each room hands out."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.core.holding import Holding
from learnhub.organizations import queries as organizations

Source = Callable[[Session, int, int | None], tuple[Holding, ...]]


def own_data(
    session: Session, sources: Iterable[Source], account_id: int, member_id: int | None
) -> tuple[Holding, ...]:
    """What the rooms behind `sources` keep about the person, organizations by their names; one statement a table."""
    found = [each for source in sources for each in source(session, account_id, member_id)]
    names = _organization_names(session, found)
    for row in (row for each in found for row in each.rows if row.get("organization_id")):
        row["organization"] = names.get(row["organization_id"], "")
    return tuple(found)


def _organization_names(session: Session, found: Sequence[Holding]) -> dict[int, str]:
    ids = {row["organization_id"] for each in found for row in each.rows if row.get("organization_id")}
    known = organizations.names(clock.today())
    return dict(session.execute(select(known.c.id, known.c.name).where(known.c.id.in_(ids))).tuples().all())
