"""`python -m bench`: every measure of `bench/measures`, one line each, and all of them in `bench/latest.json`."""

import argparse
import contextlib
import dataclasses
import datetime as dt
import importlib
import json
import pkgutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import psycopg
from flask_migrate import upgrade
from sqlalchemy.engine import make_url

from bench import generate, measures
from bench.frame import Result, World
from bench.serving import environment
from config import Config
from learnhub.app import create_app
from learnhub.core import clock
from learnhub.core.sqlite import sqlite_module
from learnhub.reports import service as reports
from learnhub.web.db import db

LATEST = Path(__file__).parent / "latest.json"


def main(words: list[str]) -> list[Result]:
    """Take the measures that `words` ask for."""
    asked = _parser().parse_args(words)
    clock.fix(clock.instant(generate.TODAY, dt.time(10)))
    found: list[Result] = []
    with world(generate.SIZES[asked.size], asked.database, asked.rounds) as here:
        for module in _modules(asked.only):
            for each in module.measure(here):
                print(each.line(), flush=True)
                found.append(each)
    clock.fix(None)
    Path(asked.out).write_text(json.dumps([dataclasses.asdict(each) for each in found], indent=1) + "\n")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", choices=generate.SIZES, default="county")
    parser.add_argument(
        "--database", default="", help="an address; a filled one is used as it is (default: a new file)"
    )
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", nargs="*", default=[], help="names of modules in bench/measures")
    parser.add_argument("--out", default=str(LATEST))
    return parser


def _modules(only: list[str]) -> Iterator[ModuleType]:
    for each in pkgutil.iter_modules(measures.__path__):
        if not only or each.name in only:
            yield importlib.import_module(f"bench.measures.{each.name}")


@contextlib.contextmanager
def world(size: generate.Size, database: str, rounds: int) -> Iterator[World]:
    """The application over a database of `size`, which is filled first when it is empty."""
    with tempfile.TemporaryDirectory(prefix="learnhub-bench-") as folder:
        url = database or f"sqlite:///{folder}/bench.sqlite3"
        app = create_app(Config.from_environment(environment(url, folder)))
        with app.app_context():
            _fill(size)
            address = make_url(url)
            if address.get_backend_name() == "sqlite":
                raw = sqlite_module().connect(address.database, isolation_level=None)
                raw.execute("PRAGMA cache_size=-8192")  # as ours
            else:
                raw = psycopg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False))
                raw.autocommit = True
            try:
                yield World(app, size, rounds, raw)
            finally:
                raw.close()
                db.session.remove()
                db.engine.dispose()


def _fill(size: generate.Size) -> None:
    begun = time.perf_counter()
    upgrade()
    with db.engine.begin() as connection:
        fresh = generate.is_empty(connection)
        if fresh:
            generate.fill(connection, size)
    if fresh and db.engine.dialect.name == "postgresql":
        with contextlib.closing(db.engine.raw_connection()) as raw:
            raw.cursor().execute("VACUUM ANALYZE")  # outside a transaction, which any other connection would begin
    filled = time.perf_counter()
    (reports.recount_all if fresh else reports.advance)(db.session(), clock.today())
    db.session.commit()
    done = time.perf_counter()
    print(
        f"{size.in_all} members in {size.in_branches} branches ({filled - begun:.0f} s), counted in {done - filled:.1f} s",
        flush=True,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
