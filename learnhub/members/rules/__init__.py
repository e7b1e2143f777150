"""Words of the roster (docs/counting.md, Words that the code uses)."""

import enum

from learnhub.core.text import N_


class Sex(enum.Enum):
    """What the roster says of a member's sex."""

    FEMALE = "female"
    MALE = "male"


class PostKind(enum.Enum):
    """A post in a branch or above it."""

    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    ORGANIZATION = "organization"
    PUBLICITY = "publicity"
    DISCIPLINE = "discipline"
    COMMITTEE = "committee"
    GROUP_LEADER = "group_leader"
    LEADING_CADRE = "leading_cadre"


# Posts that make a member of the branch committee.
COMMITTEE_POSTS = frozenset(PostKind) - {PostKind.GROUP_LEADER, PostKind.LEADING_CADRE}


class CircumstanceKind(enum.Enum):
    """A circumstance that changes how a member is counted, dated and with its reason."""

    EXEMPT = "exempt"
    MOBILE = "mobile"
    LOST_CONTACT = "lost_contact"
    SUSPENDED = "suspended"
    IN_TRANSIT = "in_transit"


SEX_LABELS = {Sex.FEMALE: N_("女"), Sex.MALE: N_("男")}
POST_LABELS = {
    PostKind.SECRETARY: N_("党支部书记"),
    PostKind.DEPUTY_SECRETARY: N_("副书记"),
    PostKind.ORGANIZATION: N_("组织委员"),
    PostKind.PUBLICITY: N_("宣传委员"),
    PostKind.DISCIPLINE: N_("纪检委员"),
    PostKind.COMMITTEE: N_("委员"),
    PostKind.GROUP_LEADER: N_("党小组组长"),
    PostKind.LEADING_CADRE: N_("党员领导干部"),
}
CIRCUMSTANCE_LABELS = {
    CircumstanceKind.EXEMPT: N_("不作硬性要求"),
    CircumstanceKind.MOBILE: N_("流动"),
    CircumstanceKind.LOST_CONTACT: N_("失联"),
    CircumstanceKind.SUSPENDED: N_("停止党籍"),
    CircumstanceKind.IN_TRANSIT: N_("转出在途"),
}
