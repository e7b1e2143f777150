"""What stands in the record of each member, and its correction without an objection."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_, whole_number
from learnhub.members import queries as members
from learnhub.organizations import queries as organizations
from learnhub.records import queries, service
from learnhub.records.forms import CorrectionForm
from learnhub.records.queries import Fact
from learnhub.records.rules import BRANCH_KINDS, CreditKind
from learnhub.records.views.blueprint import bp
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.get("/entries")
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def entries() -> ResponseReturnValue:
    """The members of the branch, or what is registered of one of them this year."""
    return _list(above=False)


@bp.get("/entries/above")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def entries_above() -> ResponseReturnValue:
    """The organizations below, the members of a branch, or what is registered of one of them this year."""
    return _list(above=True)


@bp.route("/entries/<int:credit_id>", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.branch_of_entry)
def entry(credit_id: int) -> ResponseReturnValue:
    """Correct an entry that the branch registered."""
    return _correct(credit_id, above=False)


@bp.route("/entries/above/<int:credit_id>", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.branch_of_entry)
def entry_above(credit_id: int) -> ResponseReturnValue:
    """Correct an entry of training, or any other, from the level above."""
    return _correct(credit_id, above=True)


def _list(above: bool) -> str:
    session, today, place = db.session(), clock.today(), guards.place()
    asked = whole_number(request.args.get("member", "")) or 0
    person = members.member(session, asked, today) if asked else None
    if asked and (person is None or person.organization_id != place):
        raise NotFound(N_("这个组织里没有这名党员。"))
    organization = organizations.organization(session, place, today)
    branch = organization is not None and organization.is_branch
    return render_template(
        "records/entries.html",
        place=organization,
        person=person,
        people=members.members_of(session, place, today) if branch and not person else (),
        below=() if branch else organizations.children(session, place, today),
        ledger=queries.ledger(session, asked, today.year) if person else None,
        past=queries.corrected(session, asked, today.year) if person else (),
        may=frozenset(CreditKind) if above else BRANCH_KINDS,
        above=above,
    )


def _correct(credit_id: int, above: bool) -> ResponseReturnValue:
    session, form = db.session(), CorrectionForm()
    found = queries.fact(session, f"credit:{credit_id}")
    if found is None:
        raise NotFound(N_("这一条已经更正过，新的一条在本人的记录里。"))
    form.offer(service.possible_changes(found))
    if form.validate_on_submit():
        try:
            facts = {"correction": form.correction, "reason": form.words.data, "above": above}
            service.correct_entry(session, guards.act(), credit_id=credit_id, **facts)
            session.commit()
            say(_("已经更正，原来的一条和原因留在记录里，本人能看到。"))
            return back_to(_after(above), organization=guards.place(), member=found.member_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    return _entry_page(form, found, above), 422 if form.errors else 200


def _entry_page(form: CorrectionForm, found: Fact, above: bool) -> str:
    session = db.session()
    return render_template(
        "records/entry.html",
        form=form,
        found=found,
        before=queries.before(session, found),
        member=members.member(session, found.member_id, clock.today()),
        may=above or found.kind in BRANCH_KINDS,
        after=_after(above),
        place=guards.place(),
    )


def _after(above: bool) -> str:
    return "records.entries_above" if above else "records.entries"
