"""How members of each circumstance usually meet an occasion, as tables to draw from in one step."""

from typing import NamedTuple

from learnhub.attendance.rules import ATTENDED, LeaveReason, Outcome
from learnhub.members.rules import CircumstanceKind

_O, _L, _C = Outcome, LeaveReason, CircumstanceKind
TABLE_SIZE = 200


class Mark(NamedTuple):
    """An outcome with its reason, and whether it counts as having taken part."""

    outcome: Outcome
    reason: LeaveReason | None
    attended: bool


Table = tuple[Mark, ...]


def _table(*shares: tuple[int, Outcome, LeaveReason | None]) -> Table:
    """`shares` are two-hundredths; whatever is left is present."""
    marks = [Mark(outcome, reason, outcome in ATTENDED) for share, outcome, reason in shares for _ in range(share)]
    return (*[Mark(_O.PRESENT, None, True)] * (TABLE_SIZE - len(marks)), *marks)


USUAL = _table(
    (4, _O.ONLINE, None),
    (4, _O.LEAVE, _L.SICK),
    (6, _O.LEAVE, _L.PERSONAL),
    (4, _O.LEAVE, _L.OFFICIAL),
    (1, _O.LEAVE, _L.OTHER),
    (3, _O.ABSENT, None),
)
IN_CLASS = _table((3, _O.LEAVE, _L.OFFICIAL), (2, _O.LEAVE, _L.SICK), (1, _O.ABSENT, None))
_AWAY = _table(
    (100, _O.RECEIVING_PLACE, None),
    (40, _O.ONLINE, None),
    (36, _O.LEAVE, _L.OTHER),
    (10, _O.LEAVE, _L.PERSONAL),
    (10, _O.ABSENT, None),
)
# Members without a circumstance stand under None.
TABLES: dict[CircumstanceKind | None, Table] = {
    None: USUAL,
    _C.EXEMPT: _table((170, _O.EXEMPT, None)),
    _C.MOBILE: _AWAY,
    _C.IN_TRANSIT: _AWAY,
}
