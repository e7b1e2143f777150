"""Checks of the settings: keys, debugging, demonstration, address."""

import urllib.parse

from learnhub.doctor.rules.keys import are_alike, describe_pattern
from learnhub.doctor.service.examination import Answer, Check, Examination, ok, refused, warning

_NEW_KEY = "take what `openssl rand -base64 48` prints"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def _look_at_keys(examination: Examination) -> Answer:
    settings = examination.settings
    named = {"LEARNHUB_SECRET_KEY": settings.secret_key, "LEARNHUB_IDENTITY_KEY": settings.identity_key}
    for name, value in named.items():
        pattern = describe_pattern(value)
        if pattern:
            return refused(f"{name} {pattern} and can be guessed: {_NEW_KEY}")
    if are_alike(*named.values()):
        return refused(
            "LEARNHUB_SECRET_KEY and LEARNHUB_IDENTITY_KEY are the same or share a long part: keep the identity key, and for the "
            f"other {_NEW_KEY}"
        )
    return ok("both keys look random and differ")


def _look_at_debugging(examination: Examination) -> Answer:
    if examination.debug and not examination.settings.demo:
        return refused("debugging is on and would show code and data to visitors: take FLASK_DEBUG and --debug away")
    return ok("on, in a demonstration" if examination.debug else "off")


def _look_at_demonstration(examination: Examination) -> Answer:
    settings = examination.settings
    if settings.demo and settings.secure_cookies:
        return refused(
            "LEARNHUB_DEMO=1 stands beside secure cookies, so a public site could hand out sign-in links: set LEARNHUB_DEMO=0, "
            "or LEARNHUB_SECURE_COOKIES=0 on a machine of your own"
        )
    return ok("on, without secure cookies" if settings.demo else "off")


def _look_at_address(examination: Examination) -> Answer:
    address = urllib.parse.urlsplit(examination.settings.address)
    if address.scheme == "http" and address.hostname not in _LOOPBACK:
        return warning(
            f"LEARNHUB_ADDRESS is {examination.settings.address}: passwords and records travel in clear; put HTTPS in front "
            "and set the https:// address"
        )
    return ok(examination.settings.address or "LEARNHUB_ADDRESS is not set: no QR codes on certificates, no mail")


CHECKS = (
    Check("keys", _look_at_keys),
    Check("debugging", _look_at_debugging),
    Check("demonstration", _look_at_demonstration),
    Check("address", _look_at_address),
)
