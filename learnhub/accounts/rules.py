"""Roles, what each may do, and the values the guards work with."""

import dataclasses
import datetime as dt
import enum
import hashlib

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
    ANSWER_COMPLAINTS = "answer-complaints"
    PUBLISH_PACKS = "publish-packs"
    PREVIEW_PACKS = "preview-packs"
    CORRECT_QUESTIONS = "correct-questions"
    READ_QUESTION_FIGURES = "read-question-figures"


MAY = {
    Role.RECORDER: frozenset({Permission.RUN_MEETINGS, Permission.SEE_MEETINGS}),
    Role.ORGANIZER: frozenset(
        {
            Permission.SEE_MEETINGS,
            Permission.RUN_TRAINING,
            Permission.READ_REPORTS,
            Permission.MANAGE_ROSTER,
            Permission.ANSWER_COMPLAINTS,
            Permission.PUBLISH_PACKS,
            Permission.PREVIEW_PACKS,
            Permission.READ_QUESTION_FIGURES,
        }
    ),
    Role.READER: frozenset({Permission.READ_REPORTS, Permission.SEE_MEETINGS}),
    Role.AUTHOR: frozenset(
        {
            Permission.SEE_CONTENT_FAULTS,
            Permission.CORRECT_QUESTIONS,
            Permission.PREVIEW_PACKS,
            Permission.READ_QUESTION_FIGURES,
        }
    ),
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
class Holder:
    """Whose an account is and what it holds, whether or not anybody is signed in with it."""

    account_id: int
    member_id: int | None
    bindings: tuple[Binding, ...]


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


@dataclasses.dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in by name and password is checked against; no hash where the owner set no password."""

    account_id: int
    login_name: str
    password_hash: str | None = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class AccountValue:
    """An account as administrators list it, with its roles of a day."""

    id: int
    login_name: str | None
    name: str
    is_disabled: bool
    bindings: tuple[Binding, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class SignInValue:
    """One browser in which an account is signed in."""

    id: int
    started_at: dt.datetime
    seen_at: dt.datetime
    agent: str


PASSWORD_LENGTH = (8, 128)
# Words of this site and the commonest choices; a password that is only one of these with digits is refused.
COMMON_PASSWORDS = frozenset(
    {"password", "qwerty", "admin", "learnhub", "iloveyou", "abc", "dangyuan", "zhibu", "woaini", "welcome", "letmein"}
)


def digest(token: str) -> str:
    """What is kept of a secret token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def weakness(password: str, login_name: str) -> str | None:
    """Why `password` is refused, as a message id, or None when it may stand (docs/promises.md, S5)."""
    low, high = PASSWORD_LENGTH
    if not low <= len(password) <= high:
        return N_("密码要有 8 到 128 个字符。")
    plain = password.lower()
    letters = plain.strip("0123456789!@#$%^&*._- ")
    if len(set(plain)) < 4 or (not letters and plain.isdigit()) or letters in COMMON_PASSWORDS:
        return N_("这个密码太容易猜到，请换一个。")
    if login_name and login_name.lower() in plain:
        return N_("密码里不要含有登录名。")
    return None
