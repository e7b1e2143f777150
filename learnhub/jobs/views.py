"""Pages of jobs: the own ones, one with its progress, its result."""

from pathlib import Path

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.jobs import queries, service
from learnhub.jobs.rules import STATE_LABELS, JobState, JobValue
from learnhub.organizations import queries as organizations
from learnhub.web.db import db
from learnhub.web.downloads import download
from learnhub.web.errors import back_to, say

bp = Blueprint("jobs", __name__, template_folder="templates")


@bp.get("/jobs")
@guards.signed_in
def jobs() -> ResponseReturnValue:
    """What this visitor asked for, the newest first."""
    found = queries.own(db.session(), guards.visitor().account_id)
    return render_template("jobs/jobs.html", jobs=found, labels=STATE_LABELS)


@bp.get("/jobs/<int:job_id>")
@guards.signed_in
def job(job_id: int) -> ResponseReturnValue:
    """One job: how far it is, and its file when it is done."""
    return render_template("jobs/job.html", job=_found(job_id), labels=STATE_LABELS)


@bp.post("/jobs/<int:job_id>/cancel")
@guards.signed_in
def cancel(job_id: int) -> ResponseReturnValue:
    """Take a job back."""
    service.cancel(db.session(), guards.act(), job_id=job_id)
    db.session.commit()
    say(_("已经取消。"), "")
    return back_to("jobs.job", job_id=job_id)


@bp.get("/jobs/<int:job_id>/file")
@guards.signed_in
def file(job_id: int) -> ResponseReturnValue:
    """The result, for whoever asked for it and still may have it."""
    found = _found(job_id)
    held = guards.visitor().organizations(Permission(found.permission))
    allowed = organizations.covers(db.session(), held, found.organization_id, clock.today())
    path = folder() / str(job_id)
    if found.state is not JobState.DONE or not allowed or not path.is_file():
        raise NotFound(N_("这个文件现在不能下载。请重新做一次。"))
    title, _dot, ending = found.file_name.rpartition(".")
    return download(path, found.media_type, f"{found.kind}-{clock.local(found.submitted_at).date()}.{ending}", title)


def _found(job_id: int) -> JobValue:
    found = queries.job(db.session(), job_id, guards.visitor().account_id)
    if found is None:
        raise NotFound(N_("没有这一项后台任务。"))
    return found


def folder() -> Path:
    """Where results are kept until they expire."""
    return service.results(current_app.config["SETTINGS"].instance_folder)
