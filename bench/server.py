"""`python -m bench.server MODULE:NAME`: a WSGI application behind the site's own web processes, for `bench/serving.py`."""

import importlib
import sys

from learnhub.server.claims import Address, listen
from learnhub.server.supervisor import supervise
from learnhub.server.web import web_processes

PROCESSES = 2


def main(target: str, port: int) -> int:
    """Serve `target` at `port` until stopped; returns the exit code."""
    module, _, name = target.partition(":")
    application = getattr(importlib.import_module(module), name)
    with listen(Address(port=port)) as listener:
        return supervise(web_processes(application, listener, PROCESSES))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
