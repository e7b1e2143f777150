"""What a person makes up as a secret is refused; what a generator makes never is."""

import base64
import secrets
import uuid
from collections.abc import Callable

import pytest

from learnhub.doctor.rules.keys import are_alike, describe_pattern

GENERATORS: dict[str, Callable[[], str]] = {
    "token_urlsafe(24)": lambda: secrets.token_urlsafe(24),
    "token_urlsafe(48)": lambda: secrets.token_urlsafe(48),
    "token_hex(16)": lambda: secrets.token_hex(16),
    "token_hex(32)": lambda: secrets.token_hex(32),
    "openssl rand -base64 48": lambda: base64.b64encode(secrets.token_bytes(48)).decode(),
    "base 32": lambda: base64.b32encode(secrets.token_bytes(20)).decode(),
    "uuid": lambda: str(uuid.uuid4()),
}


@pytest.mark.parametrize(
    "secret",
    [
        "0123456789abcdef0123456789abcdef",
        "0123456789abcdefghijklmnopqrstuvwxyz",
        "9876543210-zyxwvutsrqponmlkjihgfedcba",
        "abcdefghijabcdefghijabcdefghijabc",
        "qwertyuiopasdfghjklzxcvbnm1234567890",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9",
        "aaaaaaaaaaaaaaaaaaaaaaaabcdefghijk",
        "changemechangemechangemechangeme12",
        "PLEASE-CHANGE-ME-0a9f8e7d6c5b4a39281",
        "learnhub-7f3a9c2e51b8d604e7a1c93b",
        "my-super-long-passphrase-for-the-county-server",
        "correct horse battery staple correct horse",
        "2026202620262026202620262026202620262026a8f3k1m9",
        "a-random-text-of-more-than-32-characters-0123",
    ],
)
def test_a_pattern_is_named(secret: str) -> None:
    assert describe_pattern(secret)


@pytest.mark.parametrize("name", GENERATORS)
def test_a_random_secret_is_never_refused(name: str) -> None:
    """100 000 in all: not one, for a refused good secret would look like a fault of ours."""
    refused = [
        secret
        for secret in (GENERATORS[name]() for _ in range(100_000 // len(GENERATORS) + 1))
        if describe_pattern(secret)
    ]
    assert not refused


def test_random_secrets_are_not_alike() -> None:
    assert not any(are_alike(secrets.token_urlsafe(48), secrets.token_urlsafe(48)) for _ in range(500))
    one = secrets.token_urlsafe(48)
    assert are_alike(one, one) and are_alike(one, one[:-6] + "second") and are_alike(one, "x" + one)
