"""Behind one name: why a member stands where they stand; and a coverage broken down by kinds of members."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.members import queries as roster
from learnhub.members.rules import CIRCUMSTANCE_LABELS, POST_LABELS
from learnhub.organizations.rules import DOMAIN_LABELS
from learnhub.reports import queries, service
from learnhub.reports.queries.breakdowns import breakdown
from learnhub.reports.queries.facts import Question
from learnhub.reports.queries.why import Why
from learnhub.reports.queries.why import why as facts_of
from learnhub.reports.rules import SIX
from learnhub.reports.rules.breakdown import BY_LABELS, By
from learnhub.reports.views.blueprint import asked_filter, asked_question, bp, words
from learnhub.training.tasks import queries as tasks_queries
from learnhub.web import errors
from learnhub.web.db import db


@bp.get("/reports/training/<int:task_id>/why/<int:member_id>")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
@guards.writes
def why(task_id: int, member_id: int) -> ResponseReturnValue:
    """The facts and the rule that a member's class rests on. Reading them is noted on the audit trail."""
    session = db.session()
    question = asked_question(task_id, asked_filter())
    found = facts_of(session, question, member_id)
    service.note_why(session, guards.act(), question, member_id)
    session.commit()
    return _why_page(question, found)


@bp.get("/my-training")
@guards.as_member
def own_tasks() -> ResponseReturnValue:
    """The training tasks of the member's organizations; straight to the own class when there is but one."""
    session, today = db.session(), clock.today()
    own = roster.member(session, guards.visitor().member_id or 0, today)
    tasks = tasks_queries.tasks_for(session, [own.organization_id], today) if own else []
    if len(tasks) == 1:
        return errors.back_to("reports.own_why", task_id=tasks[0].id)
    return render_template("reports/own_tasks.html", tasks=tasks)


@bp.get("/my-training/<int:task_id>/why")
@guards.as_member
def own_why(task_id: int) -> ResponseReturnValue:
    """The member's own class today, with the facts and the rule it rests on. Nobody else's can be asked for here."""
    session, member_id, today = db.session(), guards.visitor().member_id or 0, clock.today()
    own = roster.member(session, member_id, today)
    if own is None:
        raise NotFound(N_("您现在不在名册上。"))
    question = queries.ask(session, task_id, own.organization_id, today)
    return _why_page(question, facts_of(session, question, member_id), own=True)


def _why_page(question: Question, found: Why, *, own: bool = False) -> str:
    return render_template(
        "reports/why.html",
        question=question,
        why=found,
        own=own,
        conditions=[(each.rule.sentence(_), each.met) for each in found.conditions],
        posts=POST_LABELS,
        circumstances=CIRCUMSTANCE_LABELS,
        domains=DOMAIN_LABELS,
        **words(),
    )


@bp.get("/reports/training/<int:task_id>/breakdown")
@guards.requires(Permission.READ_REPORTS, at=guards.asked)
def breakdowns(task_id: int) -> ResponseReturnValue:
    """The coverage of the organization asked for, by sex, age, mobility, stage, post and domain."""
    session, form = db.session(), asked_filter()
    question = queries.ask(session, task_id, guards.place(), form.day, form.chosen_domain)
    parts = breakdown(session, question)
    return render_template(
        "reports/breakdown.html",
        question=question,
        name=queries.name_of(session, question.organization_id, question.day),
        groups=[(BY_LABELS[by], [part for part in parts if part.by is by]) for by in By],
        heads=bool(parts),
        six=SIX,
        now=clock.now(),
        **words(),
    )
