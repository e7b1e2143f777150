"""The only module that knows every room: it wires them into an application and does nothing else."""

import importlib
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Flask
from jinja2 import StrictUndefined

from learnhub.accounts import guards
from learnhub.accounts.views import init_app as init_sign_in
from learnhub.attendance import service as attendance
from learnhub.content.shelf import Shelf
from learnhub.core import clock
from learnhub.reports import service as reports
from learnhub.typesetter import client as typesetter
from learnhub.web import catalogue, commands, compress, db, errors, files, filters, form, headers, i18n, logs, requests

if TYPE_CHECKING:
    from config import Config

VIEWS = (
    "home",
    "notices",
    "reports",
    "meetings",
    "quiz",
    "study",
    "records",
    "accounts",
    "members",
    "feedback",
    "jobs",
)
# The rooms of each wing that have pages; a wing has one blueprint.
WINGS = {
    "training": (
        "overview",
        "recognition_lists",
        "recognition",
        "closing",
        "sessions",
        "reflections",
        "results",
        "certificates",
        "classes",
        "enrolment",
        "batches",
        "tasks",
        "calendar",
    ),
}
COMMANDS = (
    "content",
    "organizations",
    "accounts",
    "members",
    "records",
    "reports",
    "demo",
    "jobs",
    "notices",
    "doctor",
)
# Each room that keeps something about a person, in the order of a person's own copy of it.
KEEPERS = (
    "members",
    "attendance",
    "records",
    "training.personal_data",
    "quiz",
    "study",
    "meetings",
    "feedback",
    "notices",
    "jobs",
    "accounts",
    "audit",
)
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def create_app(settings: "Config") -> Flask:
    """The application with these settings."""
    app = logs.Application(__name__, static_folder=None, template_folder="web/templates")
    app.config.update(_flask_settings(settings))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    clock.configure(settings.zone)
    for concern in (logs, requests, db, files, filters, form, headers, compress, i18n, errors, guards):
        concern.init_app(app)
    catalogue.init_app(app, Shelf(settings.published_content))
    init_sign_in(app)
    reports.keep()
    for room in VIEWS:
        app.register_blueprint(importlib.import_module(f"learnhub.{room}.views").bp)
    for wing, rooms in WINGS.items():
        for room in rooms:
            importlib.import_module(f"learnhub.{wing}.{room}.views")
        app.register_blueprint(importlib.import_module(f"learnhub.{wing}.blueprint").bp)
    # These have no pages of their own; other rooms extend and call their templates.
    app.register_blueprint(Blueprint("attendance", "learnhub.attendance", template_folder="templates"))
    app.register_blueprint(Blueprint("papers", "learnhub.papers", template_folder="templates"))
    typesetter.use_fonts(settings.fonts)
    for room in COMMANDS:
        app.cli.add_command(importlib.import_module(f"learnhub.{room}.cli").cli)
    commands.init_app(app)
    app.jinja_env.globals["settings"] = settings
    app.extensions["jobs_worker"] = importlib.import_module("learnhub.jobs.cli").work_until_stopped
    # What a worker can be asked for, by kind: `jobs` knows how to do work, the rooms above know what.
    app.extensions["job_handlers"] = {
        "archive": importlib.import_module("learnhub.reports.views").situation.make_archive
    }
    app.extensions["own_data"] = tuple(
        importlib.import_module(f"learnhub.{room}.queries").about_person for room in KEEPERS
    )
    # What `flask rules load` writes.
    app.extensions["published_rules"] = (
        importlib.import_module("learnhub.records.service").load_published_needs,
        importlib.import_module("learnhub.meetings.service").load_published_duties,
    )
    # What a worker does of its own accord: all the time, and once each night in this order.
    app.extensions["ticks"] = (reports.tick,)
    app.extensions["nightly"] = {
        "roll-up: new day": reports.begin_day,
        "roll-up: check": reports.compare,
        "attachments: erase": partial(attendance.erase_withdrawn, folder=settings.attachments),
    }
    # What a worker sends out, every half minute.
    app.extensions["errands"] = (importlib.import_module("learnhub.notices.cli").tick,)
    guards.check(app)
    return app


def _flask_settings(settings: "Config") -> dict[str, object]:
    return {
        "SETTINGS": settings,
        "MIGRATIONS": MIGRATIONS,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": db.engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": "learnhub",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.sign_in_hours),
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the sign-in: a long quiz must not expire
        "MAX_CONTENT_LENGTH": 20 * 1024 * 1024,
        "MAX_FORM_PARTS": 5000,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": "zh_CN",
        "BABEL_DEFAULT_TIMEZONE": settings.zone,
    }
