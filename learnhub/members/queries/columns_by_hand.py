"""What has been said by hand of the columns of other people's lists."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.members.models import ColumnByHand


def column_rows(session: Session, organization_id: int) -> list[ColumnByHand]:
    """What has been said by hand of the columns of an organization's lists, as rows."""
    return list(session.scalars(select(ColumnByHand).where(ColumnByHand.organization_id == organization_id)))


def columns_by_hand(session: Session, organization_id: int) -> dict[str, str]:
    """The keys that have been given by hand to the headers of an organization's lists."""
    return {row.header: row.key for row in column_rows(session, organization_id)}
