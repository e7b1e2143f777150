"""What one unit of a kind is worth, read from the rule table once for a whole year of records."""

import dataclasses
import datetime as dt
from typing import NamedTuple

from learnhub.records.rules import CreditKind


class HourRuleRow(NamedTuple):
    """One rule: quarter hours of `kind` from one day to another, and its basis (依据)."""

    kind: CreditKind
    quarters: int
    basis: str
    valid_from: dt.date
    valid_to: dt.date


@dataclasses.dataclass(frozen=True, slots=True)
class HourRules:
    """The rule table."""

    rows: tuple[HourRuleRow, ...]

    def on(self, kind: CreditKind, day: dt.date) -> tuple[int, str]:
        """The quarter hours of `kind` on `day` with their basis; (0, "") without a rule, as `records.queries.hour_rule`."""
        holding = [each for each in self.rows if each.kind is kind and each.valid_from <= day < each.valid_to]
        if not holding:
            return 0, ""
        latest = max(holding, key=lambda each: each.valid_from)
        return latest.quarters, latest.basis
