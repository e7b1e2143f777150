"""What every view wears: who may open it, and where in the tree. A view without a guard stops the start.

The policy of each view stands on it as `view.policy`; the policy table is the list of all of them
(`tests/architecture/routes.txt`).
"""

import contextlib
import dataclasses
import datetime as dt
import functools
import hashlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec, TypeVar

from flask import Flask, Response, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from learnhub.accounts import queries, service
from learnhub.accounts.rules import Permission, Visitor, digest
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError, Forbidden, NotFound
from learnhub.core.text import N_, whole_number
from learnhub.organizations import queries as organizations
from learnhub.web.db import before_writing, brief_transaction, db
from learnhub.web.form import sent_key
from learnhub.web.logs import name_error

P = ParamSpec("P")
R = TypeVar("R")
Resolver = Callable[..., int | None]
# How long a device keeps names without network at the most; `roll-keep.js` drops what is older itself.
NAMES_KEPT = dt.timedelta(hours=72)
CLEAR_NAMES = '"cache", "storage"'
_STUDY = "study_kept"
_NAMES, _NAMES_COOKIE_SECONDS = "names_kept", 400 * 24 * 3600
# The idle limit moves on at most this often, so that reading pages rarely writes.
SEEN_EVERY_MINUTES = 5
# Set while noting it fails: the log is told once, not for every page.
_seen_fails = threading.Event()

manager = LoginManager()
manager.session_protection = None


class SignInNeeded(DomainError):
    """Nobody is signed in, or no longer."""

    status = 401


class Person(UserMixin):  # type: ignore[misc]
    """What Flask-Login asks for: the cookie holds a random token, everything else is the visitor's value."""

    def __init__(self, visitor: Visitor | None, token: str) -> None:
        self.visitor = visitor
        self.token = token

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    """Let `app` know who is signed in, and refuse to start with an unguarded view."""
    manager.init_app(app, add_context_processor=False)  # it would ask who is signed in for every error page too
    app.after_request(_keep_alive)
    app.jinja_env.globals.update(visitor=visitor_or_none, Permission=Permission)


def check(app: Flask) -> None:
    """Raise RuntimeError when a view of `app` wears no guard (docs/promises.md, S1)."""
    naked = [rule.endpoint for rule in app.url_map.iter_rules() if not policy(app.view_functions[rule.endpoint])]
    if naked:
        raise RuntimeError(f"views without a guard: {', '.join(sorted(naked))}")


def policy(view: Callable[..., Any]) -> str:
    """The policy of a view in words, empty when it has none."""
    return str(getattr(view, "policy", ""))


@manager.user_loader  # type: ignore[untyped-decorator]
def load(token: str) -> Person | None:
    """The person behind the token of a cookie; one statement."""
    settings = current_app.config["SETTINGS"]
    with before_writing():
        found = queries.visitor(
            db.session(),
            digest(token),
            clock.now(),
            idle=dt.timedelta(minutes=settings.idle_minutes),
            longest=dt.timedelta(hours=settings.sign_in_hours),
        )
    return Person(found, token) if found else None


def remember(token: str) -> None:
    """Put `token` into a new cookie: at every sign-in the old cookie and its CSRF token end."""
    cookie.clear()
    g.pop("csrf_token", None)  # made for the old cookie: a form in this very answer would be refused once
    login_user(Person(None, token))


def forget() -> None:
    """Take the sign-in out of the cookie."""
    logout_user()
    cookie.clear()


def keeps_names(answer: Response) -> Response:
    """Note on this device whose names it keeps from now on: the roll of a branch, for calling it without network."""
    words = f"{visitor().account_id}.{int(clock.now().timestamp())}"
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(
        _NAMES, words, max_age=_NAMES_COOKIE_SECONDS, path="/sign-in", httponly=True, samesite="Lax", secure=secure
    )
    return answer


def clear_names_of_others(answer: Response, token: str) -> Response:
    """At a sign-in with `token`: have the device forget names that it keeps for somebody else, or for too long."""
    account, _, since = request.cookies.get(_NAMES, "").partition(".")
    if account:
        person = load(token)
        own = person is not None and person.visitor is not None and account == str(person.visitor.account_id)
        kept = clock.now().timestamp() - (whole_number(since, digits=10) or 0)
        if not own or kept > NAMES_KEPT.total_seconds():
            answer.headers["Clear-Site-Data"] = CLEAR_NAMES
            answer.delete_cookie(_NAMES, path="/sign-in")
    return _clear_study_of_others(answer, token)


def _clear_study_of_others(answer: Response, token: str) -> Response:
    """Have the device forget the months that somebody else keeps on it; `offline.js` sets the cookie."""
    account = request.cookies.get(_STUDY, "")
    if account:
        person = load(token)
        if person is None or person.visitor is None or account != str(person.visitor.account_id):
            answer.headers["Clear-Site-Data"] = CLEAR_NAMES
            answer.delete_cookie(_STUDY, path="/sign-in")
    return answer


def visitor_or_none() -> Visitor | None:
    """Who is signed in, or None."""
    if "visitor" not in g:
        g.visitor = getattr(current_user, "visitor", None)
    found: Visitor | None = g.visitor
    return found


@contextlib.contextmanager
def called(name: str) -> Iterator[None]:
    """Have pages call the visitor `name` for a while: for one that is rendered for many readers."""
    who = visitor()
    g.visitor = dataclasses.replace(who, name=name)
    try:
        yield
    finally:
        g.visitor = who


def visitor() -> Visitor:
    """Who is signed in; raises SignInNeeded when nobody is."""
    found = visitor_or_none()
    if found is None:
        raise SignInNeeded(N_("请先登录。"))
    return found


def place() -> int:
    """The id of the organization for which the guard let this request in."""
    found: int = g.place
    return found


def act() -> Act:
    """The act of this request: who, when, and a key by which its repetition is recognised.

    The key the form brought is tied to what the form says: a double click sends the same content and counts once; a
    page gone back to and changed is a new act, not a repetition that would silently lose the change.
    """
    key = sent_key()
    if key is not None:
        fields = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
        key = hashlib.sha256(repr((request.path, fields)).encode()).hexdigest()[:48]
    return Act(visitor().account_id, clock.now(), key)


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anybody may open it."""
    view.policy = "public"  # type: ignore[attr-defined]
    return view


def writes(view: Callable[P, R]) -> Callable[P, R]:
    """A GET that must write (reading a named list is put on the audit trail) carries this visible mark."""
    view.writes = True  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Whoever is signed in may open it; it shows only what is their own."""
    return _guarded(view, "signed-in", visitor)


def as_member(view: Callable[P, R]) -> Callable[P, R]:
    """Only somebody whose account belongs to a member may open it; it shows only their own."""
    return _guarded(view, "member", _check_member)


def requires(permission: Permission, at: Resolver) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Only who holds `permission` at, or above, the organization that `at` finds may open it.

    `at(session, **url_arguments)` returns an organization's id, or None when there is no such thing. A place outside
    the visitor's subtree answers 404, like one that does not exist.
    """

    def wear(view: Callable[P, R]) -> Callable[P, R]:
        def check_place(**arguments: Any) -> None:
            who = visitor()
            if not who.may(permission):
                raise Forbidden(N_("这一页不在您的职责范围内。"))
            g.permission = permission
            found = at(db.session(), **arguments)
            held = who.organizations(permission)
            if found is None or not organizations.covers(db.session(), held, found, clock.today()):
                raise NotFound(N_("没有这一项，或者它不在您负责的范围内。"))
            g.place = found

        return _guarded(view, f"{permission.value} at {at.__name__}", check_place)

    return wear


def asked(session: object, **arguments: Any) -> int | None:
    """The organization asked for by `organization=`, or the visitor's first one for the permission in question."""
    text = request.values.get("organization", "")
    if text:
        return whole_number(text)
    held = visitor().organizations(g.permission)
    return held[0] if held else None


def _guarded(view: Callable[P, R], words: str, check_visitor: Callable[..., object]) -> Callable[P, R]:
    takes_arguments = words not in {"signed-in", "member"}

    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if takes_arguments:
            check_visitor(**kwargs)
        else:
            check_visitor()
        return view(*args, **kwargs)

    guarded.policy = words  # type: ignore[attr-defined]
    return guarded


def _check_member() -> None:
    if visitor().member_id is None:
        raise Forbidden(N_("这一页只给党员本人看；您的账号没有对应的党员。"))


def _keep_alive(response: Response) -> Response:
    """Have the idle limit moved on once the answer is sent, at most every few minutes."""
    who: Visitor | None = g.get("visitor")
    if who is not None and who.seen_minutes_ago >= SEEN_EVERY_MINUTES and response.status_code < 500:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        response.call_on_close(functools.partial(_note_seen, app, who.sign_in_id, clock.now()))
    return response


def _note_seen(app: Flask, sign_in_id: int, at: dt.datetime) -> None:
    """Note when somebody was last seen. The one commit outside views and commands; no page depends on it."""
    with app.app_context():
        try:
            with brief_transaction() as session:
                service.seen(session, sign_in_id=sign_in_id, at=at)
                session.commit()
        except Exception as error:  # the answer is sent: there is nobody to tell but the log
            if not _seen_fails.is_set():
                app.logger.warning("when people were last seen cannot be noted: %s", name_error(error))
            _seen_fails.set()
        else:
            _seen_fails.clear()
