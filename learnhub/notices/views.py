"""Pages of notices: what to be sent, and the two links that a message holds."""

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.notices import queries, service
from learnhub.notices.forms import NoticesForm
from learnhub.notices.queries import BranchWork
from learnhub.notices.rules import (
    CHANNEL_LABELS,
    PROBLEM_LABELS,
    Channel,
    ChoiceValue,
    Content,
    Voice,
    open_channels,
    opened,
    shown_address,
)
from learnhub.web import filters
from learnhub.web.db import db
from learnhub.web.errors import back_to, say
from learnhub.web.form import protection
from learnhub.web.i18n import language

bp = Blueprint("notices", __name__, template_folder="templates")
# How notices speak in the language of the request.
VOICE = Voice(_, filters.day, filters.weekday, filters.time, filters.month)


class BadLink(DomainError):
    """A link that was not made here, or only in part arrived."""

    status = 400


def channels() -> list[Channel]:
    """The channels that this site has open."""
    settings = current_app.config["SETTINGS"]
    return open_channels(settings.smtp, settings.webhook_hosts)


@bp.route("/account/notices", methods=["GET", "POST"])
@guards.signed_in
def notices() -> ResponseReturnValue:
    """What this person is sent, where, and when not; nothing until they ask."""
    session, who, form = db.session(), guards.visitor(), NoticesForm()
    kept = queries.choice_of(session, who.account_id)
    form.offer(channels())
    if form.is_submitted() and channels():
        if form.validate() and _kept(session, form):
            return back_to("notices.notices")
    elif kept:
        form.show(kept)
    return _page(session, form, kept), 422 if form.errors else 200


def _kept(session: Session, form: NoticesForm) -> bool:
    who = guards.visitor()
    standing = queries.stands_as(session, who.account_id, clock.today())
    wish = form.wish(language(), recorder=bool(standing and standing.branches), member=who.member_id is not None)
    hosts = current_app.config["SETTINGS"].webhook_hosts
    try:
        to_confirm = service.choose(session, guards.act(), account_id=who.account_id, wish=wish, hosts=hosts)
        session.commit()
    except DomainError as error:
        session.rollback()
        form.refuse(error)
        return False
    say(_("已经保存。确认链接马上发过去，按了里面的按钮才开始发提醒。") if to_confirm else _("已经保存。"))
    return True


def _page(session: Session, form: NoticesForm, kept: ChoiceValue | None) -> str:
    who, today = guards.visitor(), clock.today()
    standing = queries.stands_as(session, who.account_id, today)
    branches = standing.branches if standing else ()
    return render_template(
        "notices/notices.html",
        form=form,
        kept=kept if kept and kept.ended_at is None else None,
        ended=bool(kept and kept.ended_at),
        shown=shown_address(kept.channel, kept.address) if kept else "",
        channels=channels(),
        branches=branches,
        sample=_sample([queries.branch_work(session, each, today) for each in branches]),
        messages=queries.latest(session, who.account_id),
        words={"problems": PROBLEM_LABELS, "channels": CHANNEL_LABELS},
    )


def _sample(works: list[BranchWork]) -> Content | None:
    return service.digest(works, VOICE, clock.today())


@bp.post("/account/notices/state")
@guards.signed_in
def state() -> ResponseReturnValue:
    """Pause, resume, unsubscribe, or have the link of confirmation sent once more."""
    session, account_id, act = db.session(), guards.visitor().account_id, guards.act()
    wanted = request.form.get("do")
    if wanted == "pause":
        service.pause(session, act, account_id=account_id)
        say(_("已经暂停，什么时候想恢复都行。"), "")
    elif wanted == "resume":
        service.resume(session, act, account_id=account_id)
        say(_("已经恢复。"))
    elif wanted == "end" and (kept := queries.choice_of(session, account_id)):
        service.unsubscribe(session, act, choice_id=kept.id)
        say(_("已经退订，地址也删掉了。"), "")
    elif wanted == "remind":
        service.remind(session, act, account_id=account_id)
        say(_("确认链接马上再发一次。"))
    session.commit()
    return back_to("notices.notices")


@bp.route("/notices/confirm/<string:token>", methods=["GET", "POST"])
@guards.public
def confirm(token: str) -> ResponseReturnValue:
    """The link sent to a new address opens a page with one button; programs that open links by themselves press none."""
    found = _opened("confirm", token)
    done = request.method == "POST"
    if done:
        service.confirm(db.session(), choice_id=found[0], version=found[1], at=clock.now())
        db.session.commit()
    return render_template("notices/confirm.html", token=token, done=done)


@bp.route("/notices/unsubscribe/<string:token>", methods=["GET", "POST"])
@protection.exempt  # type: ignore[untyped-decorator]
@guards.public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Unsubscribe without signing in. A mail program posts here by itself (RFC 8058): the signed link is the permission."""
    found = _opened("unsubscribe", token)
    done = request.method == "POST"
    if done:
        service.unsubscribe(db.session(), Act(0, clock.now()), choice_id=found[0])
        db.session.commit()
    return render_template("notices/unsubscribe.html", token=token, done=done)


def _opened(purpose: str, token: str) -> tuple[int, ...]:
    found = opened(current_app.config["SECRET_KEY"], purpose, token)
    if found is None:
        raise BadLink(N_("这个链接不完整，请从收到的消息里整条打开。"))
    return found
