"""The start page of each role, the reader's own choices of text size and language, and whether the site is well."""

import re

from flask import Blueprint, current_app, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission, Role, Visitor
from learnhub.attendance.rules import FOLLOW_UP_LABELS, OUTCOME_LABELS
from learnhub.core import clock
from learnhub.home import queries, rules
from learnhub.meetings.rules import KIND_LABELS, State
from learnhub.members.rules import SEX_LABELS
from learnhub.records.rules import CREDIT_LABELS, WAY_LABELS
from learnhub.web.catalogue import catalogue, shelf
from learnhub.web.db import db
from learnhub.web.i18n import COOKIE, LOCALES

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
        unit=rules.unit_of(catalogue(), clock.month_of(today)),
        contents=catalogue(),
        fault=shelf().fault,
        today=today,
        Step=rules.Step,
        State=State,
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
    words = {"credits": CREDIT_LABELS, "outcomes": OUTCOME_LABELS, "follow_ups": FOLLOW_UP_LABELS, "ways": WAY_LABELS}
    return render_template("home/my_record.html", own=own, words=words)


@bp.get("/content-faults")
@guards.requires(Permission.SEE_CONTENT_FAULTS, at=guards.asked)
def content_faults() -> ResponseReturnValue:
    """Which content serves, and what keeps a newer version from being served."""
    contents = catalogue()
    return render_template("home/content_faults.html", contents=contents, fault=shelf().fault)


@bp.get("/healthz")
@guards.public
def health() -> ResponseReturnValue:
    """Whether the site is well, for machines: which content serves, and the version of the tables."""
    contents, schema = catalogue(), queries.schema(db.session())
    answer = jsonify(
        status="ok" if schema else "failing",
        content=contents.version,
        content_fault=shelf().fault is not None,
        schema=schema,
    )
    return answer, 200 if schema else 503


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
