"""Words of the record book. Credit hours (学时) are kept in quarter hours, never as floats, never as time spent."""

import enum

from learnhub.core.text import N_


class CreditKind(enum.Enum):
    """What a credit was given for."""

    TRAINING = "training"
    THEME_DAY = "theme_day"
    LECTURE = "lecture"
    MEETING = "meeting"
    MAKE_UP = "make_up"
    HOME_DELIVERED = "home_delivered"
    HIGHER_LEVEL = "higher_level"


CREDIT_LABELS = {
    CreditKind.TRAINING: N_("集中轮训"),
    CreditKind.THEME_DAY: N_("主题党日"),
    CreditKind.LECTURE: N_("党课"),
    CreditKind.MEETING: N_("组织生活"),
    CreditKind.MAKE_UP: N_("补课"),
    CreditKind.HOME_DELIVERED: N_("送学上门"),
    CreditKind.HIGHER_LEVEL: N_("上级调训"),
}


class CompletionWay(enum.Enum):
    """How somebody came to be covered (product.md, How coverage is counted)."""

    CENTRALIZED = "centralized"
    RECEIVING_PLACE = "receiving_place"
    HOME_DELIVERED = "home_delivered"
    MAKE_UP = "make_up"
    HIGHER_LEVEL = "higher_level"


WAY_LABELS = {
    CompletionWay.CENTRALIZED: N_("集中"),
    CompletionWay.RECEIVING_PLACE: N_("流入地"),
    CompletionWay.HOME_DELIVERED: N_("送学上门"),
    CompletionWay.MAKE_UP: N_("补训"),
    CompletionWay.HIGHER_LEVEL: N_("上级调训"),
}
