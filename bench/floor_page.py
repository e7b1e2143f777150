"""The floor of a lesson's page: Flask, its session, two reads by the driver alone, one template. Nothing else."""

import os
import threading
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, render_template, session
from jinja2 import DictLoader

from learnhub.web.db import sqlite_module

PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<header>{{ name }}</header><main><h1>{{ title }}</h1><article>{{ lesson|safe }}</article>
<p>{{ marked_at or "" }}</p></main></body></html>"""

app = Flask(__name__)
app.jinja_loader = DictLoader({"page.html": PAGE})  # type: ignore[assignment]
app.secret_key = os.environ["LEARNHUB_SECRET_KEY"]
_local = threading.local()
_LESSON = Path(os.environ["BENCH_LESSON"]).read_text(encoding="utf-8")
_WHO = (
    "SELECT s.id, s.seen_at, a.id, a.name, a.member_id FROM sign_in s JOIN account a ON a.id = s.account_id "
    "WHERE s.token_hash = ? AND s.ended_at IS NULL AND a.disabled_at IS NULL"
)
_MARK = "SELECT unit, marked_at FROM mark WHERE account_id = ? AND unit = ?"


def _read(statement: str, *values: Any) -> Any:
    raw = getattr(_local, "raw", None)
    address = os.environ["BENCH_RAW"]
    if raw is None and address.startswith("/"):
        raw = _local.raw = sqlite_module().connect(address, isolation_level=None)
    elif raw is None:
        raw = _local.raw = psycopg.connect(address, autocommit=True)
    place = "?" if address.startswith("/") else "%s"
    return raw.execute(statement.replace("?", place), values).fetchone()


@app.get("/ready")
def ready() -> str:
    """That the server has started."""
    return ""


@app.get("/lesson")
def lesson() -> str:
    """Who it is, what they marked, and the lesson."""
    _id, _seen, account, name, _member = _read(_WHO, session["token"])
    mark = _read(_MARK, account, "month:2026-11:lesson")
    return render_template("page.html", title="课", name=name, lesson=_LESSON, marked_at=mark and mark[1])
