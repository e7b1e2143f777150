"""The worlds in which every page must open: what stands in the database, what is published, and what day it is.

A world is built once for each kind of database and shared by tests, which undo what they do (`databases.rolled_back`).
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from learnhub.accounts.models import Account, RoleBinding, SignIn
from learnhub.accounts.rules import Role, digest
from learnhub.app import create_app
from learnhub.core import clock
from learnhub.core.orm import FOREVER
from learnhub.demo import service as demo
from learnhub.demo.rules import LABELS, pack_of
from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.organizations.rules import Domain, OrganizationKind
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db
from tests import cast, databases
from tests.security import world as things

# Long before the first month unit and the first rule of hours, and long after the last.
BEFORE = dt.datetime(2009, 3, 31, 2, 0, tzinfo=dt.UTC)
AFTER = dt.datetime(2044, 2, 29, 2, 0, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True)
class World:
    """An application on a database of its own, the instant at which it is looked at, and who can sign in.

    `people` are logins; the cookie of each holds `cast.token(login)`. Nobody signed in is None, and always there.
    """

    name: str
    app: Flask
    now: dt.datetime
    people: tuple[str, ...]

    @property
    def everybody(self) -> tuple[str | None, ...]:
        """Who looks at this world: nobody signed in, and each of the people."""
        return (None, *self.people)


def build(name: str, kind: databases.Kind, published: Path) -> World:
    """The world `name` (one of WORLDS) on a database of `kind`; the caller fixes the clock at its `now`.

    `published` is the file of the published content.
    """
    make, now, with_content = WORLDS[name]
    url = kind.empty()
    settings = databases.settings(url, kind.folder / f"{name}-of-{kind.name}")
    settings.instance_folder.mkdir(exist_ok=True)
    clock.fix(now)
    people = make(create_app(dataclasses.replace(settings, published_content=published)))
    nothing = settings.instance_folder / "never-published.json"
    app = create_app(dataclasses.replace(settings, published_content=published if with_content else nothing))
    app.config["PROPAGATE"] = True
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(published.parent))  # for all worlds and workers
    return World(name, app, now, people)


def _town(app: Flask) -> tuple[str, ...]:
    """The demonstration, and one of each thing that has an address, in the recorder's branch."""
    with app.app_context():
        upgrade()
        session = db.session()
        demo.build(session, pack=pack_of(catalogue()))
        accounts = dict(session.execute(sa.select(Account.login_name, Account.id)).tuples().all())
        recorder = accounts[f"demo-{Role.RECORDER.value}"]
        branch_id = session.scalars(
            sa.select(RoleBinding.organization_id).where(RoleBinding.account_id == recorder)
        ).one()
        member_id = session.scalars(sa.select(Account.member_id).where(Account.id == recorder)).one()
        root_id = session.scalars(
            sa.select(RoleBinding.organization_id).where(RoleBinding.role == Role.ORGANIZER)
        ).first()
        assert member_id is not None and root_id is not None
        things.build(session, branch_id, root_id, member_id, recorder)
        _sign_in(session, accounts)
        session.commit()
        _leave()
    return tuple(LABELS)


def _only_migrated(app: Flask) -> tuple[str, ...]:
    """No organization, so no role can be bound: one account that nothing is said about."""
    with app.app_context():
        upgrade()
        _sign_in(db.session(), _accounts(db.session(), ["newcomer"]))
        db.session.commit()
        _leave()
    return ("newcomer",)


def _founded(app: Flask) -> tuple[str, ...]:
    """A committee and a branch without a member, and somebody for each role: the first day of a county."""
    with app.app_context():
        upgrade()
        session = db.session()
        facts = {"founded_on": cast.SINCE, "dissolved_on": FOREVER}
        kind = OrganizationKind
        top = Organization(code="ORG-1", name="中共新县委", kind=kind.COMMITTEE, domain=None, position=1, **facts)
        branch = Organization(code="ORG-2", name="新支部", kind=kind.BRANCH, domain=Domain.OTHER, position=1, **facts)
        session.add_all([top, branch])
        session.flush()
        dated = {"valid_from": cast.SINCE, "valid_to": FOREVER}
        session.add(OrganizationLink(organization_id=branch.id, parent_id=top.id, **dated))
        accounts = _accounts(session, [role.value for role in Role])
        for role in Role:
            place = branch.id if role is Role.RECORDER else top.id
            session.add(RoleBinding(account_id=accounts[role.value], role=role, organization_id=place, **dated))
        _sign_in(session, accounts)
        session.commit()
        _leave()
    return tuple(role.value for role in Role)


def _accounts(session: Session, logins: list[str]) -> Mapping[str, int]:
    rows = [
        Account(name=f"某{number}", login_name=login, created_at=clock.now()) for number, login in enumerate(logins)
    ]
    session.add_all(rows)
    session.flush()
    return {str(row.login_name): row.id for row in rows}


def _sign_in(session: Session, accounts: Mapping[str, int]) -> None:
    for login, account_id in accounts.items():
        session.add(
            SignIn(
                token_hash=digest(cast.token(login)),
                account_id=account_id,
                started_at=clock.now(),
                seen_at=clock.now(),
                agent="test",
            )
        )


def _leave() -> None:
    db.session.remove()
    db.engine.dispose()


# Name of each world -> how its database is filled, when it is looked at, whether content is published.
WORLDS: Mapping[str, tuple[Callable[[Flask], tuple[str, ...]], dt.datetime, bool]] = {
    "demo town": (_town, cast.NOW, True),
    "town without content": (_town, cast.NOW, False),
    "only migrated": (_only_migrated, cast.NOW, True),
    "only migrated, without content": (_only_migrated, cast.NOW, False),
    "first day": (_founded, cast.NOW, True),
    "first day, without content": (_founded, cast.NOW, False),
    "before all months": (_town, BEFORE, True),
    "after all months": (_town, AFTER, True),
    "after all months, without content": (_town, AFTER, False),
}
