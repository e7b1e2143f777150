"""The WSGI entry point: `wsgi:app` under any WSGI server."""

import gc

import config
from learnhub.app import create_app
from learnhub.doctor import service as doctor
from learnhub.doctor.cli import is_command

settings = config.from_environment()
if not is_command():
    doctor.refuse_unsafe_start(settings)
app = create_app(settings)
# What stands for as long as the worker does is not looked through at every collection.
gc.collect()
gc.freeze()
