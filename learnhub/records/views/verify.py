"""Verifying a certificate: a public page that shows what the paper shows, and nothing of anybody else."""

import hashlib
import hmac

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.core import clock
from learnhub.records import service
from learnhub.records.rules import CertificateState
from learnhub.records.views.blueprint import bp
from learnhub.web.db import db

# Longer than any code however it is grouped.
_TYPED = 40


@bp.get("/verify")
@guards.public
def verify() -> ResponseReturnValue:
    """Where a code is typed in."""
    typed = "".join(each for each in request.args.get("code", "") if each.isalnum())[:_TYPED]
    if typed:
        return redirect(url_for("records.verify_code", code=typed), 303)
    return render_template("records/verify.html", found=None, typed="", fault="", CertificateState=CertificateState)


@bp.get("/verify/<string:code>")
@guards.public
@guards.writes
def verify_code(code: str) -> ResponseReturnValue:
    """What the paper with this code shows and whether it still holds; a code nobody bears is counted (writes)."""
    session, found, fault, status = db.session(), None, "", 200
    try:
        found = service.look_up(session, typed=code[:_TYPED], address_hash=_address_hash(), at=clock.now())
    except service.TooManyCodes as error:
        fault, status = _(error.message), error.status
    session.commit()
    if not found and not fault:
        fault, status = (
            _("没有查到这个核验码。请对照证书再输一次；数字 0 和字母 O、数字 1 和字母 I 输哪个都可以。"),
            404,
        )
    page = render_template(
        "records/verify.html", found=found, typed=code[:_TYPED], fault=fault, CertificateState=CertificateState
    )
    return page, status


def _address_hash() -> str:
    """Stands for the address that asks, which is not kept in clear."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, (request.remote_addr or "").encode(), hashlib.sha256).hexdigest()
