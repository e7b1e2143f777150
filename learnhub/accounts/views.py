"""Signing in and out, and one's own sign-ins."""

import datetime as dt

from flask import Blueprint, Flask, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards, queries, service
from learnhub.accounts.forms import PasswordForm, SignInForm
from learnhub.accounts.guards import SignInNeeded
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.web import errors
from learnhub.web.db import SAFE, before_writing, db

# When to come again, where too many are signing in.
RETRY_SECONDS = "3"
bp = Blueprint("accounts", __name__, template_folder="templates")


def init_app(app: Flask) -> None:
    """Answer a request that needs a sign-in with the page for it."""
    app.register_error_handler(SignInNeeded, _ask)


def _ask(error: SignInNeeded) -> ResponseReturnValue:
    """A reader is sent to sign in and back; a writer signs in on the spot and keeps what was typed."""
    if request.method in SAFE:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
    if request.headers.get("X-Requested-By") == "script" or request.files or not errors.from_own_page():
        return errors.answer(401, _("登录已经过期，请重新登录。"))
    page = render_template(
        "accounts/kept.html",
        form=SignInForm(formdata=None),
        fields=errors.kept_fields(),
        target=_own_path(request.path),
    )
    return make_response(page, 401)


def _own_path(path: str) -> str:
    """`path` when it is a path of this site, else the start page: never a redirect elsewhere."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if inside else "/"


@bp.route("/sign-in", methods=["GET", "POST"])
@guards.public
def sign_in() -> ResponseReturnValue:
    """Sign in by name and password; fields kept from an expired form are offered again afterwards."""
    form = SignInForm()
    target = _own_path(request.values.get("next", "/"))
    kept = [(name[5:], value) for name, value in request.form.items(multi=True) if name.startswith("kept-")]
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        try:
            token = _check_and_sign_in(form)
            return guards.clear_names_of_others(make_response(_onward(target, kept)), token)
        except DomainError as error:
            db.session.rollback()
            form.refuse(error)
            status = error.status
    page = "accounts/kept.html" if kept else "accounts/sign_in.html"
    headers = {"Retry-After": RETRY_SECONDS} if status == 503 else {}
    return render_template(page, form=form, target=target, fields=kept), status, headers


def _check_and_sign_in(form: SignInForm) -> str:
    """Sign in whoever typed the right password; returns the token. Nothing of the database is held while it is hashed."""
    with before_writing():
        known = queries.credentials(db.session(), form.login_name.data)
    db.session.rollback()
    service.check_password(known, form.password.data)
    token = service.sign_in(db.session(), known=known, agent=request.user_agent.string, at=clock.now())
    db.session.commit()
    guards.remember(token)
    return token


def _onward(target: str, kept: list[tuple[str, str]]) -> ResponseReturnValue:
    """After signing in: to the page asked for, or to sending once more what was typed."""
    if not kept:
        return redirect(target, 303)
    return render_template("web/again.html", fields=kept, target=target)


@bp.route("/sign-in/link/<string:token>", methods=["GET", "POST"])
@guards.public
def link(token: str) -> ResponseReturnValue:
    """A link opens a page with one button; only the button uses it up, since chat programs open links by themselves."""
    if request.method == "GET":
        return render_template("accounts/link.html", token=token)
    fresh = service.redeem_link(db.session(), token=token, agent=request.user_agent.string, at=clock.now())
    db.session.commit()
    guards.remember(fresh)
    return guards.clear_names_of_others(make_response(errors.back_to("home.start")), fresh)


@bp.post("/sign-out")
@guards.signed_in
def sign_out() -> ResponseReturnValue:
    """End this sign-in."""
    who = guards.visitor()
    service.sign_out(db.session(), sign_in_id=who.sign_in_id, account_id=who.account_id, at=clock.now())
    db.session.commit()
    guards.forget()
    answer = errors.back_to("accounts.sign_in")
    # Names kept on this phone for a roll without network go with the sign-in.
    answer.headers["Clear-Site-Data"] = guards.CLEAR_NAMES
    return answer


@bp.get("/account")
@guards.signed_in
def account() -> ResponseReturnValue:
    """One's own sign-ins and password."""
    return _account_page(PasswordForm(formdata=None))


def _account_page(form: PasswordForm) -> str:
    hours = dt.timedelta(hours=current_app.config["SETTINGS"].sign_in_hours)
    mine = queries.open_sign_ins(db.session(), guards.visitor().account_id, clock.now() - hours)
    return render_template("accounts/account.html", sign_ins=mine, form=form)


@bp.post("/account/sign-ins/<int:sign_in_id>/end")
@guards.signed_in
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """End one of one's own sign-ins, in another browser."""
    service.sign_out(db.session(), sign_in_id=sign_in_id, account_id=guards.visitor().account_id, at=clock.now())
    db.session.commit()
    errors.say(_("已经退出那一台设备。"))
    return errors.back_to("accounts.account")


@bp.post("/account/password")
@guards.signed_in
def set_password() -> ResponseReturnValue:
    """Set one's own password; all sign-ins end and this browser signs in anew."""
    form, status = PasswordForm(), 422
    if form.validate_on_submit():
        try:
            _hash_and_set_password(form)
            guards.forget()
            errors.say(_("密码已经更换，请用新密码登录。"))
            return errors.back_to("accounts.sign_in")
        except DomainError as error:
            db.session.rollback()
            form.refuse(error)
            status = error.status
    return _account_page(form), status, {"Retry-After": RETRY_SECONDS} if status == 503 else {}


def _hash_and_set_password(form: PasswordForm) -> None:
    account_id = guards.visitor().account_id
    with before_writing():
        login_name, _hash = queries.password(db.session(), account_id)
    db.session.rollback()
    fresh = service.hash_password(form.password.data, login_name)
    service.set_password(db.session(), guards.act(), account_id=account_id, password_hash=fresh)
    db.session.commit()
