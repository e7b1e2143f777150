"""Error pages: what happened, whether anything was saved, and what to do. Nothing of the inside is told.

They are made of what the request knows already and never ask the database, which may be what failed.
"""

import json
from typing import Any

from flask import Flask, Response, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as BaseResponse

from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.web.db import SAFE, end_transaction, has_committed, is_commit_open, may_write
from learnhub.web.form import sent_key
from learnhub.web.logs import describe_error, name_error, request_id
from learnhub.web.outages import REASONS, RETRY_AFTER, TITLES, Outage, find_outage, refuses_commit

_TITLES = {
    400: N_("这个请求读不懂"),
    403: N_("您不能做这一步"),
    404: N_("没有找到这一页"),
    405: N_("这里不能这样操作"),
    409: N_("有人先改过了"),
    413: N_("文件太大了"),
    422: N_("这一步没有做成"),
    500: N_("平台出错了"),
    501: N_("这里还做不出 PDF"),
    503: TITLES[Outage.BUSY],
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
    501: N_("这不是您的错，什么也没有改动。别的格式照常可以下载。"),
    503: N_("已经保存的都在。请等几秒钟再试一次。"),
}
# Hidden fields of one kept form: more than any form here has, less than would hurt.
KEPT_FIELDS = 2000


def init_app(app: Flask) -> None:
    """Answer every failure of `app` with a page of its own."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failure)


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


def wants_json() -> bool:
    """Whether a script asked: by our own header, by what it accepts, or because a browser says so."""
    accepts = request.accept_mimetypes
    if request.headers.get("X-Requested-By") == "script" or accepts["application/json"] > accepts["text/html"]:
        return True
    return request.headers.get("Sec-Fetch-Dest") == "empty" and "text/html" not in request.headers.get("Accept", "")


def answer(status: int, reason: str = "", *, title: str = "", advice: str = "", **extra: Any) -> Response:
    """The error page of `status`, with a reason in the user's words; JSON where a script asked."""
    prepare_page()
    title = title or _(_TITLES.get(status, _TITLES[500]))
    if wants_json():
        body = {"error": reason or title} | ({"request_id": request_id()} if status >= 500 else {})
        response = Response(json.dumps(body, ensure_ascii=False), status=status, content_type="application/json")
    else:
        advice = advice or _(_WHAT_TO_DO.get(status, _WHAT_TO_DO[500]))
        values = {"fields": None, "request_id": request_id() if status == 500 else ""} | extra
        page = render_template("web/error.html", title=title, reason=reason, advice=advice, status=status, **values)
        response = make_response(page, status)
    if status >= 500:
        response.headers["X-Request-ID"] = request_id()
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER[Outage.BUSY])
    return response


def prepare_page() -> None:
    """Make sure that the page of a failure asks the database nothing, and says of nothing that it was done."""
    end_transaction()
    g.failed = True
    g.setdefault("visitor", None)
    for said in g.pop("said", ()):
        cookie.get("_flashes", []).remove(said)


def _domain(error: DomainError) -> Response:
    return answer(error.status, _(error.message) % {name: _(str(value)) for name, value in error.values.items()})


def _stale(error: CSRFError) -> Response | BaseResponse:
    """The token has expired: nothing typed is lost, one press sends it again with a new token."""
    if request.method in SAFE or not from_own_page() or request.files:
        return answer(400, _("页面停留太久，已经过期。"))
    if wants_json():
        return answer(400, _("页面停留太久，已经过期。"))
    prepare_page()
    page = render_template("web/again.html", fields=kept_fields(), target=request.full_path.rstrip("?"))
    return make_response(page, 400)


def _http(error: HTTPException) -> Response | BaseResponse:
    code = error.code or 500
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Exception):
        return _failure(error.original_exception)  # from a hook after the view, or from a handler
    if error.response is not None or code < 400:
        return error.get_response()
    response = answer(code)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _failure(error: Exception) -> Response:
    """An outage is told as one; anything else is a fault of ours, and the log says where it arose."""
    outage = find_outage(error)
    if outage is Outage.READ_ONLY and not isinstance(error, OSError) and not may_write():
        outage = None  # the database holds a reading request to that
    rule = request.url_rule.rule if request.url_rule else "-"
    if outage is not None:
        words = "request %s: %s at %s %s (%s)"
        current_app.logger.warning(words, request_id(), outage.value, request.method, rule, name_error(error))
        return _unavailable(outage, error)
    if current_app.config.get("PROPAGATE"):
        raise error
    words = "request %s: failed at %s %s\n%s"
    current_app.logger.error(words, request_id(), request.method, rule, describe_error(error))
    return answer(500)


def _unavailable(outage: Outage, error: Exception) -> Response:
    saved, again = _what_was_saved(error)
    advice = _("请等几秒钟再试一次。") if outage.passes else _("请过一会儿再试，或者告诉系统管理员。")
    # A full disk may have cut the form itself short.
    whole = again and not isinstance(error, OSError) and not request.files and from_own_page()
    response = answer(
        503,
        f"{saved}{_(REASONS[outage])}",
        title=_(TITLES[outage]),
        advice=advice,
        fields=kept_fields() if whole else None,
        target=request.full_path.rstrip("?"),
    )
    response.headers["Retry-After"] = str(RETRY_AFTER[outage])
    return response


def _what_was_saved(error: Exception) -> tuple[str, bool]:
    """What to say of the request's own change, and whether the same form may be offered for sending again."""
    if request.method in SAFE:
        if may_write():
            return _("这一页打开时要先留下记录，现在记不下来，所以暂时不能看。已经保存的都在。"), False
        return _("已经保存的都在。"), False
    if not has_committed() and (not is_commit_open() or refuses_commit(error)):
        return _("您这一步没有保存，以前保存的都在。"), True
    if sent_key():
        return _("这一步可能已经保存，也可能没有。再提交一次也只算一次。"), True
    return _("这一步可能已经保存，也可能没有。请先打开那一页看看，再决定要不要重做。"), False


def say(message: str, kind: str = "done") -> None:
    """Show `message` (translated) once on the next page; `kind` is `done`, `need` or empty."""
    flash(message, kind)
    g.setdefault("said", []).append((kind, message))


def back_to(endpoint: str, **values: Any) -> BaseResponse:
    """A 303 to `endpoint`, so that a reload of the next page repeats nothing."""
    g.pop("place", None)
    return redirect(url_for(endpoint, **values), 303)
