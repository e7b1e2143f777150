"""The start page of each role, the reader's own choices of text size and language, and whether the site is well."""

import re

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts import queries as accounts
from learnhub.accounts import service as sign_ins
from learnhub.accounts.rules import Permission, Role, Visitor
from learnhub.attendance.rules import FOLLOW_UP_LABELS, LEAVE_LABELS, OUTCOME_LABELS, Outcome
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.holding import Holding
from learnhub.core.text import N_
from learnhub.home import queries, rules, service
from learnhub.home.forms import ObjectionForm, OwnDataForm
from learnhub.meetings import queries as meetings
from learnhub.meetings.rules import KIND_LABELS, WORK_LIST_MONTHS, State
from learnhub.members.rules import SEX_LABELS
from learnhub.papers import service as papers
from learnhub.quiz.queries import errata
from learnhub.records import queries as records
from learnhub.records import service as record_book
from learnhub.records.rules import (
    ANSWER_LABELS,
    CREDIT_LABELS,
    MISSING,
    POST_LABELS,
    STATE_LABELS,
    WAY_LABELS,
    CertificateState,
)
from learnhub.study.rules import unit_of
from learnhub.training.batches import queries as batches
from learnhub.web.catalogue import catalogue, shelf
from learnhub.web.db import before_writing, db
from learnhub.web.downloads import download
from learnhub.web.errors import back_to, say
from learnhub.web.i18n import COOKIE, LOCALES
from learnhub.web.voice import voice

bp = Blueprint("home", __name__, template_folder="templates")
YEAR_SECONDS = 365 * 24 * 3600
# The sections of the start page in their order, and the roles that have them; whoever is a member has one more, the last.
SECTIONS = (
    ("recorder", frozenset({Role.RECORDER})),
    ("organizer", frozenset({Role.ORGANIZER})),
    ("reader", frozenset({Role.READER})),
    ("content", frozenset({Role.AUTHOR, Role.SYSTEM_ADMIN})),
    ("security", frozenset({Role.SECURITY_ADMIN})),
    ("audit", frozenset({Role.AUDIT_ADMIN})),
)


@bp.get("/")
@guards.signed_in
def start() -> ResponseReturnValue:
    """A section for each of this visitor's roles, the recorder's first, the member's last."""
    who, session, today = guards.visitor(), db.session(), clock.today()
    return render_template(
        "home/start.html",
        sections=_sections(who),
        branches=[queries.branch_start(session, each, today) for each in who.organizations(Permission.RUN_MEETINGS)],
        places=[queries.place_start(session, each, today) for each in who.organizations(Permission.READ_REPORTS)],
        own=queries.member_start(session, who.account_id, who.member_id, today) if who.member_id else None,
        unit=unit_of(catalogue(), clock.month_of(today)),
        contents=catalogue(),
        fault=shelf().fault,
        today=today,
        Step=rules.Step,
        State=State,
        Outcome=Outcome,
        WORK_LIST_MONTHS=WORK_LIST_MONTHS,
        words={"kinds": KIND_LABELS, "credits": CREDIT_LABELS, "sexes": SEX_LABELS},
    )


def _sections(who: Visitor) -> list[str]:
    held = {each.role for each in who.bindings}
    found = [name for name, roles in SECTIONS if roles & held]
    return [*found, "member"] if who.member_id else found


@bp.get("/my-record")
@guards.as_member
def my_record() -> ResponseReturnValue:
    """The member's own credit hours, attendance and completions of a year, each with what it rests on."""
    today = clock.today()
    asked = request.args.get("year", "")
    year = int(asked) if re.fullmatch(r"[12]\d{3}", asked, re.ASCII) else today.year
    own = queries.own_record(db.session(), guards.visitor().member_id or 0, year, today)
    words = {
        "credits": CREDIT_LABELS,
        "outcomes": OUTCOME_LABELS,
        "leaves": LEAVE_LABELS,
        "follow_ups": FOLLOW_UP_LABELS,
        "ways": WAY_LABELS,
        "states": STATE_LABELS,
        "answers": ANSWER_LABELS,
        "posts": POST_LABELS,
    }
    raised = errata.raised_of(db.session(), guards.visitor().account_id, year)
    return render_template(
        "home/my_record.html", own=own, raised=raised, words=words, today=today, State=CertificateState
    )


@bp.post("/my-record/completions/<int:completion_id>/certificate")
@guards.as_member
def claim_certificate(completion_id: int) -> ResponseReturnValue:
    """The member's certificate of an own completion: issued now, or the one there is."""
    session, member_id = db.session(), guards.visitor().member_id or 0
    wanted = queries.own_certificate(session, member_id, completion_id)
    if not wanted:
        raise NotFound(N_("没有这条结业记录，或者证书不由本平台发。"))
    record_book.issue(session, guards.act(), wanted=wanted, with_birth_year=request.form.get("birth_year") == "1")
    session.commit()
    found = records.certificates_of(session, member_id).get(completion_id)
    return back_to("records.certificate", certificate_id=found.id) if found else back_to("home.my_record")


@bp.route("/my-record/objections/new", methods=["GET", "POST"])
@guards.as_member
def new_objection() -> ResponseReturnValue:
    """The member objects to an entry of their own record, or says what is missing."""
    session, form, who = db.session(), ObjectionForm(), guards.visitor()
    subject = request.values.get("subject", MISSING)[:64]
    title = queries.about(session, who.member_id or 0, subject)
    if title is None:
        raise DomainError(N_("您的记录里没有这一条，或者它已经更正。"))
    if form.validate_on_submit():
        record_book.raise_objection(
            session,
            guards.act(),
            member_id=who.member_id or 0,
            subject=subject,
            about=title or _("记录里缺少的一项"),
            words=form.words.data,
            days=current_app.config["SETTINGS"].objection_days,
        )
        session.commit()
        say(_("异议已经提出，答复会写在这一页。"))
        return back_to("home.my_record", _anchor="h-objections")
    days = current_app.config["SETTINGS"].objection_days
    page = render_template("home/new_objection.html", form=form, title=title, subject=subject, days=days)
    return page, 422 if form.errors else 200


@bp.route("/my-record/objections/<int:objection_id>/up", methods=["GET", "POST"])
@guards.as_member
def take_up(objection_id: int) -> ResponseReturnValue:
    """The member takes an objection to the level above, once."""
    session, form, member_id = db.session(), ObjectionForm(), guards.visitor().member_id
    found = records.objection(session, objection_id)
    if found is None or found.member_id != member_id:
        raise NotFound(N_("没有这条异议，或者它不是您的。"))
    form.words.data = form.words.data or found.words
    if form.validate_on_submit():
        days = current_app.config["SETTINGS"].objection_days
        record_book.take_up(
            session, guards.act(), objection_id=objection_id, member_id=member_id, words=form.words.data, days=days
        )
        session.commit()
        say(_("已经提给上级，答复会写在这一页。"))
        return back_to("home.my_record", _anchor="h-objections")
    page = render_template("home/take_up.html", form=form, found=found, answers=ANSWER_LABELS, today=clock.today())
    return page, 422 if form.errors else 200


@bp.route("/my-data", methods=["GET", "POST"])
@guards.signed_in
def my_data() -> ResponseReturnValue:
    """All that is stored about oneself: how much of what, and the whole as a file once the owner has confirmed."""
    session, form, who = db.session(), OwnDataForm(), guards.visitor()
    with before_writing():
        _login, password_hash = accounts.password(session, who.account_id)
    form.ask(password=password_hash is not None)
    sources = current_app.extensions["own_data"]
    if form.validate_on_submit():
        try:
            if form.by_password:
                session.rollback()  # nothing is held while it is hashed
                sign_ins.confirm(password_hash, form.password.data)
            found = queries.own_data(session, sources, who.account_id, who.member_id)
            wanted = "pdf" if request.form.get("form") == "pdf" else "json"
            service.note_taken(session, guards.act(), wanted, sum(len(each.rows) for each in found))
            session.commit()
            return _handed_over(found, wanted)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    found = queries.own_data(session, sources, who.account_id, who.member_id)
    page = render_template("home/my_data.html", form=form, found=found, left_out=rules.LEFT_OUT)
    return page, 422 if form.errors else 200


def _handed_over(found: tuple[Holding, ...], form: str) -> ResponseReturnValue:
    """The file, made when the transaction is over, and never kept by a browser or anything on the way."""
    who, at, site = guards.visitor(), clock.now(), current_app.config["SETTINGS"].site_name
    if form == "pdf":
        made, kind = papers.pdf(service.as_paper(found, who.name, site, at, voice())), "application/pdf"
    else:
        made, kind = service.as_json(found, site, at, voice()), "application/json"
    day = clock.local(at).date()
    answer = download(made, kind, f"my-data-{day}.{form}", _("我的全部数据-%(day)s", day=day))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/occasions/<int:occasion_id>")
@guards.requires(Permission.SEE_MEETINGS, at=queries.branch_of_occasion)
def occasion(occasion_id: int) -> ResponseReturnValue:
    """The meeting that an entry of somebody's record comes from, or the roll of the session of a class."""
    found = meetings.of_occasion(db.session(), occasion_id)
    if found is not None:
        return redirect(url_for("meetings.meeting", meeting_id=found.id), 303)
    session_id = batches.session_of_occasion(db.session(), occasion_id)
    if session_id is None or not guards.visitor().may(Permission.RUN_TRAINING):
        raise NotFound(N_("这一次是培训班的课，请在培训班里看点名。"))
    return redirect(url_for("training.roll", session_id=session_id), 303)


@bp.get("/content-faults")
@guards.requires(Permission.SEE_CONTENT_FAULTS, at=guards.asked)
def content_faults() -> ResponseReturnValue:
    """Which content serves, and what keeps a newer version from being served."""
    contents = catalogue()
    return render_template("home/content_faults.html", contents=contents, fault=shelf().fault)


@bp.get("/healthz")
@guards.public
def health() -> ResponseReturnValue:
    """Whether the site is well, for machines: which content serves, and the version of the tables.

    A site that serves the last good version of its content is well, whatever keeps the newest from being served.
    """
    contents, schema = catalogue(), queries.schema(db.session())
    reason = rules.reason_of_failure(has_content=not contents.is_empty, has_schema=schema is not None)
    answer = jsonify(
        status="failing" if reason else "ok",
        reason=reason,
        content=contents.version,
        content_fault=shelf().fault is not None,
        schema=schema,
    )
    return answer, 503 if reason else 200


def _own_path() -> str:
    path = request.form.get("next", "/")
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


@bp.post("/mode")
@guards.public
def set_mode() -> ResponseReturnValue:
    """Choose 长辈版 or the standard one, and the size of its text; kept in a cookie."""
    return _choose(mode={"elder", "standard"}, size={"l", "xl"})


@bp.post("/language")
@guards.public
def set_language() -> ResponseReturnValue:
    """Choose the language; kept in a cookie."""
    return _choose(**{COOKIE: set(LOCALES)})


def _choose(**choices: set[str]) -> ResponseReturnValue:
    """Keep what was chosen in a cookie of the field's name, and go back to where the form stood."""
    response = redirect(_own_path(), 303)
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    for name, allowed in choices.items():
        if request.form.get(name) in allowed:
            response.set_cookie(
                name, request.form[name], max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=secure
            )
    return response
