"""Pages of feedback: turn to the sponsor from any page, ask by number, public figures, replies, opinions of courses."""

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_, whole_number
from learnhub.feedback import queries, rules, service
from learnhub.feedback.forms import ComplaintForm, NumberForm, OpinionForm, ReplyForm
from learnhub.feedback.rules import Clarity, ComplaintKind, Use
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db
from learnhub.web.errors import back_to, say
from learnhub.web.form import sent_key

bp = Blueprint("feedback", __name__, template_folder="templates")


@bp.route("/feedback", methods=["GET", "POST"])
@guards.public
def write() -> ResponseReturnValue:
    """Write to the sponsor, with or without a name."""
    form = ComplaintForm()
    form.offer()
    if request.method == "GET":
        form.page.data = _own_page(request.args.get("page", ""))
    if form.validate_on_submit():
        try:
            number = _complain(form)
            db.session.commit()
        except DomainError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            say(_("已经收到。请记下受理编号，凭它查看答复。"))
            return back_to("feedback.received", number=number)
    own = queries.own(db.session(), guards.visitor().account_id) if guards.visitor_or_none() else ()
    page = render_template("feedback/write.html", form=form, own=own, days=_days(), today=clock.today(), **_words())
    return page, 422 if form.errors else 200


@bp.get("/feedback/<string:number>")
@guards.public
def received(number: str) -> ResponseReturnValue:
    """One complaint, for whoever has its number: what was written, until when a reply is due, the reply."""
    found = queries.by_number(db.session(), rules.as_number(number))
    if found is None:
        raise NotFound(N_("没有这个受理编号。请核对后再查一次。"))
    page = render_template("feedback/received.html", complaint=found, today=clock.today(), **_words())
    return page, 200, {"X-Robots-Tag": "noindex"}


@bp.route("/feedback/find", methods=["GET", "POST"])
@guards.public
def find() -> ResponseReturnValue:
    """Ask for a complaint by its number."""
    form = NumberForm()
    if form.validate_on_submit():
        number = rules.as_number(form.number.data)
        if number and queries.by_number(db.session(), number):
            return back_to("feedback.received", number=number)
        form.refuse(DomainError(N_("没有这个受理编号。请核对后再查一次。"), field="number"))
    return render_template("feedback/find.html", form=form), 422 if form.errors else 200


@bp.get("/feedback/figures")
@guards.public
def figures() -> ResponseReturnValue:
    """The public figures: how many came, how many were answered in time, late, or not yet."""
    today = clock.today()
    months = rules.figures(queries.handled(db.session(), today), today)
    return render_template("feedback/figures.html", months=months, days=_days(), now=clock.now())


@bp.get("/feedback/inbox")
@guards.requires(Permission.ANSWER_COMPLAINTS, at=queries.top)
def inbox() -> ResponseReturnValue:
    """Everything that came in, what waits for a reply first."""
    before = request.args.get("before", type=whole_number)
    found = queries.complaints(db.session(), before=before)
    answered = [each for each in found if each.answered_at]
    older = answered[-1].id if len(answered) == queries.PAGE else None
    return render_template(
        "feedback/inbox.html", complaints=found, older=older, before=before, today=clock.today(), **_words()
    )


@bp.route("/feedback/inbox/<int:complaint_id>", methods=["GET", "POST"])
@guards.requires(Permission.ANSWER_COMPLAINTS, at=queries.top)
def answer(complaint_id: int) -> ResponseReturnValue:
    """One complaint and the reply to it."""
    found = queries.complaint(db.session(), complaint_id)
    if found is None:
        raise NotFound(N_("没有这一件。"))
    form = ReplyForm(words=found.reply, instead_of=found.reply)
    if form.validate_on_submit():
        words = {"words": form.words.data, "instead_of": form.instead_of.data or "", "because": form.because.data or ""}
        try:
            service.reply(db.session(), guards.act(), complaint_id=complaint_id, **words)
            db.session.commit()
        except DomainError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            say(_("答复已经发出，提出的人凭受理编号能看到。"))
            return back_to("feedback.inbox")
    page = render_template("feedback/answer.html", complaint=found, form=form, today=clock.today(), **_words())
    return page, 422 if form.errors else 200


@bp.route("/feedback/opinion/<string:subject>", methods=["GET", "POST"])
@guards.signed_in
def opinion(subject: str) -> ResponseReturnValue:
    """What the visitor thinks of a course or of a month's unit; shown to nobody but in figures of ten or more."""
    title = rules.title_of(catalogue(), subject)
    if title is None:
        raise NotFound(N_("没有这门课程。"))
    session, act = db.session(), guards.act()
    given = queries.opinion(session, act.actor_id, subject)
    form = OpinionForm(**_given(given))
    form.offer()
    if request.method == "POST" and request.form.get("take-back"):
        service.take_opinion_back(session, act, subject=subject)
        session.commit()
        say(_("意见已经收回。"), "")
        return back_to("feedback.opinion", subject=subject)
    if form.validate_on_submit():
        clarity, use = Clarity(form.clarity.data), Use(form.use.data)
        service.give_opinion(session, act, subject=subject, clarity=clarity, use=use, words=form.words.data or "")
        session.commit()
        say(_("谢谢。意见已经记下，不带您的名字。"))
        return back_to("feedback.opinion", subject=subject)
    page = render_template("feedback/opinion.html", form=form, title=title, given=given, back_url=_back(subject))
    return page, 422 if form.errors else 200


@bp.get("/feedback/opinions")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def opinions() -> ResponseReturnValue:
    """What members say of courses, where ten or more did."""
    found = [
        (rules.title_of(catalogue(), each.subject) or each.subject, each) for each in queries.opinions(db.session())
    ]
    return render_template(
        "feedback/opinions.html",
        opinions=found,
        fewest=rules.FEWEST_OPINIONS,
        clarity=rules.CLARITY_LABELS,
        use=rules.USE_LABELS,
    )


def _act() -> Act:
    """The act of somebody who may not be signed in."""
    return guards.act() if guards.visitor_or_none() else Act(service.NOBODY, clock.now(), sent_key())


def _complain(form: ComplaintForm) -> str:
    return service.complain(
        db.session(),
        _act(),
        kind=ComplaintKind(form.kind.data),
        words=form.words.data or "",
        contact=form.contact.data or "",
        page=_own_page(form.page.data or ""),
        named=not form.nameless.data,
        reply_days=_days(),
    )


def _given(given: queries.OpinionValue | None) -> dict[str, str]:
    return {"clarity": given.clarity.value, "use": given.use.value, "words": given.words} if given else {}


def _own_page(address: str) -> str:
    """An address of this site without its query, which may name people; empty for anything else."""
    path = address.partition("?")[0][:200]
    return path if path.startswith("/") and not path.startswith("//") else ""


def _back(subject: str) -> str:
    kind, _colon, name = subject.partition(":")
    return f"/courses/{name}" if kind == "course" else f"/months/{name}"


def _days() -> int:
    days: int = current_app.config["SETTINGS"].reply_days
    return days


def _words() -> dict[str, object]:
    return {"kinds": rules.KIND_LABELS}
