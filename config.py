"""Settings, read once from the environment at start. A missing or odd value stops the start with one clear line."""

import dataclasses
import os
import re
import zoneinfo
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent


class ConfigError(Exception):
    """A setting is missing or cannot be used; the message names it and says what would do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Config:
    """Every setting of LearnHub; `docs/settings.md` explains each."""

    secret_key: str
    identity_key: str
    database_url: str
    instance_folder: Path
    content_folder: Path
    published_content: Path
    zone: str
    site_name: str
    sponsor: str
    contact: str
    secure_cookies: bool
    demo: bool
    idle_minutes: int
    sign_in_hours: int
    objection_days: int
    address: str
    reply_days: int
    fonts: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Config":
        """Read the settings from `environment`; raises ConfigError with one line that says what is wrong."""
        read = _Reader(environment)
        instance = read.folder("LEARNHUB_INSTANCE", ROOT / "instance")
        return cls(
            secret_key=read.secret("LEARNHUB_SECRET_KEY"),
            identity_key=read.secret("LEARNHUB_IDENTITY_KEY"),
            database_url=read.database("DATABASE_URL", f"sqlite:///{instance / 'learnhub.sqlite3'}"),
            instance_folder=instance,
            content_folder=read.folder("LEARNHUB_CONTENT", ROOT / "content"),
            published_content=instance / "content.json",
            zone=read.zone("LEARNHUB_ZONE", "Asia/Shanghai"),
            site_name=read.text("LEARNHUB_SITE_NAME", "党员学习平台"),
            sponsor=read.text("LEARNHUB_SPONSOR", "县委组织部"),
            contact=read.text("LEARNHUB_CONTACT", ""),
            secure_cookies=read.flag("LEARNHUB_SECURE_COOKIES", True),
            demo=read.flag("LEARNHUB_DEMO", False),
            idle_minutes=read.number("LEARNHUB_IDLE_MINUTES", 120, 5, 1440),
            sign_in_hours=read.number("LEARNHUB_SIGN_IN_HOURS", 72, 1, 720),
            objection_days=read.number("LEARNHUB_OBJECTION_DAYS", 15, 1, 90),
            address=read.address("LEARNHUB_ADDRESS"),
            reply_days=read.number("LEARNHUB_REPLY_DAYS", 15, 1, 90),
            fonts=read.folder("LEARNHUB_FONTS", Path("/usr/share/fonts")),
        )


@dataclasses.dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one kind of value each, and refuses with the name of the setting."""

    environment: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        return self.environment.get(name, "").strip() or default

    def secret(self, name: str) -> str:
        value = self.environment.get(name, "")
        if len(value) < 32 or len(set(value)) < 10:
            raise ConfigError(f"{name} must hold a random secret of at least 32 characters; `make run` writes one")
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.environment.get(name, "").strip().lower()
        if value not in {"", "0", "1"}:
            raise ConfigError(f"{name} must be 0 or 1, not {value!r}")
        return value == "1" if value else default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.environment.get(name, "").strip()
        if not value:
            return default
        if not re.fullmatch(r"\d{1,6}", value, re.ASCII) or not low <= int(value) <= high:
            raise ConfigError(f"{name} must be a whole number from {low} to {high}, not {value!r}")
        return int(value)

    def address(self, name: str) -> str:
        value = self.text(name, "").rstrip("/")
        if value and not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+", value):
            raise ConfigError(f"{name} must be the site's own address such as https://study.example.cn, not {value!r}")
        return value

    def folder(self, name: str, default: Path) -> Path:
        return Path(self.text(name, str(default))).resolve()

    def zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if value not in zoneinfo.available_timezones():
            raise ConfigError(f"{name} must name a time zone such as Asia/Shanghai, not {value!r}")
        return value

    def database(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if value.startswith(("postgresql://", "postgres://")):
            return "postgresql+psycopg://" + value.split("://", 1)[1]
        if value.startswith("postgresql+psycopg://"):
            return value
        if not value.startswith("sqlite:////"):
            raise ConfigError(f"{name} must begin with postgresql:// or be sqlite:/// and an absolute path")
        return value


def from_environment() -> Config:
    """The settings of this process; ends it with one line on standard error when one of them is wrong."""
    try:
        return Config.from_environment({**_kept_secrets(), **os.environ})
    except ConfigError as error:
        raise SystemExit(f"LearnHub cannot start: {error}.") from None


def _kept_secrets() -> dict[str, str]:
    """The secrets that `make run` wrote once into `instance/secrets.env`; the environment goes before them."""
    file = Path(os.environ.get("LEARNHUB_INSTANCE") or ROOT / "instance") / "secrets.env"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return dict(line.split("=", 1) for line in lines if line.startswith("LEARNHUB_") and "=" in line)
