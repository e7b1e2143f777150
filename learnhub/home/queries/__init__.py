"""What the start pages and the member's own record show, gathered from the rooms below through their own questions."""

from learnhub.home.queries.own import OwnRecord, about, branch_of_occasion, own_certificate, own_record
from learnhub.home.queries.own_data import own_data
from learnhub.home.queries.starts import (
    BranchStart,
    MemberStart,
    PlaceStart,
    branch_start,
    member_start,
    place_start,
    schema,
)

__all__ = [
    "BranchStart",
    "MemberStart",
    "OwnRecord",
    "PlaceStart",
    "about",
    "branch_of_occasion",
    "branch_start",
    "member_start",
    "own_certificate",
    "own_data",
    "own_record",
    "place_start",
    "schema",
]
