"""The floors of pages, of searching and of handing in: Flask, its session, the driver alone, one template. Nothing else."""

import json
import os
import threading
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from jinja2 import DictLoader

from bench import bigrams
from learnhub.core.sqlite import sqlite_module

PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<header>{{ name }}</header><main><h1>{{ title }}</h1><article>{{ lesson|safe }}</article>
<p>{{ marked_at or "" }}</p></main></body></html>"""

app = Flask(__name__)
app.jinja_loader = DictLoader({"page.html": PAGE})  # type: ignore[assignment]
app.secret_key = os.environ["LEARNHUB_SECRET_KEY"]
_local = threading.local()
_ADDRESS = os.environ["BENCH_RAW"]
_IS_SQLITE = _ADDRESS.startswith("/")
_LESSON = Path(os.environ["BENCH_LESSON"]).read_text(encoding="utf-8") if "BENCH_LESSON" in os.environ else ""
_WHO = (
    "SELECT s.id, s.seen_at, a.id, a.name, a.member_id FROM sign_in s JOIN account a ON a.id = s.account_id "
    "WHERE s.token_hash = ? AND s.ended_at IS NULL AND a.disabled_at IS NULL"
)
_MARK = "SELECT unit, marked_at FROM mark WHERE account_id = ? AND unit = ?"
_ANSWER = "INSERT INTO answer (attempt_id, question_id, value, revision, saved_at, client) VALUES (?, ?, ?, ?, ?, ?)"
_CHANGE = "UPDATE answer SET value = ?, revision = ?, saved_at = ?, client = ? WHERE attempt_id = ? AND question_id = ?"
_HANDED_IN = "UPDATE attempt SET handed_in_at = ?, grades = ?, earned = ?, possible = ? WHERE id = ?"
_ENTRY = (
    "INSERT INTO audit_entry (at, actor_id, action, subject, details, key, previous_hash, hash) "
    "VALUES (?, 1, 'attempt.hand_in', ?, '{}', NULL, ?, ?)"
)
_SEARCH = Path(os.environ.get("BENCH_SEARCH", os.devnull))
_AT = "2026-11-02 02:00:00.000000"


def _raw() -> Any:
    raw = getattr(_local, "raw", None)
    if raw is None and _IS_SQLITE:
        raw = _local.raw = sqlite_module().connect(_ADDRESS, isolation_level=None, timeout=10)
        raw.execute("PRAGMA synchronous=FULL")
    elif raw is None:
        raw = _local.raw = psycopg.connect(_ADDRESS, autocommit=True)
    return raw


def _sql(statement: str) -> str:
    return statement if _IS_SQLITE else statement.replace("?", "%s")


def _read(statement: str, *values: Any) -> Any:
    return _raw().execute(_sql(statement), values).fetchone()


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


@app.get("/search")
def search() -> str:
    """Who it is, how many texts have the words, and the first of them."""
    _id, _seen, _account, name, _member = _read(_WHO, session["token"])
    table = getattr(_local, "table", None)
    if table is None:
        table = _local.table = bigrams.opened(_SEARCH)
    asked = (bigrams.match(request.args["q"]),)
    (count,) = table.execute(bigrams.FOUND, asked).fetchone()
    first = "".join(f"<h2>{title}</h2><p>{body}</p>" for title, body in table.execute(bigrams.FIRST, asked))
    return render_template("page.html", title=f"{count}", name=name, lesson=first, marked_at=None)


@app.post("/attempts/<int:attempt>/hand-in")
def hand_in(attempt: int) -> ResponseReturnValue:
    """The answers of a form, what they earned and a line of a trail in one transaction; nothing is looked at."""
    given = [
        (name.removeprefix("answer."), value) for name, value in request.form.items() if name.startswith("answer.")
    ]
    earned = [2] * len(given)
    grade = (_AT, json.dumps(earned), sum(earned), sum(earned), attempt)
    trail = (_AT, f"attempt:{attempt}", f"{attempt:064x}", f"floor{attempt:059x}")
    rows = [(attempt, question, json.dumps(value), 1, _AT, "bench") for question, value in given]
    raw = _raw()
    if _IS_SQLITE:
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(_ANSWER, rows)
        raw.execute(_HANDED_IN, grade)
        raw.execute(_ENTRY, trail)
        raw.execute("COMMIT")
    else:
        with raw.transaction(), raw.cursor() as cursor:
            cursor.executemany(_sql(_ANSWER), rows)
            cursor.execute(_sql(_HANDED_IN), grade)
            cursor.execute(_sql(_ENTRY), trail)
    return redirect(f"/attempts/{attempt}/result", 303)


@app.post("/attempts/<int:attempt>/answers")
def answer(attempt: int) -> ResponseReturnValue:
    """One answer that is stored already, changed in one transaction."""
    sent = json.loads(request.get_data())
    row = (json.dumps(sent["value"]), sent["revision"], _AT, "bench", attempt, sent["question"])
    raw = _raw()
    raw.execute("BEGIN IMMEDIATE" if _IS_SQLITE else "BEGIN")
    raw.execute(_sql(_CHANGE), row)
    raw.execute("COMMIT")
    return {"saved": session["token"][:5]}
