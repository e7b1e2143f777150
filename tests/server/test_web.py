"""A web process: who stalls, sends or reads slowly takes nobody's thread, and only a trusted proxy says who asks."""

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from learnhub.server import memory
from learnhub.server.web import BODY_BYTES, HASHING_NICENESS, THREADS
from tests.server.running import GENEROUS, Server, becomes_true, small

STALLED = b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nfour"
SLOW = b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
GUESS = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nfour"
LARGE = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"


@contextlib.contextmanager
def beside(server: Server, raw: bytes, count: int) -> Iterator[list[socket.socket]]:
    """`count` connections that sent `raw` and do no more."""
    with contextlib.ExitStack() as opened:
        yield [opened.enter_context(server.send(raw)) for _ in range(count)]


@pytest.mark.parametrize(
    ("raw", "count"), [(STALLED, 16), (SLOW, 200), (LARGE, 2 * THREADS)], ids=["stalled", "slow", "reader"]
)
def test_others_are_answered_beside(raw: bytes, count: int) -> None:
    with small() as server, beside(server, raw, count):
        for _ in range(20):
            assert server.get(seconds=20)


@pytest.mark.parametrize(
    ("twin", "raw", "count"),
    [("by thread", STALLED, 16), ("waits for readers", LARGE, 4 * THREADS)],
    ids=["stalled", "reader"],
)
def test_a_server_that_gives_threads_away_answers_nobody(twin: str, raw: bytes, count: int) -> None:
    """The twins: a thread for whoever connects; and one that waits for who does not read."""
    with small(twin) as server, beside(server, raw, count), pytest.raises(OSError):
        for _ in range(20):
            server.get(seconds=1)


@pytest.mark.parametrize(("twin", "slow"), [("", False), ("one queue", True)])
def test_a_storm_of_guesses_takes_threads_from_nobody(twin: str, slow: bool) -> None:
    """Each takes a second; in the twin they stand in the same queue as everybody."""
    with small(twin) as server, beside(server, GUESS, 8 * THREADS):
        begun = time.monotonic()
        for _ in range(20):
            assert server.get()
        assert (time.monotonic() - begun > 2) is slow


def niceness(process: int) -> list[int]:
    """That of each thread of a process, the largest last."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return sorted(int((thread / "stat").read_text().rsplit(")", 1)[1].split()[16]) for thread in threads)


def test_of_each_process_one_thread_stands_behind_all_others() -> None:
    """Where hashing and reading want the same processor, reading goes first."""
    with small() as server:
        for process in server.children():  # one of them may still be starting its threads
            assert becomes_true(
                lambda process=process: niceness(process)[-1] == niceness(process)[0] + HASHING_NICENESS
            )
            assert niceness(process)[-2] == niceness(process)[0]


@pytest.mark.long
def test_stalled_connections_are_closed_within_thirty_seconds() -> None:
    """On an idle machine; a busy one is given a few more."""
    with small() as server, beside(server, STALLED, 3) as stalled, beside(server, SLOW, 3) as slow:
        for each in (*stalled, *slow):
            each.settimeout(40)
            with contextlib.suppress(ConnectionResetError):
                assert each.recv(1) == b""


def test_a_large_body_arrives_whole_and_a_boundless_one_is_refused() -> None:
    with small() as server:
        with server.send(b"POST /length HTTP/1.0\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000) as one:
            assert one.makefile("rb").read().endswith(b"3000000")
        with server.send(b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (BODY_BYTES + 1)) as one:
            assert b" 413 " in one.recv(1000)


def test_the_answer_names_no_server() -> None:
    with small() as server, server.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as one:
        assert becomes_true(lambda: b"waitress" not in one.recv(1000))


@pytest.mark.parametrize(
    ("proxy", "seen"),
    [("", "127.0.0.1 http None"), ("127.0.0.1", "192.0.2.7 https 192.0.2.7"), ("192.0.2.1", "127.0.0.1 http None")],
)
def test_only_a_trusted_proxy_says_who_asks(proxy: str, seen: str) -> None:
    """And of several addresses only the one that it saw itself."""
    headers = {"X-Forwarded-For": "198.51.100.1, 192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil"}
    with small(proxy=proxy) as server:
        assert server.get("/who", headers) == seen


@pytest.mark.long
def test_a_process_that_grew_too_large_is_replaced_once_nobody_asks_and_nobody_notices() -> None:
    with small() as server:
        grown = server.get("/grow")
        until = time.monotonic() + 2 * GENEROUS
        while int(grown) in server.children():
            assert time.monotonic() < until
            time.sleep(0.2)
        assert becomes_true(lambda: len(server.children()) == 2) and server.get()


@pytest.mark.long
def test_a_process_that_grew_too_large_goes_on_while_it_is_asked() -> None:
    """Until it is old; a site that is always busy has no quiet moment."""
    with small() as server:
        grown = {server.get("/grow") for _ in range(20)}
        until = time.monotonic() + 3 * memory.LOOK_SECONDS
        while time.monotonic() < until:
            server.get()
        assert {int(each) for each in grown} & server.children()
