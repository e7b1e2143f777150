"""Words of the tree: kinds and domains of organizations (docs/counting.md, Words that the code uses)."""

import enum

from learnhub.core.text import N_


class OrganizationKind(enum.Enum):
    """The kinds of Party organization."""

    COMMITTEE = "committee"
    WORKING_COMMITTEE = "working_committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    JOINT_BRANCH = "joint_branch"
    TEMPORARY_BRANCH = "temporary_branch"
    MOBILE_BRANCH = "mobile_branch"
    GROUP = "group"


KIND_LABELS = {
    OrganizationKind.COMMITTEE: N_("党委"),
    OrganizationKind.WORKING_COMMITTEE: N_("党工委"),
    OrganizationKind.GENERAL_BRANCH: N_("党总支"),
    OrganizationKind.BRANCH: N_("党支部"),
    OrganizationKind.JOINT_BRANCH: N_("联合党支部"),
    OrganizationKind.TEMPORARY_BRANCH: N_("临时党支部"),
    OrganizationKind.MOBILE_BRANCH: N_("流动党员党支部"),
    OrganizationKind.GROUP: N_("党小组"),
}

# Members belong to a branch, whatever its form; everything else has them only through its branches.
BRANCH_KINDS = frozenset(
    {
        OrganizationKind.BRANCH,
        OrganizationKind.JOINT_BRANCH,
        OrganizationKind.TEMPORARY_BRANCH,
        OrganizationKind.MOBILE_BRANCH,
    }
)


def may_hang_below(kind: OrganizationKind, parent: OrganizationKind) -> bool:
    """Whether an organization of `kind` may hang below one of `parent`: groups below branches, and nothing else does."""
    return (kind is OrganizationKind.GROUP) == (parent in BRANCH_KINDS)


def may_turn_into(kind: OrganizationKind, wanted: OrganizationKind) -> bool:
    """Whether an organization may change its kind so: members, and what hangs above and below, stay where they are."""
    groups = OrganizationKind.GROUP in (kind, wanted)
    return kind is wanted or (not groups and (kind in BRANCH_KINDS) == (wanted in BRANCH_KINDS))


class Domain(enum.Enum):
    """The field (领域) a branch works in."""

    RURAL = "rural"
    COMMUNITY = "community"
    GOVERNMENT = "government"
    INSTITUTION = "institution"
    STATE_ENTERPRISE = "state_enterprise"
    SCHOOL = "school"
    HOSPITAL = "hospital"
    PRIVATE_ENTERPRISE = "private_enterprise"
    SOCIAL_ORGANIZATION = "social_organization"
    NEW_EMPLOYMENT = "new_employment"
    RETIRED = "retired"
    OTHER = "other"


DOMAIN_LABELS = {
    Domain.RURAL: N_("农村"),
    Domain.COMMUNITY: N_("街道社区"),
    Domain.GOVERNMENT: N_("机关"),
    Domain.INSTITUTION: N_("事业单位"),
    Domain.STATE_ENTERPRISE: N_("国有企业"),
    Domain.SCHOOL: N_("学校"),
    Domain.HOSPITAL: N_("公立医院"),
    Domain.PRIVATE_ENTERPRISE: N_("非公有制企业"),
    Domain.SOCIAL_ORGANIZATION: N_("社会组织"),
    Domain.NEW_EMPLOYMENT: N_("新就业群体"),
    Domain.RETIRED: N_("离退休"),
    Domain.OTHER: N_("其他"),
}
