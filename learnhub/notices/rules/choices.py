"""What a person may ask for, and when it may reach them."""

import dataclasses
import datetime as dt
import enum
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from learnhub.core import clock
from learnhub.core.text import N_


class Channel(enum.Enum):
    """By which way notices go."""

    MAIL = "mail"
    WECOM = "wecom"
    DINGTALK = "dingtalk"


CHANNEL_LABELS = {
    Channel.MAIL: N_("电子邮件"),
    Channel.WECOM: N_("企业微信群机器人"),
    Channel.DINGTALK: N_("钉钉群机器人"),
}


class DigestDay(enum.Enum):
    """On which days the digest of a branch's work goes out."""

    NEVER = "never"
    EVERY_DAY = "every_day"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


DIGEST_LABELS = {
    DigestDay.NEVER: N_("不要"),
    DigestDay.EVERY_DAY: N_("每天"),
    DigestDay.MONDAY: N_("每周一"),
    DigestDay.TUESDAY: N_("每周二"),
    DigestDay.WEDNESDAY: N_("每周三"),
    DigestDay.THURSDAY: N_("每周四"),
    DigestDay.FRIDAY: N_("每周五"),
    DigestDay.SATURDAY: N_("每周六"),
    DigestDay.SUNDAY: N_("每周日"),
}
_WEEKDAYS = tuple(DigestDay)[2:]
QUIET_FROM, QUIET_TO = dt.time(21), dt.time(8)
# How often the meetings of a branch are looked at for a member who asked: a moved one is told of within this time.
MEETINGS_EVERY = dt.timedelta(hours=3)
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{4,253}$)([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_HOSTS = {Channel.WECOM: "qyapi.weixin.qq.com", Channel.DINGTALK: "oapi.dingtalk.com"}
# The path of each robot's address, and the one part of its query that makes it secret.
_ROBOTS = {
    Channel.WECOM: ("/cgi-bin/webhook/send", re.compile(r"key=[A-Za-z0-9-]{8,100}")),
    Channel.DINGTALK: ("/robot/send", re.compile(r"access_token=[A-Za-z0-9]{8,200}")),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for. An empty `address` or `secret` of a robot leaves the one that is kept."""

    channel: Channel
    address: str
    digest: DigestDay
    meetings: bool
    quiet_from: dt.time = QUIET_FROM
    quiet_to: dt.time = QUIET_TO
    secret: str = ""
    language: str = "zh-CN"


@dataclasses.dataclass(frozen=True, slots=True)
class ChoiceValue:
    """What a person has asked for, as it stands."""

    id: int
    account_id: int
    channel: Channel
    address: str
    secret: str
    digest: DigestDay
    meetings: bool
    quiet_from: dt.time
    quiet_to: dt.time
    language: str
    version: int
    confirmed_at: dt.datetime | None
    paused_at: dt.datetime | None
    ended_at: dt.datetime | None

    @property
    def stands(self) -> bool:
        """Whether anything beyond the link of confirmation may be sent."""
        return self.confirmed_at is not None and self.paused_at is None and self.ended_at is None


def open_channels(mail: str, hosts: Collection[str]) -> list[Channel]:
    """The channels of a site with this mail server (empty for none) and these hosts of webhooks.

    A host that is neither WeCom's nor DingTalk's own is a relay, which may stand for either.
    """
    relayed = bool(set(hosts) - set(_HOSTS.values()))
    robots = [channel for channel, host in _HOSTS.items() if relayed or host in hosts]
    return [*([Channel.MAIL] if mail else []), *robots]


def wrong_address(channel: Channel, address: str, hosts: Collection[str]) -> str | None:
    """Why nothing can be sent to `address`, as a message id, or None; `hosts` are those of webhooks that are allowed."""
    if channel is Channel.MAIL:
        return None if _MAIL.fullmatch(address) else N_("邮箱地址不完整，例如 name@example.cn。")
    path, query = _ROBOTS[channel]
    try:
        parts = urlsplit(address)
        plain = parts.scheme == "https" and parts.port in (None, 443) and "@" not in parts.netloc and not parts.fragment
    except ValueError:
        return N_("机器人地址不完整，请从群机器人的设置里整条复制。")
    if not address.isascii() or not plain:
        return N_("机器人地址要以 https:// 开头，请从群机器人的设置里整条复制。")
    if (parts.hostname or "") not in hosts:
        return N_("平台没有开通往这个网址发消息，请联系系统管理员。")
    if parts.path != path or not query.fullmatch(parts.query):
        return N_("机器人地址不完整，请从群机器人的设置里整条复制。")
    return None


def shown_address(channel: Channel, address: str) -> str:
    """The address as its owner sees it again: a robot's holds a secret, so only its host and its end."""
    if channel is Channel.MAIL or not address:
        return address
    return f"{urlsplit(address).hostname} … {address[-4:]}"


def is_quiet(time: dt.time, start: dt.time, end: dt.time) -> bool:
    """Whether `time` lies in the quiet hours from `start` up to, but not including, `end`; none when both are the same."""
    return start <= time < end if start <= end else time >= start or time < end


def not_before(at: dt.datetime, start: dt.time, end: dt.time) -> dt.datetime:
    """`at`, or the end of the quiet hours in which it lies (civil times of day in the configured zone)."""
    local = clock.local(at)
    if not is_quiet(local.time(), start, end):
        return at
    day = local.date() if local.time() < end else local.date() + dt.timedelta(days=1)
    return clock.instant(day, end)


def digest_is_due(digest: DigestDay, day: dt.date) -> bool:
    """Whether the digest goes out on `day`."""
    return digest is DigestDay.EVERY_DAY or (digest in _WEEKDAYS and _WEEKDAYS.index(digest) == day.weekday())


def next_look(at: dt.datetime, meetings: bool, start: dt.time, end: dt.time) -> dt.datetime:
    """When to look again after a look at `at`: soon for meetings, else at the next day's first hour that is not quiet."""
    tomorrow = clock.instant(clock.local(at).date() + dt.timedelta(days=1))
    wanted = min(at + MEETINGS_EVERY, tomorrow) if meetings else tomorrow
    return not_before(wanted, start, end)
