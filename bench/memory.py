"""`make bench-memory`: how much memory the site takes after minutes of mixed pages, as `make run` starts it.

A demonstration town is made; somebody of each role follows the links of the pages they may see, four at a time. Printed is
what each process holds of its own and its share of what they have in common (PSS), before, every minute and at the end, when
nobody has read for a quarter of a minute. It ends with 1 when the web processes and the jobs worker then take more than
MOST_MEGABYTES together.
"""

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

from bench.serving import environment, free_port
from config import ROOT

MOST_MEGABYTES = 200
READERS = 4
SETTLE_SECONDS = 15.0
_COUNTED = ("web process", "jobs worker")
_LINK = re.compile(r'href="(/[^"#]*)"')
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_NOT_FOLLOWED = ("/static/", "/media/", "/sign-out", "/calendars/")


def main(words: list[str]) -> int:
    """Start the site, read, and weigh it; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--database", default="", help="an empty database (default: a new SQLite file)")
    parser.add_argument("--seconds", type=float, default=600.0)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="learnhub-memory-") as folder:
        port = free_port()
        given = environment(asked.database or f"sqlite:///{folder}/town.sqlite3", folder) | {"LEARNHUB_DEMO": "1"}
        command = [sys.executable, "-m", "learnhub.start", "--port", str(port)]
        site = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}, stdout=subprocess.PIPE, text=True)
        try:
            readers = [Reader(port, link) for link in _links(site)]
            most = _read_and_weigh(site.pid, readers, asked.seconds)
        finally:
            site.terminate()
            site.wait(30)
    pages = sum(reader.pages for reader in readers)
    print(
        f"{pages} pages, {sum(reader.failures for reader in readers)} failures; {most:.0f} MB, at most {MOST_MEGABYTES}"
    )
    return int(most > MOST_MEGABYTES)


def _links(site: "subprocess.Popen[str]") -> list[str]:
    assert site.stdout
    found: list[str] = []
    for line in site.stdout:
        if "/sign-in/link/" in line:
            found.append(urllib.parse.urlsplit(line.split()[-1]).path)
        if "审计管理员" in line:
            break
    return found


class Reader:
    """Somebody of one role, who goes from page to page."""

    def __init__(self, port: int, link: str) -> None:
        self._port, self._cookie = port, ""
        self._chance = random.Random(link)
        self.pages = self.failures = 0
        token = _TOKEN.search(self._ask("GET", link))
        assert token
        self._ask("POST", link, urllib.parse.urlencode({"csrf_token": token[1]}))
        self._known = ["/"]

    def read(self) -> None:
        """One page, and its links for later."""
        page = self._ask("GET", self._chance.choice(self._known))
        fresh = [link.replace("&amp;", "&") for link in _LINK.findall(page) if not link.startswith(_NOT_FOLLOWED)]
        self._known = ["/", *{*self._known, *fresh}][:2000]
        self.pages += 1

    def _ask(self, method: str, path: str, body: str = "") -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, urllib.parse.quote(path, safe="/?&=%:"), body, headers)
        answer = connection.getresponse()
        set_cookies = [each.split(";")[0] for each in answer.headers.get_all("Set-Cookie") or []]
        self._cookie = "; ".join(each for each in set_cookies if each.startswith("learnhub=")) or self._cookie
        text = answer.read().decode("utf-8", "replace")
        self.failures += answer.status >= 500
        connection.close()
        return text


def _read_and_weigh(parent: int, readers: list[Reader], seconds: float) -> float:
    """Let them read for so long; returns the megabytes of the web processes and the jobs worker at the end."""
    until = time.monotonic() + seconds

    def read(number: int) -> None:
        turn = 0
        while time.monotonic() < until:
            readers[(number + READERS * turn) % len(readers)].read()
            turn += 1

    print(f"{'start':>8}: {_weight(parent)[1]}")
    threads = [threading.Thread(target=read, args=(number,), daemon=True) for number in range(READERS)]
    for thread in threads:
        thread.start()
    begun = time.monotonic()
    while any(thread.is_alive() for thread in threads):
        threads[0].join(min(60.0, max(0.1, until - time.monotonic())))
        print(f"{time.monotonic() - begun:>6.0f} s: {_weight(parent)[1]}", flush=True)
        for thread in threads:
            if until <= time.monotonic():
                thread.join()
    time.sleep(SETTLE_SECONDS)
    at_the_end, words = _weight(parent)
    print(f"{'then':>8}: {words}")
    return at_the_end


def _weight(parent: int) -> tuple[float, str]:
    """The megabytes of the web processes and the jobs worker, and those of all in words."""
    sizes = {f"{_name(each)} ({each})": _pss(each) for each in (str(parent), *_descendants(str(parent)))}
    counted = sum(size for name, size in sizes.items() if name.startswith(_COUNTED))
    return counted, f"{counted:.0f} MB; " + ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())


def _descendants(process: str) -> list[str]:
    found: list[str] = []
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text(encoding="ascii").split():
            found += [child, *_descendants(child)]
    return found


def _name(process: str) -> str:
    return Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip()


def _pss(process: str) -> float:
    words = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Pss:\s+(\d+) kB", words, re.M)
    assert found
    return int(found[1]) / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
