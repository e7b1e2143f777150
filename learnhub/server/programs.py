"""What the children of a server do: some answer requests, one does what takes longer."""

import contextlib
import gc
import socket

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import configure_mappers

from config import Config
from learnhub.app import create_app
from learnhub.server import web
from learnhub.server.supervisor import Program
from learnhub.web.db import db


def site(settings: Config, listener: socket.socket, *, with_jobs: bool = True) -> list[Program]:
    """The programs of the site with these settings: `settings.processes` at `listener`, and the jobs worker.

    The application is made here, in the parent, for all of them.
    """
    application = create_app(settings)
    _prepare(application)
    programs = web.web_processes(application, listener, settings.processes, settings.trusted_proxy)
    if with_jobs:
        programs.append(Program("jobs worker", lambda: _work(application)))
    # What stands for as long as the server does is not looked through at every collection, and stays shared.
    gc.collect()
    gc.freeze()
    return programs


def _prepare(application: Flask) -> None:
    """Load here what each child would load for itself: it is there once, and no first reader waits for it."""
    application.extensions["shelf"].current()
    configure_mappers()
    _load_templates(application)
    for language in ("zh", "en"):
        application.test_client().get("/sign-in", headers={"Cookie": f"language={language}"}).close()
    with application.app_context():
        # What the driver and the dialect learn of the database; a database that is away just now is waited for later.
        with contextlib.suppress(DBAPIError), db.engine.connect():
            pass
        db.engine.dispose()


def _load_templates(application: Flask) -> None:
    """All templates, compiled by the first start and read by the next ones; what the disk has no room for waits for its page."""
    environment, folder = application.jinja_env, application.config["SETTINGS"].instance_folder / "templates"
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        environment.bytecode_cache = FileSystemBytecodeCache(str(folder))
        for name in environment.list_templates(extensions=["html"]):
            environment.get_template(name)
    environment.bytecode_cache = None


def _work(application: Flask) -> None:
    """What `flask jobs work` does, in this process; whether it is safe to start has been asked."""
    with application.app_context():
        application.extensions["jobs_worker"]()
