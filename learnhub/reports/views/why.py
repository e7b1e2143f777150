"""Behind one name: why a member stands where they stand; and a coverage broken down by kinds of members."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.members.rules import CIRCUMSTANCE_LABELS, POST_LABELS
from learnhub.organizations.rules import DOMAIN_LABELS
from learnhub.reports import queries, service
from learnhub.reports.queries.breakdowns import breakdown
from learnhub.reports.queries.why import why as facts_of
from learnhub.reports.rules import SIX
from learnhub.reports.rules.breakdown import BY_LABELS, By
from learnhub.reports.views.blueprint import asked_filter, asked_question, bp, words
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
    return render_template(
        "reports/why.html",
        question=question,
        why=found,
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
        name=queries.name_of(session, question.organization_id),
        groups=[(BY_LABELS[by], [part for part in parts if part.by is by]) for by in By],
        heads=bool(parts),
        six=SIX,
        now=clock.now(),
        **words(),
    )
