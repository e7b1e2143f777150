"""Roles, what each may do, and the values the guards work with (product.md, Who uses it)."""

import dataclasses
import enum

from learnhub.core.text import N_


class Role(enum.Enum):
    """A role is always bound to an organization and holds for everything below it."""

    RECORDER = "recorder"
    ORGANIZER = "organizer"
    READER = "reader"
    AUTHOR = "author"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


ROLE_LABELS = {
    Role.RECORDER: N_("支部记录人"),
    Role.ORGANIZER: N_("组织培训的干部"),
    Role.READER: N_("查看报表的干部"),
    Role.AUTHOR: N_("内容编写人"),
    Role.SYSTEM_ADMIN: N_("系统管理员"),
    Role.SECURITY_ADMIN: N_("安全管理员"),
    Role.AUDIT_ADMIN: N_("审计管理员"),
}


class Permission(enum.Enum):
    """What a view may ask for. The value is what the policy table prints."""

    RUN_MEETINGS = "run-meetings"
    SEE_MEETINGS = "see-meetings"
    RUN_TRAINING = "run-training"
    READ_REPORTS = "read-reports"
    MANAGE_ROSTER = "manage-roster"
    SEE_CONTENT_FAULTS = "see-content-faults"
    MANAGE_ACCOUNTS = "manage-accounts"
    READ_AUDIT = "read-audit"


MAY = {
    Role.RECORDER: frozenset({Permission.RUN_MEETINGS, Permission.SEE_MEETINGS}),
    Role.ORGANIZER: frozenset(
        {Permission.SEE_MEETINGS, Permission.RUN_TRAINING, Permission.READ_REPORTS, Permission.MANAGE_ROSTER}
    ),
    Role.READER: frozenset({Permission.READ_REPORTS, Permission.SEE_MEETINGS}),
    Role.AUTHOR: frozenset({Permission.SEE_CONTENT_FAULTS}),
    Role.SYSTEM_ADMIN: frozenset({Permission.MANAGE_ROSTER, Permission.SEE_CONTENT_FAULTS}),
    Role.SECURITY_ADMIN: frozenset({Permission.MANAGE_ACCOUNTS}),
    Role.AUDIT_ADMIN: frozenset({Permission.READ_AUDIT}),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Binding:
    """A role held at an organization."""

    role: Role
    organization_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in, as a plain value: nothing of it is read again during a request."""

    account_id: int
    sign_in_id: int
    name: str
    member_id: int | None
    bindings: tuple[Binding, ...]
    seen_minutes_ago: int

    def organizations(self, permission: Permission) -> tuple[int, ...]:
        """Ids of the organizations at which one of this visitor's roles allows `permission`."""
        return tuple(each.organization_id for each in self.bindings if permission in MAY[each.role])

    def may(self, permission: Permission) -> bool:
        """Whether `permission` is held anywhere at all."""
        return bool(self.organizations(permission))
