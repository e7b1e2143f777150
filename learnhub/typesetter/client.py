"""Asking the typesetter, which is started when it is needed and shared by all processes of this user.

Typst with Chinese fonts takes up to 180 MB, far more than a web process otherwise; so it is there once, and only for as long
as papers are being made. A pool of processes from a library would keep one for each process that asks.
"""

import fcntl
import functools
import hashlib
import importlib.util
import logging
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from learnhub.typesetter.characters import is_ordinary, name_code
from learnhub.typesetter.errors import FontsMissing, TypesetterUnavailable, TypesettingFailed
from learnhub.typesetter.messages import Answer, Request

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parents[2]
# The package that brings Noto Serif SC and Noto Sans SC, both without bold, with the forms of the mainland.
_SPARE_PACKAGE = "pylopdf_fonts_zh_cn"
# So often a request is sent again to a new typesetter when the first one ended or was killed before it answered.
_ATTEMPTS = 3
_BACKLOG = 64


def find_spare_fonts() -> Path | None:
    """The folder of the fonts that are installed with the site; None where they were left out."""
    try:
        package = importlib.util.find_spec(_SPARE_PACKAGE)
    except ValueError:  # taken out of sys.modules
        package = None
    return Path(package.origin).parent if package and package.origin else None


# Where Debian's fonts-noto-cjk puts its fonts; `use_fonts` names another folder.
_folder, _spare = Path("/usr/share/fonts"), find_spare_fonts()


def use_fonts(folder: Path) -> None:
    """Take fonts from `folder` and everything below it from now on, or those installed with the site."""
    global _folder, _spare
    _folder, _spare = folder, find_spare_fonts()


def check_fonts(folder: Path, spare: Path | None = None) -> None:
    """Raises FontsMissing when neither `folder` nor `spare` has a font for Chinese."""
    _ask(Request(str(folder), str(spare or "")))


def typeset(layout: str, data: Mapping[str, Any], pictures: Sequence[bytes] = (), *, to_keep: bool = False) -> bytes:
    """The PDF of `layout` (a file of `layouts`, without its ending) with `data`, plain JSON values.

    `pictures` are JPEGs that the layout finds beside it as `0.jpg`, `1.jpg` and so on; `to_keep` asks for PDF/A-2b, which
    readers of the far future open, wherever the words allow it. A character that no font has is shown as 〓 and named on
    the paper and in the log. The same data give the same bytes. Raises FontsMissing when nothing at hand prints Chinese, and
    TypesetterUnavailable when the machine does not let a process be started.
    """
    answer = _ask(_request(layout=layout, data=data, pictures=pictures, to_keep=to_keep))
    if answer.unprintable:
        _log.warning("no font has %s: 〓 is printed instead", " ".join(map(name_code, answer.unprintable)))
    return answer.pdf


def find_unprintable(words: str) -> str:
    """The characters of `words` that no font at hand has, each once. Raises FontsMissing as `typeset` does."""
    rare = "".join(each for each in dict.fromkeys(words) if not is_ordinary(each))
    return _find_unprintable(rare, _folder, _spare) if rare else ""


@functools.lru_cache(maxsize=256)
def _find_unprintable(rare: str, _fonts: Path, _spare_fonts: Path | None) -> str:
    return _ask(_request(words=rare)).unprintable


def _request(**values: Any) -> Request:
    return Request(str(_folder), str(_spare or ""), **values)


def _ask(request: Request) -> Answer:
    """The typesetter's answer. Raises FontsMissing, TypesettingFailed or TypesetterUnavailable."""
    for attempt in range(_ATTEMPTS):
        try:
            with _connect() as connection:
                request.send(connection)
                answer = Answer.receive(connection)
            break
        except (EOFError, OSError) as error:
            if attempt == _ATTEMPTS - 1:
                raise TypesetterUnavailable from error
    if answer.fonts_missing:
        raise FontsMissing(answer.fonts_missing)
    if answer.failure:
        raise TypesettingFailed(answer.failure)
    return answer


def _connect() -> Connection:
    """A connection to the typesetter that runs, or to a new one."""
    with _open_socket_path() as path, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        if client.connect_ex(path) != 0:
            with _starting(Path(path)):
                if client.connect_ex(path) != 0:
                    _start(Path(path))
                    client.connect(path)
        return Connection(client.detach())


@contextmanager
def _starting(path: Path) -> Iterator[None]:
    """Nobody else starts one meanwhile, in this process or another."""
    with path.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(path: Path) -> None:
    """Start a typesetter that listens at `path`; whoever connects from now on is answered once it is there."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen(_BACKLOG)
        number = listener.fileno()
        child = subprocess.Popen(  # noqa: S603 (our own module; no shell)
            [sys.executable, "-m", "learnhub.typesetter", str(number)],
            cwd=_ROOT,
            env={
                "PATH": os.defpath,
                "LANG": "C.UTF-8",
                "PYTHONUTF8": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
                "TMPDIR": tempfile.gettempdir(),
            },
            stdin=subprocess.DEVNULL,
            pass_fds=[number],
        )
    threading.Thread(target=child.wait, daemon=True, name="typesetter's end").start()


@contextmanager
def _open_socket_path() -> Iterator[str]:
    """Where the typesetter of this program listens, in a folder that nobody but this user may use.

    By a short name of that folder, which holds until the block ends: addresses of sockets have at most 107 characters.
    """
    program = hashlib.sha256(f"{sys.executable}\0{_ROOT}".encode()).hexdigest()[:16]
    folder = os.open(_private_folder(), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/typesetter-{program}"
    finally:
        os.close(folder)


def _private_folder() -> Path:
    """A folder that is this user's alone. Raises PermissionError when somebody else has made one of its name."""
    folder = Path(tempfile.gettempdir()) / f"learnhub-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise PermissionError(f"{folder} is not this user's own: remove it")
    return folder
