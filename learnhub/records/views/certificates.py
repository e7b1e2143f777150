"""A member's own certificate: on the screen, as a PDF, and the picture of its code."""

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from learnhub.accounts import guards
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.records import queries, service
from learnhub.records.queries import CertificateValue
from learnhub.records.rules import CertificateState
from learnhub.records.views.blueprint import bp
from learnhub.web.db import db
from learnhub.web.downloads import disposition


@bp.get("/certificates/<int:certificate_id>")
@guards.as_member
def certificate(certificate_id: int) -> ResponseReturnValue:
    """The certificate as it is printed."""
    own, address = _own(certificate_id), current_app.config["SETTINGS"].address
    return render_template("records/certificate.html", own=own, address=address, CertificateState=CertificateState)


@bp.get("/certificates/<int:certificate_id>/paper.pdf")
@guards.as_member
def paper(certificate_id: int) -> ResponseReturnValue:
    """The certificate as a PDF; one that does not hold any longer is not printed."""
    own, settings = _own(certificate_id), current_app.config["SETTINGS"]
    if own.state is not CertificateState.VALID:
        raise NotFound(N_("这张证书已经不再有效，不能下载。"))
    made = service.paper_pdf([own], site=settings.site_name, address=settings.address)
    return Response(made, mimetype="application/pdf", headers=_named(own))


@bp.get("/certificates/<int:certificate_id>/code.svg")
@guards.as_member
def code(certificate_id: int) -> ResponseReturnValue:
    """The picture of the code, for the certificate on the screen."""
    made = service.picture(_own(certificate_id).code, current_app.config["SETTINGS"].address)
    return Response(made, mimetype="image/svg+xml")


def _named(own: CertificateValue) -> dict[str, str]:
    return {"Content-Disposition": disposition(f"certificate-{own.shown_code}.pdf", inline=True)}


def _own(certificate_id: int) -> CertificateValue:
    found = queries.certificate(db.session(), certificate_id)
    if found is None or found.member_id != guards.visitor().member_id:
        raise NotFound(N_("没有这张证书，或者它不是您的。"))
    return found
