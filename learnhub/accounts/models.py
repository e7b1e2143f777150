"""Tables of sign-in and roles. Sign-ins live on the server: ending one ends it at once."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.accounts.rules import Role
from learnhub.core.orm import Base, Dated, choice


class Account(Base):
    """Somebody who may sign in; most members never need to be one."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login_name: Mapped[str | None] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(100))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), unique=True)
    created_at: Mapped[dt.datetime]
    disabled_at: Mapped[dt.datetime | None]


class RoleBinding(Dated, Base):
    """A role held at an organization from one day to another."""

    __tablename__ = "role_binding"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "organization_id", "valid_from"),
        CheckConstraint("valid_from < valid_to", name="span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    role: Mapped[Role] = mapped_column(choice(Role, "role"))


class SignIn(Base):
    """One signed-in browser: the cookie holds a random token, this table its SHA-256."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    agent: Mapped[str] = mapped_column(String(200), default="")


class SignInLink(Base):
    """A link that signs one account in, once, before it runs out."""

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
