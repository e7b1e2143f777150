"""The WSGI entry point: `wsgi:app` under any WSGI server."""

import gc

import config
from learnhub.app import create_app

app = create_app(config.from_environment())
# What stands for as long as the worker does is not looked through at every collection.
gc.collect()
gc.freeze()
