"""Posting to the robots of group chats: HTTPS to allowed hosts at public addresses, no redirects, no proxies."""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlsplit

from learnhub.core import clock
from learnhub.notices.queries import Due
from learnhub.notices.rules import Channel, Failure, Problem, dingtalk_query, wrong_address

# Seconds that any one step may take, and bytes of an answer that are read.
PATIENCE = 10
ANSWER_BYTES = 65_536
# Codes by which robots say "too many at once": WeCom 45009, DingTalk 130101 and 410100.
_BUSY = frozenset({45009, 130101, 410100, -1})


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet: no network of this house, no machine of its own."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was looked at, whatever the name means by now, and checks the name's certificate."""

    def __init__(self, host: str, address: tuple[str, int], context: ssl.SSLContext) -> None:
        super().__init__(host, timeout=PATIENCE, context=context)
        self._address, self._tls = address, context

    def connect(self) -> None:
        """Connect to the address given, and ask for the host's certificate."""
        plain = socket.create_connection(self._address, PATIENCE)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _resolved(host: str) -> list[tuple[str, int]]:
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [(str(each[4][0]), int(each[4][1])) for each in found]


class Robots:
    """The door to robots: `hosts` are allowed, `resolve` finds a host's addresses, `allowed` says which may be used."""

    def __init__(
        self,
        hosts: Collection[str],
        *,
        resolve: Callable[[str], list[tuple[str, int]]] = _resolved,
        allowed: Callable[[str], bool] = is_public,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._hosts = hosts
        self._resolve = resolve
        self._allowed = allowed
        self._context = context

    def send(self, due: Due, body: dict[str, Any]) -> None:
        """Post `body` to the robot of a claimed message; raises Failure.

        The address is checked once more: the hosts that are allowed may have changed since it was kept.
        """
        channel, address = due.choice.channel, due.choice.address
        if wrong_address(channel, address, self._hosts):
            raise Failure(Problem.OUR_SETTINGS, final=True)
        parts = urlsplit(address)
        host = parts.hostname or ""
        query = parts.query + (dingtalk_query(due.choice.secret, clock.now()) if channel is Channel.DINGTALK else "")
        try:
            found = self._resolve(host)
        except OSError:
            raise Failure(Problem.UNREACHABLE) from None
        # One forbidden address among several is enough: which one is used is not left to the answer of a name server.
        if not found or not all(self._allowed(each) for each, _port in found):
            raise Failure(Problem.OUR_SETTINGS, final=True)
        _judge(*self._posted(host, found[0], f"{parts.path}?{query}", body))

    def _posted(self, host: str, address: tuple[str, int], target: str, body: dict[str, Any]) -> tuple[int, bytes]:
        connection = _Pinned(host, address, self._context or ssl.create_default_context())
        words = json.dumps(body, ensure_ascii=False).encode()
        try:
            connection.request("POST", target, words, {"Content-Type": "application/json; charset=utf-8"})
            answer = connection.getresponse()
            return answer.status, answer.read(ANSWER_BYTES)
        except (OSError, http.client.HTTPException):
            raise Failure(Problem.UNREACHABLE) from None
        finally:
            connection.close()


def _judge(status: int, answer: bytes) -> None:
    """Raise Failure unless the robot said that it took the message: status 200 and `errcode` 0."""
    if status == 429 or status >= 500:
        raise Failure(Problem.BUSY)
    try:
        code = json.loads(answer)["errcode"] if status == 200 else None
    except (ValueError, KeyError, TypeError):
        code = None
    if code in _BUSY:
        raise Failure(Problem.BUSY)
    if code != 0:
        raise Failure(Problem.REFUSED, final=True)
