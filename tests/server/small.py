"""A small application behind the real supervisor and web processes: `python -m tests.server.small PORT [TWIN]`.

A twin is the same server with one protection taken away; the test of that protection must fail on it.
"""

import os
import socket
import sys
import time
from collections.abc import Iterable
from typing import Any

from learnhub.server import memory, supervisor, web
from learnhub.server.claims import Address, Taken, listen

LARGE = 12 * 2**20
GROWN: list[bytearray] = []


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Says which process answers; `/slow` takes a second, `/large` is many megabytes, `/who` says who asks,
    `/grow` takes more memory than a process may keep."""
    path = environ["PATH_INFO"]
    if path in {"/slow", "/sign-in"}:
        time.sleep(1)
    body = str(os.getpid()).encode()
    if path == "/grow":
        GROWN.append(bytearray(os.urandom(2**20) * 2 * memory.MOST_MEBIBYTES))
    if path == "/who":
        body = f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']} {environ.get('HTTP_X_FORWARDED_FOR')}".encode()
    if path == "/length":
        body = str(len(environ["wsgi.input"].read())).encode()
    size = LARGE if path == "/large" else len(body)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(size))])
    return (b"x" * 2**16 for _ in range(size // 2**16)) if path == "/large" else [body]


def _serve_by_thread(application: Any, listener: socket.socket, _proxy: str = "") -> None:
    """A server that gives a thread to whoever connects, as many do."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer  # noqa: PLC0415

    server = WSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(application)
    listener.setblocking(True)
    with ThreadPoolExecutor(web.THREADS) as pool:
        while True:
            connection, address = listener.accept()
            pool.submit(server.process_request, connection, address)


def main(port: int, twin: str, proxy: str) -> int:
    """Serve until stopped."""
    if twin == "orphans":
        supervisor._die_with = lambda _parent: None
    if twin == "by thread":
        web.serve = _serve_by_thread
    if twin == "one queue":
        web.HASHING = frozenset()
    if twin == "waits for readers":
        options = web._options
        web._options = lambda proxy: {**options(proxy), "outbuf_high_watermark": 2**20}
    with listen(Address(port=port)) as listener:
        programs = web.web_processes(application, listener, 2, proxy)
        if twin == "not again":
            programs = [supervisor.Program(each.name, each.run, once=True) for each in programs]
        return supervisor.supervise(programs)


if __name__ == "__main__":
    try:
        sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
    except Taken as taken:
        sys.exit(str(taken))
