"""Filling an empty database with the demonstration, and links for its people. Never commits."""

import datetime as dt
import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.accounts import service as accounts
from learnhub.accounts.models import Account
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.demo.rules import (
    DEMONSTRATION_HOURS,
    DEMONSTRATION_SINCE,
    LABELS,
    SEED,
    HourRuleRow,
    HourRules,
    Pack,
    World,
    make_world,
    years,
)
from learnhub.demo.service.writing import Writer
from learnhub.organizations.models import Organization
from learnhub.records.models import HourRule
from learnhub.reports import service as reports


def is_empty(session: Session) -> bool:
    """Whether there is no organization yet."""
    return session.scalar(select(Organization.id).limit(1)) is None


def build(
    session: Session,
    size: str = "town",
    *,
    seed: int = SEED,
    today: dt.date | None = None,
    pack: Pack | None = None,
) -> Mapping[str, int]:
    """Fill an empty database with a `town` or a `county` and a year of its records; returns rows by table.

    The same `seed`, `today` (this day, when left out) and `pack` of titles give the same rows. Raises DomainError when
    there are organizations already.
    """
    if not is_empty(session):
        raise DomainError(N_("数据库里已经有党组织，不能再生成演示数据。"))
    _add_hour_rules(session)
    with _without_collection():
        world = make_world(
            size=size, seed=seed, today=today or clock.today(), pack=pack or Pack(), hours=_hours(session)
        )
        writer = Writer(session.connection())
        for rows in _parts(world):
            writer.add(rows)
        for year in years(world):
            for rows in (
                year.occasions,
                year.meetings,
                year.kinds,
                year.told,
                year.attendance,
                year.follow_ups,
                year.credits,
            ):
                writer.add(rows)
        written = writer.finish()
    reports.recount_all(session, clock.today())
    root = world.roster.tree.organizations[0].id
    audit.note(session, Act(0, clock.now()), "demo.build", f"demo:{size}", root, seed=seed, rows=dict(written))
    return written


def links(session: Session) -> Sequence[tuple[str, str]]:
    """A fresh one-time sign-in link for each person of the demonstration: who it is, and the link's token."""
    known = dict(
        session.execute(select(Account.login_name, Account.id).where(Account.login_name.in_(LABELS))).tuples().all()
    )
    act = Act(0, clock.now())
    return [
        (label, accounts.issue_link(session, act, account_id=known[login]))
        for login, label in LABELS.items()
        if login in known
    ]


def _add_hour_rules(session: Session) -> None:
    """Rules of credit hours, which every basis names as demonstration, where none are entered: the program has none."""
    if session.scalar(select(HourRule.id).limit(1)) is not None:
        return
    session.add_all(
        HourRule(kind=kind, quarters=quarters, basis=basis, valid_from=DEMONSTRATION_SINCE)
        for kind, quarters, basis in DEMONSTRATION_HOURS
    )
    session.flush()


def _hours(session: Session) -> HourRules:
    """The rule table as the generator reads it."""
    columns = (HourRule.kind, HourRule.quarters, HourRule.basis, HourRule.valid_from, HourRule.valid_to)
    return HourRules(tuple(HourRuleRow(*row) for row in session.execute(select(*columns).order_by(HourRule.id))))


@contextmanager
def _without_collection() -> Iterator[None]:
    """Two million rows without a cycle among them: looking for cycles would cost a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _parts(world: World) -> Iterable[Sequence[NamedTuple]]:
    """The rows of everything but the branches' year, each table after those it refers to."""
    roster, training = world.roster, world.training
    return (
        roster.tree.organizations,
        roster.tree.links,
        roster.members,
        roster.memberships,
        roster.posts,
        roster.circumstances,
        world.accounts,
        world.bindings,
        world.habits,
        training.tasks,
        training.batches,
        training.occasions,
        training.sessions,
        training.places,
        training.attendance,
        training.results,
        training.recognitions,
        training.credits,
        training.completions,
    )
