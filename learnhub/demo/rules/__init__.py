"""The generator: pure, seeded, the same people and histories for the same seed, day and size."""

from learnhub.demo.rules.hours import DEMONSTRATION_HOURS, DEMONSTRATION_SINCE, HourRuleRow, HourRules
from learnhub.demo.rules.pack import MonthPack, Pack, pack_of
from learnhub.demo.rules.world import LABELS, SEED, SIZES, World, make_world, years

__all__ = [
    "DEMONSTRATION_HOURS",
    "DEMONSTRATION_SINCE",
    "LABELS",
    "SEED",
    "SIZES",
    "HourRuleRow",
    "HourRules",
    "MonthPack",
    "Pack",
    "World",
    "make_world",
    "pack_of",
    "years",
]
