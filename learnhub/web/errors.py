"""Error pages: what happened, that nothing was lost, and what to do. Nothing of the inside is told."""

import json
from typing import Any

from flask import Flask, Response, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.web.db import SAFE, db

_TITLES = {
    400: N_("这个请求读不懂"),
    403: N_("您不能做这一步"),
    404: N_("没有找到这一页"),
    405: N_("这里不能这样操作"),
    409: N_("有人先改过了"),
    413: N_("文件太大了"),
    422: N_("这一步没有做成"),
    500: N_("平台出错了"),
    503: N_("现在人多，请稍等"),
}
_WHAT_TO_DO = {
    400: N_("请返回上一页再试一次。什么也没有改动。"),
    403: N_("如果您应当有这项权限，请联系主办单位。什么也没有改动。"),
    404: N_("可能地址不完整，或者这一页不归您管。请从首页重新进入。"),
    405: N_("请从首页重新进入。什么也没有改动。"),
    409: N_("请返回看看现在的内容，再决定要不要改。您填的没有覆盖别人的。"),
    413: N_("请换一个小一些的文件。什么也没有改动。"),
    422: N_("请返回上一页修改。什么也没有改动。"),
    500: N_("这不是您的错。已经保存的都在，请过一会儿再试。"),
    503: N_("已经保存的都在。请等几秒钟再试一次。"),
}
# What PostgreSQL says when another transaction is in the way, or when it is being restarted.
_PASSING = {"55P03", "40001", "40P01", "57P01", "57P02", "57P03"}
# Hidden fields of one kept form: more than any form here has, less than would hurt.
KEPT_FIELDS = 2000


def init_app(app: Flask) -> None:
    """Answer every failure of `app` with a page of its own."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(DBAPIError, _inside)
    app.register_error_handler(Exception, _inside)


def kept_fields() -> list[tuple[str, str]]:
    """What the visitor typed in the form just sent, to be sent again: every field but the token."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return fields[:KEPT_FIELDS]


def from_own_page() -> bool:
    """Whether this form was sent from one of our own pages; a stranger's form is never offered for sending again."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin", request.host_url).rstrip("/") == request.host_url.rstrip("/")


def answer(status: int, reason: str = "", **extra: Any) -> Response:
    """The error page of `status`, with a reason in the user's words; JSON where a script asked."""
    db.session.rollback()
    g.failed = True
    if status >= 500:
        g.setdefault("visitor", None)  # the database may be what failed: ask it nothing more
    if request.headers.get("X-Requested-By") == "script":
        body = json.dumps({"error": reason or _(_TITLES.get(status, _TITLES[500]))}, ensure_ascii=False)
        return Response(body, status=status, content_type="application/json")
    page = render_template(
        "web/error.html",
        title=_(_TITLES.get(status, _TITLES[500])),
        reason=reason,
        advice=_(_WHAT_TO_DO.get(status, _WHAT_TO_DO[500])),
        **extra,
    )
    response = make_response(page, status)
    if status == 503:
        response.headers["Retry-After"] = "3"
    return response


def _domain(error: DomainError) -> Response:
    return answer(error.status, _(error.message) % {name: _(str(value)) for name, value in error.values.items()})


def _stale(error: CSRFError) -> Response | BaseResponse:
    """The token has expired: nothing typed is lost, one press sends it again with a new token."""
    if request.method in SAFE or not from_own_page() or request.files:
        return answer(400, _("页面停留太久，已经过期。"))
    if request.headers.get("X-Requested-By") == "script":
        return answer(400, _("页面停留太久，已经过期。"))
    page = render_template("web/again.html", fields=kept_fields(), target=request.full_path.rstrip("?"))
    return make_response(page, 400)


def _http(error: HTTPException) -> Response | BaseResponse:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error.get_response()
    response = answer(code)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _database(error: OperationalError) -> Response:
    """Busy is a matter of seconds and says so; anything else is a failure of ours."""
    state, words = getattr(error.orig, "sqlstate", None) or "", str(error.orig).lower()
    if state in _PASSING or state.startswith("08") or "locked" in words or "connection" in words:
        return answer(503)
    return _inside(error)


def _inside(error: Exception) -> Response:
    # The class and the endpoint only: the text of a database error can hold what people typed.
    current_app.logger.error("%s at %s", type(error).__name__, request.endpoint, exc_info=current_app.debug)
    if current_app.config.get("PROPAGATE"):
        raise error
    return answer(500)


def say(message: str, kind: str = "done") -> None:
    """Show `message` (translated) once on the next page; `kind` is `done`, `need` or empty."""
    flash(message, kind)


def back_to(endpoint: str, **values: Any) -> BaseResponse:
    """A 303 to `endpoint`, so that a reload of the next page repeats nothing."""
    g.pop("place", None)
    return redirect(url_for(endpoint, **values), 303)
