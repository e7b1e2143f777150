"""Certificates of a closed batch: issued all at once, printed as one PDF, single ones withdrawn with a reason."""

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.records import queries as records
from learnhub.records import service as record_book
from learnhub.records.rules import CertificateState
from learnhub.training.batches import queries as batches
from learnhub.training.batches.views import found_batch
from learnhub.training.blueprint import bp
from learnhub.training.certificates import queries
from learnhub.training.tasks.forms import ReasonForm
from learnhub.web.db import db
from learnhub.web.downloads import disposition
from learnhub.web.errors import back_to, say


@bp.get("/training/batches/<int:batch_id>/certificates")
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
def certificates(batch_id: int) -> ResponseReturnValue:
    """The certificates of a batch: which are issued, how many are still to be."""
    session, (batch, task) = db.session(), found_batch(batch_id)
    issued = records.certificates_of_batch(session, batch.source)
    have = {each.completion_id for each in issued if not each.withdrawn_at}
    completions = records.completions_by(session, batch.source)
    return render_template(
        "training/certificates.html",
        batch=batch,
        task=task,
        issued=issued,
        valid=[each for each in issued if each.state is CertificateState.VALID],
        completed=len(completions),
        missing=sum(each.id not in have for each in completions),
        CertificateState=CertificateState,
    )


@bp.post("/training/batches/<int:batch_id>/certificates")
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
def issue_certificates(batch_id: int) -> ResponseReturnValue:
    """Issue a certificate to everybody who completed the batch and has none."""
    session, (batch, _task) = db.session(), found_batch(batch_id)
    wanted = queries.to_certify(session, records.completions_by(session, batch.source))
    year = request.form.get("birth_year") == "1"
    count = record_book.issue(session, guards.act(), wanted=wanted, with_birth_year=year)
    session.commit()
    say(_("发出了 %(count)s 张证书。", count=count), "done" if count else "")
    return back_to("training.certificates", batch_id=batch_id)


@bp.get("/training/batches/<int:batch_id>/certificates/all.pdf")
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
def print_certificates(batch_id: int) -> ResponseReturnValue:
    """Every certificate of the batch that holds, as one PDF."""
    settings, (batch, _task) = current_app.config["SETTINGS"], found_batch(batch_id)
    issued = records.certificates_of_batch(db.session(), batch.source)
    valid = [each for each in issued if each.state is CertificateState.VALID]
    if not valid:
        raise DomainError(N_("这一期还没有发出证书。"))
    made = record_book.paper_pdf(valid, site=settings.site_name, address=settings.address)
    named = {"Content-Disposition": disposition(f"certificates-{batch_id}.pdf", inline=True)}
    return Response(made, mimetype="application/pdf", headers=named)


@bp.route("/training/batches/<int:batch_id>/certificates/<int:certificate_id>/withdraw", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
def withdraw_certificate(batch_id: int, certificate_id: int) -> ResponseReturnValue:
    """Withdraw one certificate, with a reason."""
    session, form, (batch, _task) = db.session(), ReasonForm(), found_batch(batch_id)
    found = records.certificate(session, certificate_id)
    if found is None or found.source != batch.source or found.withdrawn_at:
        raise NotFound(N_("没有这张证书，或者它已经撤销。"))
    if form.validate_on_submit():
        record_book.withdraw_certificate(session, guards.act(), certificate_id=certificate_id, reason=form.reason.data)
        session.commit()
        say(_("证书已经撤销，核验页上会注明。"))
        return back_to("training.certificates", batch_id=batch_id)
    page = render_template("training/withdraw_certificate.html", form=form, batch=batch, found=found)
    return page, 422 if form.errors else 200
