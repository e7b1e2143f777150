"""The roster: lists by branch, search, import with its preview, undo, and export."""

import dataclasses
import datetime as dt
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.members import queries, service
from learnhub.members.forms import ConfirmForm, UploadForm
from learnhub.members.rules import CIRCUMSTANCE_LABELS, POST_LABELS, SEX_LABELS
from learnhub.members.rules.columns import SHEET_LABELS, SheetKind, columns, normal_header
from learnhub.members.rules.parsing import parse, sealed_sheets
from learnhub.members.rules.plan import Plan, Status
from learnhub.members.rules.questions import LEAVING_LABELS, QUESTION_HEADINGS, QuestionKind
from learnhub.organizations import queries as organizations
from learnhub.organizations.rules import KIND_LABELS
from learnhub.web import errors
from learnhub.web.db import db
from learnhub.web.downloads import disposition

bp = Blueprint("members", __name__, template_folder="templates")
MOST_FOUND = 50
# How many rows of each sort a preview prints; the others are counted.
MOST_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
manages = guards.requires(Permission.MANAGE_ROSTER, at=guards.asked)


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].instance_folder
    return folder / "imports"


@bp.get("/roster")
@guards.writes
@manages
def roster() -> ResponseReturnValue:
    """The members of a branch, or what is below an organization."""
    return _roster("")


@bp.post("/roster/search")
@manages
def search() -> ResponseReturnValue:
    """Members by name or code. What was looked for is sent, so that no name stands in an address (docs/promises.md, S15)."""
    return _roster(request.form.get("q", "").strip()[:100])


def _roster(words: str) -> str:
    place, today, session = guards.place(), clock.today(), db.session()
    service.drop_old(_folder(), clock.now())
    heads = queries.heads(session, place, today)
    people = _people(words, heads[0].organization.is_branch)
    return render_template(
        "members/roster.html",
        heads=heads,
        people=people[:MOST_FOUND] if words else people,
        more=bool(words) and len(people) > MOST_FOUND,
        words=words,
        line=_visible(organizations.ancestors(session, place, today)),
        names={row.value.id: row.value.name for row in organizations.whole_tree(session, place, today)},
        undoable=queries.undoable(session, place, today),
        labels={"sex": SEX_LABELS, "post": POST_LABELS, "circumstance": CIRCUMSTANCE_LABELS, "kind": KIND_LABELS},
        today=today,
    )


def _people(words: str, is_branch: bool) -> tuple[queries.RosterMember, ...]:
    """Whom the page names; that they were read goes on the audit trail."""
    place, today, session = guards.place(), clock.today(), db.session()
    if words:
        people = queries.search(session, place, words, today, MOST_FOUND + 1)
    else:
        people = queries.members_of(session, place, today) if is_branch else ()
    if people:
        act = guards.act().without_key()
        service.note_reading(session, act, organization_id=place, how="search" if words else "list")
        session.commit()
    return people


def _visible(line: tuple[organizations.OrganizationValue, ...]) -> list[organizations.OrganizationValue]:
    """Of the line above, what lies inside the visitor's own part of the tree."""
    held = set(guards.visitor().organizations(Permission.MANAGE_ROSTER))
    start = next((place for place, each in enumerate(line) if each.id in held), len(line) - 1)
    return list(line[start:])


@bp.route("/roster/import", methods=["GET", "POST"])
@manages
def upload() -> ResponseReturnValue:
    """Choose a file; it is read and previewed, nothing else."""
    form = UploadForm()
    status = 200
    if form.validate_on_submit():
        try:
            return errors.back_to("members.preview", token=_kept(form), organization=guards.place())
        except DomainError as error:
            form.refuse(error)
    if request.method == "POST":
        status = 422
    elif not form.on.data:
        form.on.data = clock.today()
    place = organizations.organization(db.session(), guards.place(), clock.today())
    return render_template("members/upload.html", form=form, place=place), status


def _kept(form: UploadForm) -> str:
    """Read the uploaded file and keep what was read until it is confirmed."""
    if form.on.data > clock.today() or form.on.data < dt.date(1921, 7, 1):
        raise DomainError(N_("名册日期不能晚于今天，也不能早于 1921 年。"), field="on")
    key = current_app.config["SETTINGS"].identity_key
    sheets = sealed_sheets(service.read(form.file.data.read(), form.file.data.filename or ""), key)
    try:
        service.require_identity_key(db.session(), key)
        parsed = parse(sheets, key, _columns_by_hand())
    except DomainError as error:
        raise DomainError(error.message, field="file", **error.values) from None
    name = Path(form.file.data.filename or "").name[:200]
    kept = service.Kept(guards.visitor().account_id, guards.place(), form.on.data, name, parsed)
    return service.keep(_folder(), kept, sheets, clock.now())


def _columns_by_hand() -> dict[str, str]:
    return queries.columns_by_hand(db.session(), guards.place())


def _held(token: str) -> service.Kept:
    kept = service.held(_folder(), token, guards.visitor().account_id, clock.now())
    if kept.organization_id != guards.place():
        raise NotFound(N_("没有这一项，或者它不在您负责的范围内。"))
    return kept


@bp.get("/roster/import/<string:token>")
@manages
def preview(token: str) -> ResponseReturnValue:
    """What the import would do, row by row; nothing is written."""
    kept = _held(token)
    plan = service.plan(db.session(), kept.parsed, root_id=kept.organization_id, on=kept.on, answers=kept.answers)
    return _preview(token, kept, plan)


def _preview(token: str, kept: service.Kept, plan: Plan) -> str:
    place = organizations.organization(db.session(), kept.organization_id, clock.today())
    return render_template(
        "members/preview.html",
        form=ConfirmForm(formdata=None),
        kept=kept,
        plan=plan,
        place=place,
        token=token,
        sheets=SHEET_LABELS,
        SheetKind=SheetKind,
        Status=Status,
        most=MOST_SHOWN,
        digest=plan.digest,
        kinds=QuestionKind,
        leaving_labels={reason.value: label for reason, label in LEAVING_LABELS.items()},
        question_headings=QUESTION_HEADINGS,
        columns=columns(SheetKind.MEMBERS),
        by_hand=_columns_by_hand(),
        normal_header=normal_header,
    )


@bp.post("/roster/import/<string:token>/answers")
@manages
def answer(token: str) -> ResponseReturnValue:
    """Take the answers to what the file leaves open; the preview then shows what follows from them."""
    kept = _held(token)
    prefixes = {kind.value for kind in QuestionKind} | {"all", "complete"}
    given = {key: value for key, value in request.form.items() if key.partition(":")[0] in prefixes}
    before = {key: value for key, value in kept.answers.items() if not key.startswith("complete:")}
    service.keep_again(_folder(), token, dataclasses.replace(kept, answers={**before, **given}))
    return errors.back_to("members.preview", token=token, organization=kept.organization_id)


@bp.post("/roster/import/<string:token>/columns")
@manages
def set_columns(token: str) -> ResponseReturnValue:
    """Say what columns are, read the file anew by it, and remember it for the next one."""
    kept, key = _held(token), current_app.config["SETTINGS"].identity_key
    keys = dict(zip(request.form.getlist("header"), request.form.getlist("column"), strict=False))
    service.set_columns(db.session(), organization_id=kept.organization_id, keys=keys)
    parsed = parse(service.held_sheets(_folder(), token), key, _columns_by_hand())
    db.session.commit()
    service.keep_again(_folder(), token, dataclasses.replace(kept, parsed=parsed))
    return errors.back_to("members.preview", token=token, organization=kept.organization_id)


@bp.post("/roster/import/<string:token>")
@manages
def confirm(token: str) -> ResponseReturnValue:
    """Carry out what was previewed, whole or not at all."""
    kept, act = _held(token), guards.act()
    service.remember_identity_key(db.session(), act, current_app.config["SETTINGS"].identity_key)
    service.confirm(
        db.session(),
        act,
        parsed=kept.parsed,
        root_id=kept.organization_id,
        on=kept.on,
        file_name=kept.file_name,
        digest=request.form.get("digest", ""),
        answers=kept.answers,
    )
    db.session.commit()
    service.forget(_folder(), token)
    errors.say(_("名册已经更新。在下一次导入以前可以撤销。"))
    return errors.back_to("members.roster", organization=kept.organization_id)


@bp.post("/roster/undo")
@manages
def undo() -> ResponseReturnValue:
    """Take the newest import back."""
    service.undo(db.session(), guards.act(), root_id=guards.place(), on=clock.today())
    db.session.commit()
    errors.say(_("最近一次导入已经撤销，名册恢复到导入以前。"))
    return errors.back_to("members.roster", organization=guards.place())


@bp.get("/roster/export.xlsx")
@guards.writes
@manages
def export_workbook() -> Response:
    """Organizations and members as a workbook."""
    labels = {kind: _(label) for kind, label in SHEET_LABELS.items()}
    body = service.workbook(db.session(), labels, root_id=guards.place(), on=clock.today())
    return _file(body, XLSX, "xlsx", "roster")


@bp.get("/roster/export.csv")
@guards.writes
@manages
def export_delimited() -> Response:
    """Members, or with `sheet=organizations` organizations, as CSV."""
    kind = SheetKind.ORGANIZATIONS if request.args.get("sheet") == "organizations" else SheetKind.MEMBERS
    body = service.delimited(db.session(), kind, root_id=guards.place(), on=clock.today())
    return _file(body, "text/csv; charset=utf-8", "csv", kind.value)


def _file(body: bytes, content_type: str, how: str, name: str) -> Response:
    act = guards.act().without_key()
    service.note_reading(db.session(), act, organization_id=guards.place(), how=how)
    db.session.commit()
    headers = {
        "Content-Disposition": disposition(f"{name}-{clock.today()}.{how}"),
        "Cache-Control": "no-store",
    }
    return Response(body, content_type=content_type, headers=headers)
