"""Coverage as pure functions: six disjoint classes in a fixed order, the columns made of them, and two rates.

The counting basis (口径) stands in docs/counting.md, "Coverage". `reports.queries` says the same in SQL, and a
test holds the two together.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping, Set

from learnhub.core.text import N_
from learnhub.records.rules import CompletionWay

# The oldest age band of the rosters: 61 and above (docs/counting.md, Words that the code uses).
OLDER_FROM = 61


class CoverageClass(enum.Enum):
    """The six classes, in the order in which they are tested."""

    LOST = "lost"
    COVERED = "covered"
    EXEMPT = "exempt"
    IN_TRAINING = "in_training"
    IN_TRANSIT = "in_transit"
    NOT_COVERED = "not_covered"


# Somebody covered in several ways is shown under the first of these, so the ways sum to the covered.
WAY_ORDER = tuple(CompletionWay)


class Column(enum.Enum):
    """The columns of 轮训覆盖情况表 that count heads, in its order."""

    HEADS = "heads"
    LOST = "lost"
    EXEMPT = "exempt"
    DUE = "due"
    CENTRALIZED = "centralized"
    RECEIVING_PLACE = "receiving_place"
    HOME_DELIVERED = "home_delivered"
    MAKE_UP = "make_up"
    HIGHER_LEVEL = "higher_level"
    COVERED = "covered"
    IN_TRAINING = "in_training"
    IN_TRANSIT = "in_transit"
    NOT_COVERED = "not_covered"
    WOMEN = "women"
    OLDER = "older"
    MOBILE = "mobile"
    PROBATIONARY = "probationary"
    SECRETARIES = "secretaries"
    COMMITTEE = "committee"

    # There is one of each: by identity it is found in half the time that its name takes.
    __hash__ = object.__hash__


COLUMN_LABELS = {
    Column.HEADS: N_("党员总数"),
    Column.LOST: N_("失联停籍"),
    Column.EXEMPT: N_("不作硬性要求"),
    Column.DUE: N_("应训"),
    Column.CENTRALIZED: N_("集中"),
    Column.RECEIVING_PLACE: N_("流入地"),
    Column.HOME_DELIVERED: N_("送学上门"),
    Column.MAKE_UP: N_("补训"),
    Column.HIGHER_LEVEL: N_("上级调训"),
    Column.COVERED: N_("已训"),
    Column.IN_TRAINING: N_("在训"),
    Column.IN_TRANSIT: N_("在途"),
    Column.NOT_COVERED: N_("未训"),
    Column.WOMEN: N_("女党员"),
    Column.OLDER: N_("61 岁及以上"),
    Column.MOBILE: N_("流动党员"),
    Column.PROBATIONARY: N_("预备党员"),
    Column.SECRETARIES: N_("党支部书记"),
    Column.COMMITTEE: N_("支委会成员"),
}
CLASS_COLUMNS = {each: Column(each.value) for each in CoverageClass}
WAY_COLUMNS = {each: Column(each.value) for each in CompletionWay}
# In the table's order: the six classes as they stand beside each other, and the further marks of those counted.
SIX = (Column.LOST, Column.EXEMPT, Column.COVERED, Column.IN_TRAINING, Column.IN_TRANSIT, Column.NOT_COVERED)
WAYS = tuple(WAY_COLUMNS.values())
AMONG = (
    Column.WOMEN,
    Column.OLDER,
    Column.MOBILE,
    Column.PROBATIONARY,
    Column.SECRETARIES,
    Column.COMMITTEE,
)
DUE_CLASSES = frozenset(
    {CoverageClass.COVERED, CoverageClass.IN_TRAINING, CoverageClass.IN_TRANSIT, CoverageClass.NOT_COVERED}
)
# The counting basis as it stands under every table and in every file.
BASIS = (
    N_("党员总数是名册日那天属于本项任务培训对象的党员，每人按当天所在支部统计。"),
    N_("每名党员按下面的次序只归入一类：失联停籍、已训、不作硬性要求、在训、在途、未训。六类相加等于党员总数。"),
    N_("应训 = 已训 + 在训 + 在途 + 未训。不作硬性要求的党员没有参加的，不计入应训；参加了的，计入已训。"),
    N_("已训包括集中、流入地、送学上门、补训、上级调训；参加几次也只算一人，按这个次序记第一种。"),
    N_("覆盖率 = 已训 ÷ 应训；集中参训率 = 集中 ÷ 应训。比率只舍不入，没有应训党员的写“—”。"),
    N_("女党员等各栏是党员总数中的人数。支委会成员包括书记。"),
)
SOURCE = N_("来源：培训班点名、支部送学记录、上级调训名单。")


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What decides where one member stands in one task on one day."""

    lost: bool = False
    ways: frozenset[CompletionWay] = frozenset()
    exempt: bool = False
    placed: bool = False
    in_transit: bool = False
    woman: bool = False
    older: bool = False
    mobile: bool = False
    probationary: bool = False
    secretary: bool = False
    committee: bool = False


def classify(facts: Facts) -> CoverageClass:
    """The one class of a member: the first that applies, in the order of `CoverageClass`."""
    if facts.lost:
        return CoverageClass.LOST
    if facts.ways:
        return CoverageClass.COVERED
    if facts.exempt:
        return CoverageClass.EXEMPT
    if facts.placed:
        return CoverageClass.IN_TRAINING
    return CoverageClass.IN_TRANSIT if facts.in_transit else CoverageClass.NOT_COVERED


def columns(facts: Facts) -> Set[Column]:
    """Every column that counts a member with these facts."""
    found = classify(facts)
    counted = {Column.HEADS, CLASS_COLUMNS[found]}
    if found in DUE_CLASSES:
        counted.add(Column.DUE)
    if found is CoverageClass.COVERED:
        counted.add(WAY_COLUMNS[min(facts.ways, key=WAY_ORDER.index)])
    marks = (facts.woman, facts.older, facts.mobile, facts.probationary, facts.secretary, facts.committee)
    return counted | {column for column, holds in zip(AMONG, marks, strict=True) if holds}


def older_born_until(day: dt.date) -> str:
    """The last month of birth (`YYYY-MM`) of those who are 61 or older on `day`, reckoned in whole months."""
    return f"{day.year - OLDER_FROM:04d}-{day.month:02d}"


@dataclasses.dataclass(frozen=True, slots=True)
class Figures:
    """The heads of one row, by column."""

    heads: Mapping[Column, int]

    def __getitem__(self, column: Column) -> int:
        return self.heads[column]

    def __add__(self, other: "Figures") -> "Figures":
        return Figures({column: self.heads[column] + other.heads[column] for column in Column})


NONE = Figures(dict.fromkeys(Column, 0))
