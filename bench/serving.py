"""Two servers side by side, ours as it is shipped and a floor, and how quickly each answers over 16 connections."""

import asyncio
import contextlib
import itertools
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.engine import make_url

from bench.frame import World
from config import ROOT, Config
from learnhub.accounts.rules import digest
from learnhub.content import publish

CONNECTIONS = 16
FLOOR = "bench.floor:app"
_STARTS_WITHIN = 30.0


def environment(database_url: str, folder: str) -> dict[str, str]:
    """The settings of a site of its own over a database, with new secrets, its files in `folder`."""
    return {
        "LEARNHUB_SECRET_KEY": secrets.token_urlsafe(48),
        "LEARNHUB_IDENTITY_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": database_url,
        "LEARNHUB_INSTANCE": folder,
        "LEARNHUB_SECURE_COOKIES": "0",
    }


def publish_content(settings: Config) -> None:
    """Publish the content that is shipped: a site without any is refused. Raises AssertionError when it cannot be."""
    outcome = publish.publish(ROOT / "content", settings.published_content)
    assert outcome.version, outcome.first_error(ROOT / "content")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(target: str, environment: Mapping[str, str], ready: str) -> Iterator[int]:
    """The WSGI application `target` behind two web processes until the block ends; gives its port once `ready` is answered."""
    port = free_port()
    running = subprocess.Popen(
        [sys.executable, "-m", "bench.server", target, str(port)], cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        _wait(f"http://127.0.0.1:{port}{ready}", running)
        yield port
    finally:
        running.terminate()
        running.wait(30)


@contextlib.contextmanager
def side_by_side(world: World, **floor_only: str) -> Iterator[tuple[int, int]]:
    """The ports of the site and of the floor over the same database; `floor_only` is the floor's further environment."""
    settings = world.app.config["SETTINGS"]
    url = make_url(settings.database_url)
    raw = url.database if world.is_sqlite else url.set(drivername="postgresql").render_as_string(hide_password=False)
    shared = {"LEARNHUB_SECRET_KEY": settings.secret_key}
    ours = {
        **shared,
        "LEARNHUB_IDENTITY_KEY": settings.identity_key,
        "DATABASE_URL": settings.database_url,
        "LEARNHUB_INSTANCE": str(settings.instance_folder),
        "LEARNHUB_SECURE_COOKIES": "0",
    }
    floor = {**shared, "BENCH_RAW": str(raw), **floor_only}
    with served("wsgi:app", ours, "/sign-in") as port, served(FLOOR, floor, "/ready") as floor_port:
        yield port, floor_port


def _wait(url: str, running: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310 (our own address)
                answer.read()
            return
        except OSError:
            if time.monotonic() > until or running.poll() is not None:
                raise
            time.sleep(0.1)


class Phones:
    """What browsers of `app` send: signed cookies, one CSRF token, whole requests."""

    def __init__(self, app: Flask) -> None:
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        self._sign: Callable[[object], str | bytes] = signer.dumps
        self._raw = secrets.token_hex(20)
        self.csrf_token = str(URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(self._raw))

    def cookie(self, token: str) -> str:
        """The cookie of who signed in with `token`."""
        return f"learnhub={self.sealed(_user_id=token, _fresh=True, csrf_token=self._raw)}"

    def cookies(self, token: str) -> str:
        """That of the site, and that of the floor, which keeps the token's digest itself."""
        return f"{self.cookie(token)}; session={self.sealed(token=digest(token))}"

    def sealed(self, **content: object) -> str:
        """A session's cookie of that content."""
        return str(self._sign(content))

    def form(self, fields: Sequence[tuple[str, str]]) -> str:
        """The body of a sent form."""
        return urllib.parse.urlencode([("csrf_token", self.csrf_token), *fields])


def request(port: int, line: str, cookie: str, body: str = "", headers: Mapping[str, str] | None = None) -> bytes:
    """One request, such as `GET /courses`, a form in `body` unless `headers` say otherwise."""
    sent = {"Host": f"127.0.0.1:{port}", "Origin": f"http://127.0.0.1:{port}", "Cookie": cookie}
    if body:
        sent |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body.encode()))}
    words = "".join(f"{name}: {value}\r\n" for name, value in {**sent, **(headers or {})}.items())
    return f"{line} HTTP/1.1\r\n{words}\r\n{body}".encode()


def pages_a_second(port: int, paths: Sequence[str], cookie: str, seconds: float) -> float:
    """How many of `paths`, in turn, are answered with 200 a second over all connections; any other answer is an error."""
    until = time.perf_counter() + seconds
    pages = itertools.cycle([request(port, f"GET {path}", cookie) for path in paths])

    def endless() -> Iterator[bytes]:
        while time.perf_counter() < until:
            yield next(pages)

    return asyncio.run(_hammer(port, endless(), 200)) / seconds


def sent_a_second(port: int, requests: Sequence[bytes], status: int) -> float:
    """How many of `requests` a second are answered with `status` over all connections; another answer is an error."""
    begun = time.perf_counter()
    asyncio.run(_hammer(port, iter(requests), status))
    return len(requests) / (time.perf_counter() - begun)


async def _hammer(port: int, requests: Iterator[bytes], status: int) -> int:
    return sum(await asyncio.gather(*(_one(port, requests, status) for _ in range(CONNECTIONS))))


async def _one(port: int, requests: Iterator[bytes], status: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    for each in requests:
        writer.write(each)
        head = await reader.readuntil(b"\r\n\r\n")
        if int(head[9:12]) != status:
            raise RuntimeError(head.decode("latin-1"))
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        answered += 1
    writer.close()
    return answered
