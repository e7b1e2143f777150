"""A branch's year of meetings, what explains those that were not held, and the rules of what is due."""

import datetime as dt

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_, whole_number
from learnhub.meetings import queries, service
from learnhub.meetings.forms import ExplanationForm, RuleForm
from learnhub.meetings.queries import DutyState
from learnhub.meetings.rules import MeetingKind
from learnhub.meetings.rules.duties import EVERY, THEME_DAY
from learnhub.meetings.views.blueprint import asked_month, asked_place, bp, may_run
from learnhub.organizations import queries as organizations
from learnhub.records.queries import top
from learnhub.web.db import db
from learnhub.web.errors import back_to, say

# How many years the picker offers, back from this one.
YEARS = 3


@bp.get("/meetings/year")
@guards.requires(Permission.SEE_MEETINGS, at=guards.asked)
def year() -> ResponseReturnValue:
    """A branch's year: what came of each kind of meeting, period after period, and what explains the gaps."""
    session, day = db.session(), _asked_year()
    found = queries.branch_year(session, guards.place(), day)
    return render_template(
        "meetings/year.html",
        year=found,
        explained=[each for row in found.rows for each in row if each.explanation],
        runs=may_run(session),
        years=_years(),
        months=[f"{day.year:04d}-{number:02d}" for number in range(1, 13)],
    )


def _years() -> range:
    today = clock.today()
    return range(today.year, today.year - YEARS, -1)


def _asked_year() -> dt.date:
    """The day on which the year asked for by `year=` is looked at: its last one, or today."""
    asked = whole_number(request.args.get("year", ""), digits=4)
    return dt.date(asked, 12, 31) if asked is not None and asked in _years()[1:] else clock.today()


@bp.get("/meetings/double-life")
@guards.requires(Permission.SEE_MEETINGS, at=guards.asked)
def double_life() -> ResponseReturnValue:
    """Where a branch's leading cadres took part this year: here, and on whose rolls elsewhere."""
    session, day = db.session(), _asked_year()
    place = asked_place(session, branch=True)
    return render_template(
        "meetings/double_life.html",
        organization=place,
        cadres=queries.double_life(session, place.id, day),
        year=day.year,
        years=_years(),
    )


@bp.route("/meetings/year/explanation", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def explain() -> ResponseReturnValue:
    """A branch says why it did not hold a kind of meeting in a period; one that was held is entered instead."""
    session, state = db.session(), _asked_state(db.session())
    form = ExplanationForm(data={"reason": state.explanation.reason if state.explanation else ""})
    if form.validate_on_submit():
        try:
            service.explain(
                session,
                guards.act(),
                organization_id=guards.place(),
                kind=state.duty.kind,
                month=state.first,
                reason=form.reason.data or "",
            )
            session.commit()
            say(_("说明已经写下，以后可以改，也可以撤回。"))
            return back_to("meetings.year", organization=guards.place(), year=state.first[:4])
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    page = render_template("meetings/explain.html", form=form, organization=asked_place(session), state=state)
    return page, 422 if form.errors else 200


@bp.post("/meetings/year/explanation/withdraw")
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def withdraw_explanation() -> ResponseReturnValue:
    """Take back what explained a period."""
    session, state = db.session(), _asked_state(db.session())
    service.withdraw_explanation(
        session, guards.act(), organization_id=guards.place(), kind=state.duty.kind, month=state.first
    )
    session.commit()
    say(_("说明已经撤回。"))
    return back_to("meetings.year", organization=guards.place(), year=state.first[:4])


def _asked_state(session: Session) -> DutyState:
    """The duty and period named by `kind=` and `month=`; NotFound when the branch was not to hold it."""
    month, today = asked_month(), clock.today()
    day = min(today, dt.date(int(month[:4]), 12, 31))
    for row in queries.branch_year(session, guards.place(), day).rows:
        for each in row:
            if each.duty.kind.value == request.values.get("kind", "") and each.first <= month <= each.last:
                return each
    raise NotFound(N_("没有这一项。"))


@bp.get("/meetings/duties")
@guards.signed_in
def duties() -> ResponseReturnValue:
    """Every rule of how often a kind of meeting is held, with its basis and its days."""
    session, today = db.session(), clock.today()
    held, place = guards.visitor().organizations(Permission.MANAGE_ROSTER), top(session)
    versions = queries.duty_versions(session)
    return render_template(
        "meetings/duties.html",
        theme_day=THEME_DAY,
        kinds={
            kind: [each for each in versions if each.duty.kind is kind]
            for kind in MeetingKind
            if kind is not THEME_DAY.kind
        },
        every=EVERY,
        may_change=place is not None and organizations.covers(session, held, place, today),
        today=today,
    )


@bp.route("/meetings/duties/new", methods=["GET", "POST"])
@guards.requires(Permission.MANAGE_ROSTER, at=top)
def new_duty() -> ResponseReturnValue:
    """Add a rule that holds from a day on; the former one ends there."""
    session, form = db.session(), RuleForm()
    form.offer(EVERY)
    if form.validate_on_submit():
        try:
            service.add_duty_rule(
                session,
                guards.act(),
                kind=MeetingKind(form.kind.data),
                months=form.months.data,
                basis=form.basis.data or "",
                valid_from=form.valid_from.data,
            )
            session.commit()
            say(_("新规则已经记下。以前的年份照以前的规则算。"))
            return back_to("meetings.duties")
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    return render_template("meetings/new_duty.html", form=form), 422 if form.errors else 200
