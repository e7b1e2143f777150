"""What a server claims for itself before anything of it runs: its instance folder and its address.

Whoever finds one of them taken ends with one line that says what to do. Both are given back by the death of the last
process that holds them, however it dies.
"""

import dataclasses
import fcntl
import os
import socket
from pathlib import Path
from typing import IO

# As many as Linux lets wait to be accepted; of a theme day's minute on a slow machine none is turned away.
BACKLOG = 4096
UNIX_SOCKET_MODE = 0o660


class Taken(Exception):
    """Something that the server needs belongs to another one, or cannot be had; the message is one line."""


@dataclasses.dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens: a host and a port, or the path of a Unix socket."""

    host: str = "127.0.0.1"
    port: int = 8000
    unix_socket: Path | None = None

    def __str__(self) -> str:
        if self.unix_socket:
            return str(self.unix_socket)
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def claim_instance_folder(folder: Path) -> IO[str]:
    """The open lock file of an instance folder; keep it open as long as the server runs.

    Raises Taken when another server runs there, or the folder cannot be written.
    """
    file = folder / "server.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = file.open("a+", encoding="ascii")
    except OSError as error:
        raise Taken(
            f"the instance folder {folder} cannot be written ({error.strerror}); LEARNHUB_INSTANCE names it"
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        process = lock.read().strip() or "unknown"
        lock.close()
        raise Taken(
            f"another server (process {process}) runs in the instance folder {folder}; stop that one first, or give "
            "this one a folder of its own by LEARNHUB_INSTANCE"
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def listen(address: Address) -> socket.socket:
    """A socket that listens at `address`, for all processes of this server. Raises Taken when the address is not free."""
    try:
        return _listen_at_path(address.unix_socket) if address.unix_socket else _listen_at_port(address)
    except OSError as error:
        hint = "" if address.unix_socket else " (make run PORT=8080)"
        raise Taken(
            f"cannot listen at {address}: {error.strerror}; end what listens there, or choose another one{hint}"
        ) from None


def _listen_at_port(address: Address) -> socket.socket:
    family, kind, protocol, _name, where = socket.getaddrinfo(
        address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        # Connections of the last run may still be ending; a port that somebody listens at is refused all the same.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _listen_at_path(path: Path) -> socket.socket:
    """A socket file that nobody listens at any more is replaced."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket() and listener.connect_ex(str(path)) != 0:
            path.unlink()
        listener.close()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(path))
        path.chmod(UNIX_SOCKET_MODE)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def is_well(listener: socket.socket, seconds: float = 5.0) -> bool:
    """Whether the server behind `listener` answers its own /healthz with 200 within `seconds`."""
    try:
        with socket.socket(listener.family, socket.SOCK_STREAM) as client:
            client.settimeout(seconds)
            client.connect(listener.getsockname())
            client.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return client.recv(12).endswith(b" 200")
    except OSError:
        return False
