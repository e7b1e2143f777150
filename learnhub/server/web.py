"""A web process: waitress, which reads a whole request before a thread sees it, and keeps answers for slow readers."""

import logging
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from waitress import create_server, wasyncore
from waitress.task import ThreadedTaskDispatcher

from learnhub.server.claims import BACKLOG
from learnhub.server.memory import OwnMemory, share_one_heap
from learnhub.server.supervisor import Program

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 6
# Nobody who is silent for so long is waited for; looked at every few seconds, so that the end comes within 30.
SILENT_SECONDS, LOOK_SECONDS = 20, 5
CONNECTIONS = 2000
# More than the application takes, so that it is the application that refuses, in words.
BODY_BYTES = 64 * 1024 * 1024
HEADER_BYTES = 64 * 1024
FINISH_SECONDS, JUST_ACCEPTED_SECONDS = 10.0, 0.5
# What `LEARNHUB_TRUSTED_PROXY` says for a proxy at the Unix socket, and what waitress calls whoever connects there.
UNIX, _UNIX_PEER = "unix", "localhost"
_PROXY_HEADERS = {"x-forwarded-for", "x-forwarded-proto"}


# What hashes a password has one thread of its own and a queue before it, so that a storm of guesses takes one thread from
# nobody. Beyond so many that wait (a few seconds), they come to the others, where they are refused in words.
HASHING = frozenset({"/sign-in", "/account/password"})
MOST_HASHING = 100
HASHING_NICENESS = 10
# How long a thread that computes keeps others waiting, who need the interpreter for a moment after each question to the
# database.
SWITCH_SECONDS = 0.001


class HashingDispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Gives requests to threads that everybody else's go before, where both want the same processor."""

    def handler_thread(self, thread_no: int) -> None:
        """The life of one thread."""
        if sys.platform == "linux":  # elsewhere this would slow the whole process
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), HASHING_NICENESS)
        super().handler_thread(thread_no)


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Gives requests to threads: those that hash a password to one of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.hashing = HashingDispatcher()
        self.requests = 0

    def set_thread_count(self, count: int) -> None:
        """Have `count` threads, or none at all."""
        super().set_thread_count(count)
        self.hashing.set_thread_count(min(count, 1))

    def add_task(self, task: Any) -> None:
        """Queue what a connection asks for."""
        self.requests += 1
        asked = task.requests[0]
        hashes = not asked.error and asked.command == "POST" and asked.path in HASHING
        if hashes and len(self.hashing.queue) < MOST_HASHING:
            self.hashing.add_task(task)
        else:
            super().add_task(task)


def web_processes(
    application: "WSGIApplication", listener: socket.socket, count: int, trusted_proxy: str = ""
) -> list[Program]:
    """`count` programs that answer requests which arrive at `listener` by `application`."""

    def run() -> None:
        serve(application, listener, trusted_proxy)

    return [Program(f"web process {number}", run) for number in range(1, count + 1)]


def serve(application: "WSGIApplication", listener: socket.socket, trusted_proxy: str = "") -> None:
    """Answer requests that arrive at `listener` until SIGTERM, or until this process is too large; then finish those in hand.

    `trusted_proxy` is the address of the proxy whose X-Forwarded-For and X-Forwarded-Proto are believed; from everybody
    else they are taken away.
    """
    _allow_open_files()
    sys.setswitchinterval(SWITCH_SECONDS)
    share_one_heap()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    sockets: dict[int, Any] = {}
    dispatcher = Dispatcher()
    dispatcher.set_thread_count(THREADS)
    options = _options(trusted_proxy)
    server = create_server(application, map=sockets, _dispatcher=dispatcher, sockets=[listener], **options)
    stopped: list[int] = []

    def stop(number: int, _frame: object) -> None:
        stopped.append(number)
        server.pull_trigger()

    signal.signal(signal.SIGTERM, stop)
    memory = OwnMemory()
    while not stopped and not memory.is_to_be_replaced(dispatcher.requests):
        wasyncore.loop(timeout=1.0, use_poll=True, map=sockets, count=1)
    for descriptor in [number for number, each in sockets.items() if each.accepting]:
        del sockets[descriptor]  # the other processes accept
    _finish(sockets, lambda: any(_is_busy(channel) for channel in server.active_channels.values()))


def _options(trusted_proxy: str) -> dict[str, Any]:
    trusted = {"trusted_proxy": _UNIX_PEER if trusted_proxy == UNIX else trusted_proxy}
    return {
        "threads": THREADS,
        "ident": None,
        "channel_timeout": SILENT_SECONDS,
        "cleanup_interval": LOOK_SECONDS,
        "connection_limit": CONNECTIONS,
        "backlog": BACKLOG,
        "max_request_body_size": BODY_BYTES,
        "max_request_header_size": HEADER_BYTES,
        "expose_tracebacks": False,
        "log_socket_errors": False,
        "clear_untrusted_proxy_headers": True,
        # No thread ever waits for a slow reader: what he has not taken yet lies in a file.
        "outbuf_high_watermark": sys.maxsize,
        **({**trusted, "trusted_proxy_headers": _PROXY_HEADERS} if trusted_proxy else {}),
    }


def _is_busy(channel: Any) -> bool:
    """Whether an answer is being made or is still on its way."""
    return bool(channel.requests or channel.total_outbufs_len)


def _finish(sockets: dict[int, Any], is_busy: Callable[[], bool]) -> None:
    """Answer what has been asked, and what those ask at once who were accepted last."""
    since = time.monotonic()
    while time.monotonic() < since + (FINISH_SECONDS if is_busy() else JUST_ACCEPTED_SECONDS):
        wasyncore.loop(timeout=0.1, use_poll=True, map=sockets, count=1)


def _allow_open_files() -> None:
    """Each connection may need three files: itself, what it sends and what it is sent."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(4 * CONNECTIONS, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
