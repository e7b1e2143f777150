"""The WSGI entry point: `wsgi:app` under any WSGI server."""

import config
from learnhub.app import create_app

app = create_app(config.from_environment())
