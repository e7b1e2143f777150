"""What the children of a server do: some answer requests, one does what takes longer."""

import gc
import socket

from flask import Flask
from flask.cli import ScriptInfo

from config import Config
from learnhub.app import create_app
from learnhub.server import web
from learnhub.server.supervisor import Program


def site(settings: Config, listener: socket.socket, *, with_jobs: bool = True) -> list[Program]:
    """The programs of the site with these settings: `settings.processes` at `listener`, and the jobs worker.

    The application is made here, in the parent, for all of them.
    """
    application = create_app(settings)
    application.extensions["shelf"].current()  # read once for all, and no first reader waits for it
    programs = web.web_processes(application, listener, settings.processes, settings.trusted_proxy)
    if with_jobs:
        programs.append(Program("jobs worker", lambda: _work(application)))
    # What stands for as long as the server does is not looked through at every collection, and stays shared.
    gc.collect()
    gc.freeze()
    return programs


def _work(application: Flask) -> None:
    """`flask jobs work` in this process."""
    application.cli.main(
        ["jobs", "work"], prog_name="flask", obj=ScriptInfo(create_app=lambda: application), standalone_mode=False
    )
