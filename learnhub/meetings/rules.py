"""Words of organizational life (forms.md, Meetings)."""

import enum

from learnhub.core.text import N_


class MeetingKind(enum.Enum):
    """The kinds of meeting; one meeting may be several."""

    THEME_DAY = "theme_day"
    GENERAL = "general"
    COMMITTEE = "committee"
    GROUP = "group"
    LECTURE = "lecture"
    ORGANIZATIONAL_LIFE = "organizational_life"
    APPRAISAL = "appraisal"
    TALK = "talk"


KIND_LABELS = {
    MeetingKind.THEME_DAY: N_("主题党日"),
    MeetingKind.GENERAL: N_("支部党员大会"),
    MeetingKind.COMMITTEE: N_("支部委员会"),
    MeetingKind.GROUP: N_("党小组会"),
    MeetingKind.LECTURE: N_("党课"),
    MeetingKind.ORGANIZATIONAL_LIFE: N_("组织生活会"),
    MeetingKind.APPRAISAL: N_("民主评议党员"),
    MeetingKind.TALK: N_("谈心谈话"),
}
