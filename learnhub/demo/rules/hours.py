"""What one unit of a kind is worth, read from the rule table once for a whole year of records."""

import dataclasses
import datetime as dt
from typing import NamedTuple

from learnhub.records.rules import CreditKind

# Hours of the demonstration. A county decides about its own, and enters them with its own document.
_K = CreditKind
DEMONSTRATION_HOURS = (
    (_K.TRAINING, 16, "演示用的规则，不是真实文件：半天 4 学时"),
    (_K.THEME_DAY, 3, "演示用的规则，不是真实文件：主题党日一次 0.75 学时"),
    (_K.LECTURE, 4, "演示用的规则，不是真实文件：党课一次 1 学时"),
    (_K.MEETING, 2, "演示用的规则，不是真实文件：组织生活一次 0.5 学时"),
    (_K.MAKE_UP, 3, "演示用的规则，不是真实文件：补课一次 0.75 学时"),
    (_K.HOME_DELIVERED, 3, "演示用的规则，不是真实文件：送学上门一次 0.75 学时"),
    (_K.HIGHER_LEVEL, 32, "演示用的规则，不是真实文件：上级调训一天 8 学时"),
)
DEMONSTRATION_SINCE = dt.date(2019, 5, 6)


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
