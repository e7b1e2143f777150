"""Words of the roll (forms.md, Meetings): one outcome per member and occasion; a follow-up is a separate fact."""

import enum

from learnhub.core.text import N_


class Outcome(enum.Enum):
    PRESENT = "present"
    ONLINE = "online"
    RECEIVING_PLACE = "receiving_place"
    LEAVE = "leave"
    ABSENT = "absent"
    EXEMPT = "exempt"
    NON_VOTING = "non_voting"


# Outcomes that count as having taken part, and so are credited.
ATTENDED = frozenset({Outcome.PRESENT, Outcome.ONLINE, Outcome.RECEIVING_PLACE, Outcome.NON_VOTING})


class LeaveReason(enum.Enum):
    SICK = "sick"
    PERSONAL = "personal"
    OFFICIAL = "official"
    MATERNITY = "maternity"
    OTHER = "other"


class FollowUpKind(enum.Enum):
    GROUP_MAKE_UP = "group_make_up"
    SELF_STUDY = "self_study"
    ONE_TO_ONE = "one_to_one"
    HOME_VISIT = "home_visit"


OUTCOME_LABELS = {
    Outcome.PRESENT: N_("出席"),
    Outcome.ONLINE: N_("线上出席"),
    Outcome.RECEIVING_PLACE: N_("在流入地参加"),
    Outcome.LEAVE: N_("请假"),
    Outcome.ABSENT: N_("缺席"),
    Outcome.EXEMPT: N_("不作硬性要求"),
    Outcome.NON_VOTING: N_("列席"),
}
LEAVE_LABELS = {
    LeaveReason.SICK: N_("病假"),
    LeaveReason.PERSONAL: N_("事假"),
    LeaveReason.OFFICIAL: N_("公务"),
    LeaveReason.MATERNITY: N_("产育"),
    LeaveReason.OTHER: N_("其他"),
}
FOLLOW_UP_LABELS = {
    FollowUpKind.GROUP_MAKE_UP: N_("集中补课"),
    FollowUpKind.SELF_STUDY: N_("自学补课"),
    FollowUpKind.ONE_TO_ONE: N_("一对一补课"),
    FollowUpKind.HOME_VISIT: N_("送学上门"),
}
