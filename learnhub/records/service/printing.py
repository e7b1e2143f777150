"""The paper of a certificate: its values and the picture of its address, set by the typesetter."""

import io
from collections.abc import Sequence
from typing import Any

import segno

from learnhub.records.queries import CertificateValue
from learnhub.typesetter.client import typeset

# Enough for a crease or a stain; the picture stays small.
_ERROR_LEVEL = "m"


def paper_pdf(certificates: Sequence[CertificateValue], *, site: str, address: str) -> bytes:
    """The PDF of `certificates`, a sheet each: the same bytes whenever it is asked for.

    `site` is the site's name. `address` is its own public address; empty, the paper bears the code without a picture.
    """
    return typeset("certificate", {"site": site, "certificates": [_sheet(each, address) for each in certificates]})


def picture(code: str, address: str) -> str:
    """The QR code, as SVG, of the page where `code` is verified; empty without an `address`."""
    if not address:
        return ""
    target = io.BytesIO()
    made = segno.make(verify_address(code, address), error=_ERROR_LEVEL)
    made.save(target, kind="svg", scale=8, border=2, light="#ffffff", xmldecl=False, nl=False)
    return target.getvalue().decode()


def verify_address(code: str, address: str) -> str:
    """Where anybody verifies `code` on the site at `address`."""
    return f"{address.rstrip('/')}/verify/{code}"


def _sheet(value: CertificateValue, address: str) -> dict[str, Any]:
    return {
        **value.paper.to_json(),
        "hours": f"{value.paper.quarters / 4:.2f}".rstrip("0").rstrip("."),
        "code": value.shown_code,
        "address": verify_address(value.code, address) if address else "",
        "picture": picture(value.code, address),
    }
