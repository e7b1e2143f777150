"""Real servers on this machine: one that takes mail, one that plays the robot of a group chat.

`localhost.pem` is a certificate and its key for tests alone: it names this machine and the two robots' hosts.
"""

import contextlib
import dataclasses
import email
import email.policy
import http.server
import json
import ssl
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

CERTIFICATE = Path(__file__).parent / "localhost.pem"


def trusting() -> ssl.SSLContext:
    """A client that trusts the tests' certificate and no other."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def serving() -> ssl.SSLContext:
    """A server with the tests' certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


class Mailbox:
    """Takes mail; refuses addresses of `refused` with the code given there."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refused: dict[str, str] = {}
        self.port = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """The letters to one address."""
        return [each for each in self.letters if each["To"] == address]


class _OnFreePort(Controller):
    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextlib.contextmanager
def mail_server(tls: bool = False) -> Iterator[Mailbox]:
    """A mail server on a free port; with `tls` it takes nothing before STARTTLS."""
    box = Mailbox()
    options = {"tls_context": serving(), "require_starttls": True} if tls else {}
    controller = _OnFreePort(box, hostname="127.0.0.1", port=0, server_hostname="localhost", **options)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


@dataclasses.dataclass
class Robot:
    """Answers every post with `status` and `answer`, and keeps what was posted."""

    posts: list[tuple[str, str, dict[str, Any]]] = dataclasses.field(default_factory=list)
    status: int = 200
    answer: bytes = b'{"errcode": 0, "errmsg": "ok"}'
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    port: int = 0


@contextlib.contextmanager
def robot_server() -> Iterator[Robot]:
    """An HTTPS server that plays a robot."""
    robot = Robot()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            robot.posts.append((self.headers["Host"], self.path, body))
            self.send_response(robot.status)
            for name, value in robot.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(robot.answer)

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = serving().wrap_socket(server.socket, server_side=True)
    robot.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield robot
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
