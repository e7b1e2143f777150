"""Signing in and out, links, passwords and roles."""

import datetime as dt
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import update
from sqlalchemy.orm import Session

from learnhub.accounts import queries
from learnhub.accounts.models import Account, RoleBinding, SignIn, SignInLink
from learnhub.accounts.rules import Credentials, Role, digest, weakness
from learnhub.audit import queries as audit_queries
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, subject_id
from learnhub.core.errors import Conflict, DomainError, NotFound
from learnhub.core.text import N_
from learnhub.organizations import queries as organizations

LINK_LASTS = dt.timedelta(hours=24)
# OWASP's argon2id profile: 19 MiB, two passes. One hash at a time a process, and one more that waits, so that a storm of
# sign-ins leaves the pages of those already signed in alone (docs/promises.md, R6).
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_places = threading.BoundedSemaphore(2)
_lane = threading.Lock()
_LANE_SECONDS = 5.0
# An unknown name costs the same hash as a known one, so neither time nor words tell which names exist.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class Busy(DomainError):
    """Too many people are signing in at this moment."""

    status = 503


@contextmanager
def _in_lane() -> Iterator[None]:
    """The turn to hash. What is in it takes no session: no transaction is open, and no lock held, meanwhile."""
    if not _places.acquire(blocking=False):
        raise Busy(N_("现在登录的人多，请等几秒钟再试。"))
    try:
        if not _lane.acquire(timeout=_LANE_SECONDS):
            raise Busy(N_("现在登录的人多，请等几秒钟再试。"))
        try:
            yield
        finally:
            _lane.release()
    finally:
        _places.release()


def open_account(
    session: Session, act: Act, *, name: str, login_name: str | None = None, member_id: int | None = None
) -> int:
    """Open an account without a password; returns its id. A link or a password lets its owner in.

    Raises Conflict when another account has the login name.
    """
    if subject := audit_queries.earlier(session, act.key):
        return subject_id(subject)
    if login_name is not None and queries.is_login_taken(session, login_name):
        raise Conflict(N_("登录名“%(login)s”已经有别的账号在用。"), field="login_name", login=login_name)
    account = Account(name=name, login_name=login_name, member_id=member_id, created_at=act.at)
    session.add(account)
    session.flush()
    audit.note(session, act, "account.open", f"account:{account.id}")
    return account.id


def grant(
    session: Session, act: Act, *, account_id: int, role: Role, organization_id: int, since: dt.date | None = None
) -> None:
    """Bind `role` to an organization for this account, from `since` (today when left out).

    Raises NotFound when there is no such organization on that day.
    """
    day = since or act.day
    if organizations.organization(session, organization_id, day) is None:
        raise NotFound(N_("没有这个组织。"))
    session.add(RoleBinding(account_id=account_id, role=role, organization_id=organization_id, valid_from=day))
    audit.note(session, act, "account.grant", f"account:{account_id}", organization_id, role=role.value)


def hash_password(password: str, login_name: str) -> str:
    """The hash of a new password; raises DomainError when it is too weak, Busy when too many are signing in."""
    reason = weakness(password, login_name)
    if reason:
        raise DomainError(reason, field="password")
    with _in_lane():
        return _hasher.hash(password)


def set_password(session: Session, act: Act, *, account_id: int, password_hash: str) -> None:
    """Set the password of an account, hashed by `hash_password` before the transaction, and end all its sign-ins."""
    session.get_one(Account, account_id).password_hash = password_hash
    _end_all(session, account_id, act.at)
    audit.note(session, act, "account.set-password", f"account:{account_id}")


def issue_link(session: Session, act: Act, *, account_id: int, lasts: dt.timedelta = LINK_LASTS) -> str:
    """Make a link for one sign-in; returns the token that stands at the end of `/sign-in/link/<token>`.

    Raises NotFound when there is no such account, or it is disabled.
    """
    if not queries.is_open(session, account_id):
        raise NotFound(N_("没有这个账号，或者它已经停用。"))
    token = secrets.token_urlsafe(24)
    session.add(
        SignInLink(token_hash=digest(token), account_id=account_id, created_at=act.at, expires_at=act.at + lasts)
    )
    audit.note(session, act.without_key(), "account.issue-link", f"account:{account_id}")
    return token


def redeem_link(session: Session, *, token: str, agent: str, at: dt.datetime) -> str:
    """Sign in by a link, which is then used up; returns the token for the cookie."""
    link = queries.link(session, digest(token), at)
    if link is None:
        raise DomainError(N_("这个登录链接已经用过，或者过了有效期。请向发给您链接的人再要一个。"))
    link.used_at = at
    return _sign_in(session, link.account_id, agent, at)


def check_password(known: Credentials | None, password: str) -> None:
    """Raise DomainError unless `password` is that of `known`; somebody unknown, or without a password, costs as much."""
    if not matches(known.password_hash if known else None, password):
        raise DomainError(N_("登录名或密码不对。"))


def sign_in(session: Session, *, known: Credentials | None, agent: str, at: dt.datetime) -> str:
    """Sign in whose password was checked before this transaction; returns the token for the cookie.

    Raises DomainError when the account was disabled or its password changed since.
    """
    if known is None or queries.credentials(session, known.login_name) != known:
        raise DomainError(N_("登录名或密码不对。"))
    return _sign_in(session, known.account_id, agent, at)


def confirm(password_hash: str | None, password: str) -> None:
    """Raise DomainError unless `password` has this hash: for what even an open sign-in may not do unasked."""
    if not matches(password_hash, password):
        raise DomainError(N_("密码不对。"), field="password")


def sign_out(session: Session, *, sign_in_id: int, account_id: int, at: dt.datetime) -> None:
    """End one sign-in of this account, at once; ending it twice is the same, and somebody else's is left alone."""
    ended = session.connection().execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )
    if ended.rowcount:
        audit.note(session, Act(account_id, at), "account.sign-out", f"sign-in:{sign_in_id}")


def seen(session: Session, *, sign_in_id: int, at: dt.datetime) -> None:
    """Move the idle limit of a sign-in on."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=at))


def disable(session: Session, act: Act, *, account_id: int) -> None:
    """Disable an account and end all its sign-ins."""
    session.execute(update(Account).where(Account.id == account_id).values(disabled_at=act.at))
    _end_all(session, account_id, act.at)
    audit.note(session, act, "account.disable", f"account:{account_id}")


def matches(password_hash: str | None, password: str) -> bool:
    """Whether `password` has this hash, and there is one; raises Busy when too many are signing in."""
    with _in_lane():
        try:
            return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def _sign_in(session: Session, account_id: int, agent: str, at: dt.datetime) -> str:
    token = secrets.token_urlsafe(24)
    entry = SignIn(token_hash=digest(token), account_id=account_id, started_at=at, seen_at=at, agent=agent[:200])
    session.add(entry)
    session.flush()
    audit.note(session, Act(account_id, at), "account.sign-in", f"sign-in:{entry.id}")
    return token


def _end_all(session: Session, account_id: int, at: dt.datetime) -> None:
    session.execute(
        update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None)).values(ended_at=at)
    )
