"""Questions about who is signed in. The one that every request asks is built once, at import."""

import datetime as dt
from collections.abc import Collection
from itertools import groupby

from sqlalchemy import Date, and_, bindparam, select
from sqlalchemy.orm import Session

from learnhub.accounts.models import Account, RoleBinding, SignIn, SignInLink
from learnhub.accounts.rules import ROLE_LABELS, AccountValue, Binding, Credentials, Holder, Role, SignInValue, Visitor
from learnhub.core import clock
from learnhub.core.holding import Holding, holding
from learnhub.core.orm import Instant
from learnhub.core.text import N_
from learnhub.organizations import queries as organizations

# Of tables, not of classes: what every request asks need not pass through the layer that makes objects of rows.
_SIGN_IN, _ACCOUNT, _BINDING = (each.metadata.tables[each.__tablename__].c for each in (SignIn, Account, RoleBinding))
_VISITOR = (
    select(
        _SIGN_IN.id,
        _SIGN_IN.seen_at,
        _ACCOUNT.id,
        _ACCOUNT.name,
        _ACCOUNT.member_id,
        _BINDING.role,
        _BINDING.organization_id,
    )
    .select_from(
        SignIn.__table__.join(Account.__table__, _ACCOUNT.id == _SIGN_IN.account_id).outerjoin(
            RoleBinding.__table__,
            and_(
                _BINDING.account_id == _ACCOUNT.id,
                _BINDING.valid_from <= bindparam("day", type_=Date),
                _BINDING.valid_to > bindparam("day", type_=Date),
                # A role ends with its organization, whether or not anybody thought of taking it away.
                organizations.exists_on(_BINDING.organization_id, bindparam("day", type_=Date)),
            ),
        )
    )
    .where(
        _SIGN_IN.token_hash == bindparam("token_hash"),
        _SIGN_IN.ended_at.is_(None),
        _SIGN_IN.seen_at > bindparam("idle_since", type_=Instant),
        _SIGN_IN.started_at > bindparam("started_since", type_=Instant),
        _ACCOUNT.disabled_at.is_(None),
    )
    .order_by(_BINDING.id)
)


def visitor(
    session: Session, token_hash: str, at: dt.datetime, idle: dt.timedelta, longest: dt.timedelta
) -> Visitor | None:
    """Who holds the sign-in with `token_hash`; None when it ended, was idle too long, is too old or is disabled.

    One statement. `idle` and `longest` are the limits since the last page and since sign-in.
    """
    rows = (
        session.connection()
        .execute(
            _VISITOR,
            {
                "token_hash": token_hash,
                "day": clock.local(at).date(),
                "idle_since": at - idle,
                "started_since": at - longest,
            },
        )
        .all()
    )
    if not rows:
        return None
    sign_in_id, seen_at, account_id, name, member_id, _role, _organization = rows[0]
    return Visitor(
        account_id=account_id,
        sign_in_id=sign_in_id,
        name=name,
        member_id=member_id,
        bindings=tuple(Binding(row[5], row[6]) for row in rows if row[5] is not None),
        seen_minutes_ago=int((at - seen_at).total_seconds() // 60),
    )


def holder(session: Session, account_id: int, day: dt.date) -> Holder | None:
    """Who holds the account and which roles on `day`; None when it is disabled or there is none. One statement."""
    bound = and_(
        RoleBinding.account_id == Account.id,
        RoleBinding.valid_from <= day,
        RoleBinding.valid_to > day,
        organizations.exists_on(_BINDING.organization_id, day),
    )
    rows = session.execute(
        select(Account.member_id, RoleBinding.role, RoleBinding.organization_id)
        .outerjoin(RoleBinding, bound)
        .where(Account.id == account_id, Account.disabled_at.is_(None))
        .order_by(RoleBinding.id)
    ).all()
    if not rows:
        return None
    return Holder(account_id, rows[0][0], tuple(Binding(role, place) for _, role, place in rows if role is not None))


def names(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    """The names of those who did something, by the id of their account; somebody unknown is left out."""
    return dict(session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids))).tuples().all())


def listed(
    session: Session, day: dt.date, *, name: str = "", role: Role | None = None, below: int | None = None
) -> tuple[AccountValue, ...]:
    """The accounts by id, disabled ones too, each with its roles of `day`.

    Only those whose name or login name holds `name`; only who holds `role`, a role at or below the organization
    `below`, or that role there.
    """
    holds = and_(RoleBinding.account_id == Account.id, RoleBinding.valid_from <= day, RoleBinding.valid_to > day)
    columns = (Account.id, Account.login_name, Account.name, Account.disabled_at.is_not(None).label("is_disabled"))
    statement = (
        select(*columns, RoleBinding.role, RoleBinding.organization_id)
        .outerjoin(RoleBinding, holds)
        .order_by(Account.id, RoleBinding.id)
    )
    if name:
        in_name, in_login = (each.contains(name, autoescape=True) for each in (Account.name, Account.login_name))
        statement = statement.where(in_name | in_login)
    wanted = [RoleBinding.role == role] if role else []
    if below is not None:
        wanted.append(RoleBinding.organization_id.in_(select(organizations.subtree([below], day).c.id)))
    if wanted:
        holders = select(RoleBinding.account_id).where(RoleBinding.valid_from <= day, RoleBinding.valid_to > day)
        statement = statement.where(Account.id.in_(holders.where(*wanted)))
    found: list[AccountValue] = []
    for account_id, bound in groupby(session.execute(statement).all(), key=lambda row: row.id):
        rows = list(bound)
        bindings = tuple(Binding(row.role, row.organization_id) for row in rows if row.role is not None)
        found.append(AccountValue(account_id, rows[0].login_name, rows[0].name, rows[0].is_disabled, bindings))
    return tuple(found)


def is_login_taken(session: Session, login_name: str) -> bool:
    """Whether an account has this login name; that of a disabled one stays taken."""
    return session.scalar(select(Account.id).where(Account.login_name == login_name)) is not None


def is_open(session: Session, account_id: int) -> bool:
    """Whether there is an account with this id that is not disabled."""
    found = select(Account.id).where(Account.id == account_id, Account.disabled_at.is_(None))
    return session.scalar(found) is not None


def credentials(session: Session, login_name: str) -> Credentials | None:
    """What a sign-in with this login name is checked against; None for nobody, or a disabled account."""
    row = session.execute(
        select(Account.id, Account.password_hash).where(Account.login_name == login_name, Account.disabled_at.is_(None))
    ).one_or_none()
    return Credentials(row[0], login_name, row[1]) if row else None


def link(session: Session, token_hash: str, at: dt.datetime) -> SignInLink | None:
    """The sign-in link with this hash, if it was not used, has not run out and its account is not disabled."""
    return session.scalar(
        select(SignInLink)
        .join(Account, Account.id == SignInLink.account_id)
        .where(
            SignInLink.token_hash == token_hash,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > at,
            Account.disabled_at.is_(None),
        )
        .with_for_update(of=SignInLink)
    )


def open_sign_ins(session: Session, account_id: int, started_since: dt.datetime) -> tuple[SignInValue, ...]:
    """The browsers in which this account is signed in, newest first."""
    rows = session.execute(
        select(SignIn.id, SignIn.started_at, SignIn.seen_at, SignIn.agent)
        .where(
            SignIn.account_id == account_id,
            SignIn.ended_at.is_(None),
            SignIn.started_at > started_since,
        )
        .order_by(SignIn.seen_at.desc())
    )
    return tuple(SignInValue(*row) for row in rows)


def password(session: Session, account_id: int) -> tuple[str, str | None]:
    """The login name of an account, empty where it has none, and the hash of its password, if its owner set one."""
    row = session.execute(select(Account.login_name, Account.password_hash).where(Account.id == account_id)).one()
    return row[0] or "", row[1]


def about_person(session: Session, account_id: int, member_id: int | None) -> tuple[Holding, ...]:
    """The account, its roles, its sign-ins and sign-in links, without what lets somebody in."""
    return (
        holding(session, N_("账号"), Account, Account.id == account_id, without={"password_hash"}),
        holding(session, N_("账号的职责"), RoleBinding, RoleBinding.account_id == account_id, labels=ROLE_LABELS),
        holding(session, N_("登录记录"), SignIn, SignIn.account_id == account_id, without={"token_hash"}),
        holding(session, N_("登录链接"), SignInLink, SignInLink.account_id == account_id, without={"token_hash"}),
    )
