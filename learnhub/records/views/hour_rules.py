"""The rules of credit hours: what each kind is worth, what a year needs, since when and on which basis."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.organizations import queries as organizations
from learnhub.records import queries, service
from learnhub.records.forms import RuleForm
from learnhub.records.rules import CreditKind
from learnhub.records.views.blueprint import bp
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.get("/hour-rules")
@guards.signed_in
def hour_rules() -> ResponseReturnValue:
    """Every rule with its basis and its days; whoever is recorded by them may read them."""
    session, today = db.session(), clock.today()
    held = guards.visitor().organizations(Permission.MANAGE_ROSTER)
    top = queries.top(session)
    return render_template(
        "records/hour_rules.html",
        kinds=queries.hour_rules(session),
        needs=queries.yearly_needs(session),
        may_change=top is not None and organizations.covers(session, held, top, today),
        today=today,
    )


@bp.route("/hour-rules/new", methods=["GET", "POST"])
@guards.requires(Permission.MANAGE_ROSTER, at=queries.top)
def new_hour_rule() -> ResponseReturnValue:
    """Add a rule that holds from a day on; the former one ends there, and what was registered stays."""
    session, form = db.session(), RuleForm()
    form.offer()
    if form.validate_on_submit():
        try:
            _add(session, form)
            session.commit()
            say(_("新规则已经记下。以前登记的学时不变。"))
            return back_to("records.hour_rules")
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    return render_template("records/new_hour_rule.html", form=form), 422 if form.errors else 200


def _add(session: Session, form: RuleForm) -> None:
    act, basis, day = guards.act(), form.basis.data, form.valid_from.data
    if form.post is not None:
        service.add_yearly_need(session, act, post=form.post, quarters=form.quarters, basis=basis, valid_from=day)
    else:
        kind = CreditKind(form.kind)
        service.add_hour_rule(session, act, kind=kind, quarters=form.quarters, basis=basis, valid_from=day)
