"""A month's work list (月调度): a branch's own, and who one level down may need help; hints and help asked for."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.text import N_, whole_number
from learnhub.meetings import queries, service
from learnhub.meetings.forms import HelpForm, HintForm
from learnhub.meetings.queries import Hint, Missed
from learnhub.meetings.rules import work_list_since
from learnhub.meetings.rules.gates import GATE_LABELS, Todo
from learnhub.meetings.rules.work import LACK_BELOW_LABELS, LACK_LABELS
from learnhub.meetings.views.blueprint import asked_place, bp, may_run
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue
from learnhub.records import queries as records
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.context_processor
def _gates() -> dict[str, object]:
    """What templates draw the three gates with."""
    return {"GATE_LABELS": GATE_LABELS, "Todo": Todo}


@bp.get("/meetings/work-list")
@guards.requires(Permission.SEE_MEETINGS, at=guards.asked)
def work_list() -> ResponseReturnValue:
    """What this month asks for: of a branch what is due, of any other organization who one level down may need help.

    Names, hints and objections are the branch's own; a level above sees what is due and what it is asked.
    """
    session, today = db.session(), clock.today()
    place = asked_place(session)
    files = place.id if _reads(session, place.id) else None
    if place.is_branch:
        return _branch_list(session, place, files)
    return render_template(
        "meetings/needs.html",
        organization=place,
        needs=queries.needs(session, place.id, today),
        month=clock.month_of(today),
        files=files,
        words={"own": LACK_LABELS, "below": LACK_BELOW_LABELS},
    )


def _branch_list(session: Session, place: OrganizationValue, files: int | None) -> str:
    today, runs = clock.today(), may_run(session)
    month = clock.month_of(today)
    missed = queries.missed(session, place.id, work_list_since(today)) if runs else ()
    return render_template(
        "meetings/work_list.html",
        organization=place,
        month=month,
        theme_day=queries.theme_day(session, place.id, month),
        duties=queries.due(session, place.id, queries.shape(session, place, today), month),
        missed=_by_person([each for each in missed if each.follow_up is None]),
        objections=records.waiting_objections(session, [place.id], above=False) if runs else 0,
        hints=queries.hints(session, place.id, today) if runs else (),
        help=queries.asked_help(session, place.id),
        runs=runs,
        files=files,
        today=today,
    )


def _by_person(waiting: Sequence[Missed]) -> list[list[Missed]]:
    """What each person missed, in the order of the meetings."""
    found: dict[int, list[Missed]] = {}
    for each in waiting:
        found.setdefault(each.member.id, []).append(each)
    return list(found.values())


@bp.route("/meetings/work-list/hint", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def dismiss_hint() -> ResponseReturnValue:
    """Put a private hint aside, with a reason."""
    session, form = db.session(), HintForm()
    place, hint = asked_place(session), _hint(session)
    if form.validate_on_submit():
        try:
            service.dismiss_hint(
                session, guards.act(), organization_id=place.id, member_id=hint.member_id, reason=form.reason.data or ""
            )
            session.commit()
            say(_("这条提示收起来了，理由留着。"))
            return back_to("meetings.work_list", organization=place.id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    page = render_template("meetings/dismiss_hint.html", form=form, organization=place, hint=hint)
    return page, 422 if form.errors else 200


@bp.post("/meetings/work-list/hint/restore")
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def restore_hint() -> ResponseReturnValue:
    """Show a hint again that was put aside."""
    session = db.session()
    service.restore_hint(session, guards.act(), organization_id=guards.place(), member_id=_asked_member())
    session.commit()
    say(_("这条提示又列出来了。"))
    return back_to("meetings.work_list", organization=guards.place())


@bp.route("/meetings/work-list/help", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def ask_help() -> ResponseReturnValue:
    """The branch says in its own words what it needs help with."""
    session = db.session()
    place = asked_place(session)
    known = queries.asked_help(session, place.id)
    form = HelpForm(data={"words": known.words if known else ""})
    if form.validate_on_submit():
        try:
            service.ask_help(session, guards.act(), organization_id=place.id, words=form.words.data or "")
            session.commit()
            say(_("已经告诉直接上一级。不需要了随时可以撤回。"))
            return back_to("meetings.work_list", organization=place.id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    page = render_template("meetings/ask_help.html", form=form, organization=place, known=known)
    return page, 422 if form.errors else 200


@bp.post("/meetings/work-list/help/withdraw")
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def withdraw_help() -> ResponseReturnValue:
    """The branch needs no help any more."""
    session = db.session()
    service.withdraw_help(session, guards.act(), organization_id=guards.place())
    session.commit()
    say(_("请求帮助已经撤回。"))
    return back_to("meetings.work_list", organization=guards.place())


def _reads(session: Session, organization_id: int) -> bool:
    """Whether the visitor may take the list away as a file, which is a report."""
    held = guards.visitor().organizations(Permission.READ_REPORTS)
    return bool(held) and organizations.covers(session, held, organization_id, clock.today())


def _asked_member() -> int | None:
    """The member named by `member=`; None stands for the branch itself."""
    return whole_number(request.values.get("member", "")) or None


def _hint(session: Session) -> Hint:
    member_id = _asked_member()
    for each in queries.hints(session, guards.place(), clock.today()):
        if each.member_id == member_id and each.dismissal is None:
            return each
    raise DomainError(N_("这条提示已经没有了。"))
