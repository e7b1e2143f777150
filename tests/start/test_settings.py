"""Settings: a missing or odd value stops the start with one clear line that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import Config, ConfigError

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "LEARNHUB_SECRET_KEY": "a-random-text-of-more-than-32-characters-0123",
    "LEARNHUB_IDENTITY_KEY": "another-random-text-of-over-32-characters-45",
}


def test_the_secrets_are_enough_to_start() -> None:
    settings = Config.from_environment(GOOD)
    assert settings.zone == "Asia/Shanghai"
    assert settings.database_url.startswith("sqlite:////")
    assert settings.secure_cookies is True
    assert settings.demo is False


def test_the_address_of_postgresql_gets_its_driver() -> None:
    settings = Config.from_environment({**GOOD, "DATABASE_URL": "postgresql://somebody@db/learnhub"})
    assert settings.database_url == "postgresql+psycopg://somebody@db/learnhub"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEARNHUB_SECRET_KEY", ""),
        ("LEARNHUB_SECRET_KEY", "short"),
        ("LEARNHUB_IDENTITY_KEY", "a" * 60),
        ("DATABASE_URL", "mysql://somewhere/learnhub"),
        ("DATABASE_URL", "sqlite:///relative.sqlite3"),
        ("LEARNHUB_ZONE", "Asia/Nowhere"),
        ("LEARNHUB_DEMO", "yes"),
        ("LEARNHUB_SECURE_COOKIES", "2"),
        ("LEARNHUB_PROCESSES", "0"),
        ("LEARNHUB_TRUSTED_PROXY", "nginx"),
        ("LEARNHUB_IDLE_MINUTES", "4"),
        ("LEARNHUB_IDLE_MINUTES", "many"),
        ("LEARNHUB_SIGN_IN_HOURS", "٧٢"),
        ("LEARNHUB_SMTP", "mail.example.cn:25"),
        ("LEARNHUB_SMTP", "smtp+plain://mail.example.cn"),
        ("LEARNHUB_SMTP", "smtp://mail.example.cn:many"),
        ("LEARNHUB_SMTP_FROM", "nobody"),
        ("LEARNHUB_WEBHOOK_HOSTS", "https://oapi.dingtalk.com"),
        ("LEARNHUB_WEBHOOK_HOSTS", "127.0.0.1"),
    ],
)
def test_an_odd_value_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^{name} "):
        Config.from_environment({**GOOD, name: value})


def test_a_mail_server_wants_a_sender_and_the_address_of_the_site() -> None:
    """And a password in its address is never repeated."""
    sending = {**GOOD, "LEARNHUB_SMTP": "smtp://me:secret-word@mail.example.cn"}
    with pytest.raises(ConfigError, match=r"^LEARNHUB_ADDRESS "):
        Config.from_environment(sending)
    sending["LEARNHUB_ADDRESS"] = "https://study.example.cn"
    with pytest.raises(ConfigError, match=r"^LEARNHUB_SMTP_FROM "):
        Config.from_environment(sending)
    settings = Config.from_environment({**sending, "LEARNHUB_SMTP_FROM": "notice@example.cn"})
    assert settings.smtp == sending["LEARNHUB_SMTP"] and settings.webhook_hosts == ()
    with pytest.raises(ConfigError) as refused:
        Config.from_environment({**sending, "LEARNHUB_SMTP": "imap://me:secret-word@mail.example.cn"})
    assert "secret-word" not in str(refused.value)


@pytest.mark.long
def test_the_start_ends_with_one_line(tmp_path: Path) -> None:
    """No trace, no half-started server: one sentence on standard error and an exit code."""
    environment = {"PATH": os.environ["PATH"], "LEARNHUB_INSTANCE": str(tmp_path), **GOOD, "LEARNHUB_ZONE": "Mars"}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("LearnHub cannot start: LEARNHUB_ZONE ")
