"""One further Python process for a whole worker: what it makes of the same value shows whether bytes are stable.

It has other hash seeds and another clock zone, and is asked by function: `ask("tests.x:f", …)` calls `f(…)` there with
plain JSON values and gives back what it returned.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
_LOOP = """
import importlib, json, sys
import learnhub.app
for line in sys.stdin:
    name, given = json.loads(line)
    module, function = name.split(":")
    print(json.dumps(getattr(importlib.import_module(module), function)(*given)), file=sys.__stdout__, flush=True)
"""


class OtherProcess:
    """The process; it begins at once, so that it is ready when it is asked."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "PYTHONPATH": str(_ROOT)}
        command = [sys.executable, "-c", _LOOP]
        self._process = subprocess.Popen(
            command, cwd=_ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, function: str, *given: str) -> Any:
        """What `module:function` returns there."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps([function, given]) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, "the other process ended"
        return json.loads(answer)

    def end(self) -> None:
        """Let it go."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()
