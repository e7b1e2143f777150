"""Settings, read once from the environment at start. A missing or odd value stops the start with one clear line."""

import dataclasses
import ipaddress
import os
import re
import urllib.parse
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
    media_root: Path | None
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
    smtp: str
    smtp_from: str
    webhook_hosts: tuple[str, ...]
    attachments: Path
    attachment_megabytes: int
    processes: int
    trusted_proxy: str

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
            media_root=read.optional_folder("LEARNHUB_MEDIA_ROOT"),
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
            smtp=read.mail_server("LEARNHUB_SMTP"),
            smtp_from=read.sender("LEARNHUB_SMTP_FROM", needed_by="LEARNHUB_SMTP"),
            webhook_hosts=read.hosts("LEARNHUB_WEBHOOK_HOSTS"),
            attachments=read.folder("LEARNHUB_ATTACHMENTS", instance / "attachments"),
            attachment_megabytes=read.number("LEARNHUB_ATTACHMENT_MEGABYTES", 15, 1, 18),
            processes=read.number("LEARNHUB_PROCESSES", 2, 1, 64),
            trusted_proxy=read.proxy("LEARNHUB_TRUSTED_PROXY"),
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

    def mail_server(self, name: str) -> str:
        """An address such as `smtp://user:password@mail.example.cn:587`, or nothing; without TLS only on this machine."""
        value = self.text(name, "")
        if not value:
            return ""
        parts = urllib.parse.urlsplit(value)
        local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        known = parts.scheme in {"smtp", "smtps"} or (parts.scheme == "smtp+plain" and local)
        try:
            whole = known and parts.hostname and parts.port != 0 and not (parts.path or parts.query or parts.fragment)
        except ValueError:
            whole = False
        if not whole:  # the value itself may hold a password, so it is not repeated
            raise ConfigError(
                f"{name} must be smtps://user:password@host:465 or smtp://user:password@host:587 (STARTTLS), or smtp+plain:// "
                "and this very machine"
            )
        self._needs_address(name)
        return value

    def sender(self, name: str, needed_by: str) -> str:
        """The address that mail comes from; needed as soon as there is a mail server."""
        value = self.text(name, "")
        if (value or self.text(needed_by, "")) and not re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+", value):
            raise ConfigError(f"{name} must be the mail address that notices come from, not {value!r}")
        return value

    def hosts(self, name: str) -> tuple[str, ...]:
        """Names of hosts, separated by commas; none for nothing."""
        found = tuple(each.strip().lower() for each in self.text(name, "").split(",") if each.strip())
        for each in found:
            if not re.fullmatch(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]*", each):
                raise ConfigError(f"{name} must be names of hosts such as qyapi.weixin.qq.com, not {each!r}")
        if found:
            self._needs_address(name)
        return found

    def proxy(self, name: str) -> str:
        """The address that a proxy connects from, `unix` for one at the Unix socket, or nothing."""
        value = self.text(name, "")
        try:
            return value if value in {"", "unix"} else str(ipaddress.ip_address(value))
        except ValueError:
            raise ConfigError(
                f"{name} must be the address that the proxy connects from, such as 127.0.0.1, or unix, not {value!r}"
            ) from None

    def _needs_address(self, name: str) -> None:
        if not self.text("LEARNHUB_ADDRESS", ""):
            raise ConfigError(f"LEARNHUB_ADDRESS must be set together with {name}: notices hold links to the site")

    def folder(self, name: str, default: Path) -> Path:
        return Path(self.text(name, str(default))).resolve()

    def optional_folder(self, name: str) -> Path | None:
        """A folder that must be there when it is named: a disk that is not mounted must not look like no films."""
        value = self.text(name, "")
        if not value:
            return None
        if not Path(value).is_dir():
            raise ConfigError(f"{name} must be a folder that is there, not {value!r}")
        return Path(value).resolve()

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
