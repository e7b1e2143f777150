"""What headers of other people's lists mean, said once by hand and remembered."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.members import queries
from learnhub.members.models import ColumnByHand
from learnhub.members.rules.columns import UNREAD, SheetKind, headers, normal_header

_LONGEST = 100


def set_columns(session: Session, *, organization_id: int, keys: Mapping[str, str]) -> None:
    """Remember for the lists of an organization what columns are: `keys` by header, `UNREAD` for one not to be read.

    Raises DomainError for a key that no column has.
    """
    known = {key for kind in SheetKind for key in headers(kind)} | {UNREAD}
    held = {each.header: each for each in queries.column_rows(session, organization_id)}
    for header, key in keys.items():
        normal = normal_header(header)
        if not normal or len(normal) > _LONGEST or key not in known:
            raise DomainError(N_("没有这样的一列。"))
        if normal in held:
            held[normal].key = key
        else:
            session.add(ColumnByHand(organization_id=organization_id, header=normal, key=key))
    session.flush()
