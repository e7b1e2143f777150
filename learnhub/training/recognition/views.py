"""Recognised study elsewhere (认定): the list of a task, one more, a correction, a withdrawal; what waits for approval.

The organizer recognises everything; a branch's recorder what was brought home or studied at the place of residence.
What branches recognised on the weakest evidence waits in one list: one press for many, a reason for a no.
"""

from collections.abc import Sequence
from decimal import Decimal

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.text import whole_number
from learnhub.members import queries as members
from learnhub.members.queries.people import Person
from learnhub.organizations import queries as organizations
from learnhub.records.rules import WAY_LABELS, CompletionWay
from learnhub.training.blueprint import bp
from learnhub.training.recognition import queries, service
from learnhub.training.recognition.forms import CorrectionForm, RecognitionForm
from learnhub.training.recognition.queries import RecognitionValue
from learnhub.training.recognition.rules import EVIDENCE_HINTS, EVIDENCE_LABELS, WAYS, WEAKEST
from learnhub.training.tasks.forms import ReasonForm
from learnhub.training.tasks.queries import TaskValue, tasks_for
from learnhub.training.tasks.views import found_task
from learnhub.web.db import db
from learnhub.web.errors import back_to, say

# What a branch's recorder may recognise.
BRANCH_WAYS = (CompletionWay.HOME_DELIVERED, CompletionWay.RECEIVING_PLACE)
# How many people a search shows.
SHOWN = 20
WORDS = {"ways": WAY_LABELS, "evidences": EVIDENCE_LABELS, "evidence_hints": EVIDENCE_HINTS}


@bp.get("/training/tasks/<int:task_id>/recognitions")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def recognitions(task_id: int) -> ResponseReturnValue:
    """Everything recognised for a task at this place: on what, by whom, when."""
    return _page(task_id, "training.recognitions", WAYS)


@bp.get("/training/tasks/<int:task_id>/branch-recognitions")
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def branch_recognitions(task_id: int) -> ResponseReturnValue:
    """What a branch recognised of its own members: brought home, or studied at the place of residence."""
    return _page(task_id, "training.branch_recognitions", BRANCH_WAYS)


@bp.route("/training/tasks/<int:task_id>/recognitions/new", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def recognise(task_id: int) -> ResponseReturnValue:
    """Recognise the study of one member."""
    return _new(task_id, "training.recognitions", WAYS)


@bp.route("/training/tasks/<int:task_id>/branch-recognitions/new", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def branch_recognise(task_id: int) -> ResponseReturnValue:
    """Recognise the study of one member of one's own branch."""
    return _new(task_id, "training.branch_recognitions", BRANCH_WAYS)


@bp.route("/training/recognitions/<int:recognition_id>", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_recognition)
def correct_recognition(recognition_id: int) -> ResponseReturnValue:
    """Correct a recognition, or take it back."""
    return _correction(recognition_id, "training.recognitions", WAYS)


@bp.route("/training/branch-recognitions/<int:recognition_id>", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.organization_of_recognition)
def branch_correct_recognition(recognition_id: int) -> ResponseReturnValue:
    """Correct what one's own branch recognised, or take it back."""
    return _correction(recognition_id, "training.branch_recognitions", BRANCH_WAYS)


def _page(task_id: int, home: str, ways: Sequence[CompletionWay]) -> str:
    session, today, task = db.session(), clock.today(), found_task(task_id)
    before = request.args.get("before", type=whole_number)
    rows = queries.recognitions(session, task.id, guards.place(), today, before=before, ways=ways)
    gone = queries.recognitions(session, task.id, guards.place(), today, standing=False, ways=ways)
    return render_template(
        "training/recognitions.html",
        task=task,
        place=organizations.organization(session, guards.place(), today),
        rows=rows[: queries.PAGE],
        more=len(rows) > queries.PAGE,
        gone=gone[: queries.PAGE] if before is None else (),
        before=before,
        own=_is_branch(home),
        waiting=0 if _is_branch(home) else queries.count_waiting_recognitions(session, guards.place(), today),
        **WORDS,
    )


def _new(task_id: int, home: str, ways: Sequence[CompletionWay]) -> ResponseReturnValue:
    session, task, form = db.session(), found_task(task_id), RecognitionForm()
    form.offer(ways)
    person = _chosen(session)
    if person and form.validate_on_submit():
        try:
            added = service.recognise(
                session,
                guards.act(),
                task_id=task.id,
                organization_id=guards.place(),
                new=[form.new(person.id)],
                by_branch=_is_branch(home),
            )
            session.commit()
            say(_said(added, form, home))
            return back_to(home, task_id=task.id, organization=guards.place())
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    return _form_page(task, home, form, person), 422 if form.errors else 200


def _is_branch(home: str) -> bool:
    return home == "training.branch_recognitions"


def _said(added: int, form: RecognitionForm, home: str) -> str:
    if not added:
        return str(_("这名党员的这个班已经认定过了，没有重复登记。"))
    if _is_branch(home) and form.evidence.data == WEAKEST.value:
        return str(_("已经登记，等上级同意以后算数。"))
    return str(_("已经认定。"))


def _chosen(session: Session) -> Person | None:
    """The member picked from the search, when they are at or below this place; else None."""
    member = whole_number(request.values.get("member", "")) or 0
    return next(iter(queries.people(session, guards.place(), clock.today(), ids=[member])), None) if member else None


def _form_page(task: TaskValue, home: str, form: RecognitionForm, person: Person | None) -> str:
    session, today = db.session(), clock.today()
    text = request.args.get("q", "")[:100]
    hits = members.search(session, guards.place(), text, today, SHOWN + 1) if text and person is None else ()
    found = queries.people(session, guards.place(), today, ids=[each.id for each in hits[:SHOWN]]) if hits else ()
    return render_template(
        "training/new_recognition.html",
        task=task,
        form=form,
        person=person,
        text=text,
        found=found,
        more=len(hits) > SHOWN,
        place=guards.place(),
        home=home,
        new_page="training.recognise" if home == "training.recognitions" else "training.branch_recognise",
        **WORDS,
    )


def _correction(recognition_id: int, home: str, ways: Sequence[CompletionWay]) -> ResponseReturnValue:
    session = db.session()
    row = queries.recognition(session, recognition_id, guards.place(), clock.today(), ways)
    form = CorrectionForm() if request.method == "POST" else CorrectionForm(obj=row)
    form.offer(ways)
    if request.method == "GET":
        form.way.data, form.evidence.data = row.way.value, row.evidence.value
        form.hours.data = Decimal(row.quarters) / 4
    taking_back = request.form.get("do") == "withdraw"
    if form.validate_on_submit() or (taking_back and form.because.data):
        try:
            _change(session, row, form, ways, taking_back=taking_back, by_branch=_is_branch(home))
            session.commit()
            say(_("已经撤回：这名党员回到原来的类别，学时也撤回了。") if taking_back else _("已经更正。"))
            return back_to(home, task_id=row.task_id, organization=guards.place())
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    return _correction_page(row, home, form), 422 if form.errors else 200


def _change(
    session: Session,
    row: RecognitionValue,
    form: CorrectionForm,
    ways: Sequence[CompletionWay],
    *,
    taking_back: bool,
    by_branch: bool,
) -> None:
    because = form.because.data or ""
    if taking_back:
        service.withdraw_recognition(session, guards.act(), recognition_id=row.id, reason=because, ways=ways)
        return
    service.correct_recognition(
        session,
        guards.act(),
        recognition_id=row.id,
        organization_id=guards.place(),
        new=form.new(row.member_id),
        because=because,
        ways=ways,
        by_branch=by_branch,
    )


def _correction_page(row: RecognitionValue, home: str, form: CorrectionForm) -> str:
    return render_template(
        "training/correct_recognition.html",
        form=form, person=row.person, task_id=row.task_id, place=guards.place(), home=home, **WORDS,
    )  # fmt: skip


@bp.get("/training/recognitions/waiting")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def waiting_recognitions() -> ResponseReturnValue:
    """What waits for this organizer's yes or no."""
    return _waiting_page()


@bp.post("/training/recognitions/waiting")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def decide_recognitions() -> ResponseReturnValue:
    """Approve, or refuse with a reason, those that were ticked."""
    session = db.session()
    ticked = [each for text in request.form.getlist("recognition") if (each := whole_number(text)) is not None]
    try:
        words = _decide(session, ticked)
        session.commit()
    except DomainError as error:
        session.rollback()
        return _waiting_page(error, frozenset(ticked)), error.status
    say(words)
    return back_to("training.waiting_recognitions", organization=guards.place())


def _decide(session: Session, ticked: Sequence[int]) -> str:
    """Carry the decision out; what to tell the organizer."""
    act, place = guards.act(), guards.place()
    if request.form.get("do") == "refuse":
        reason = request.form.get("reason", "")[:500]
        count = service.refuse_recognitions(session, act, organization_id=place, recognition_ids=ticked, reason=reason)
        return str(_("%(count)s 条没有同意，原因支部看得到。", count=count))
    count = service.approve_recognitions(session, act, organization_id=place, recognition_ids=ticked)
    return str(_("同意了 %(count)s 条，学时已经登记。", count=count))


def _waiting_page(error: DomainError | None = None, ticked: frozenset[int] = frozenset()) -> str:
    session, today, form = db.session(), clock.today(), ReasonForm()
    if error is not None:
        form.refuse(error)
    rows = queries.waiting_recognitions(session, guards.place(), today)
    return render_template(
        "training/recognition_waiting.html",
        form=form,
        rows=rows[: queries.PAGE],
        more=len(rows) > queries.PAGE,
        ticked=ticked,
        tasks={each.id: each for each in tasks_for(session, [guards.place()], today)},
        place=organizations.organization(session, guards.place(), today),
        own=guards.visitor().name,
        **WORDS,
    )
