"""A Word document (.docx) as lines of text, read in a child of its own that can be killed.

`read` is what others call. Run as `python -m learnhub.content.exchange.document MEGABYTES`, the file on standard input;
standard output brings JSON, either `{"lines": […], "is_revised": bool}` or `{"verdict": why it was not read}`.
"""

import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learnhub.core import workbook

LARGEST = 10 * 1024 * 1024
# What starting Python with python-docx needs on a slow machine; a document of 2 000 questions takes about one second.
SECONDS = 20.0
MEGABYTES, MEGABYTES_A_MEGABYTE = 256, 40
MOST_LINES = 100_000


@dataclass(frozen=True, slots=True)
class DocumentLines:
    """The lines of a document, one a paragraph or soft line break; `is_revised` when it has tracked changes."""

    lines: tuple[str, ...]
    is_revised: bool


def read(data: bytes) -> DocumentLines:
    """The lines of a document, with the numbers that Word counts by itself; tracked changes are taken as accepted.

    Pictures, formulas and text that is struck through stand as U+FFFC. Raises workbook.Refused.
    """
    limit = MEGABYTES + MEGABYTES_A_MEGABYTE * len(data) // 1024 // 1024
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(  # noqa: S603 (our own module, no argument from outside)
            [sys.executable, "-m", "learnhub.content.exchange.document", str(limit)],
            input=data,
            cwd=Path(__file__).resolve().parents[3],
            env=environment,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise workbook.Refused("bomb") from None
    if done.returncode != 0:
        raise workbook.Refused("bomb")
    answer = json.loads(done.stdout)
    if "verdict" in answer:
        raise workbook.Refused(answer["verdict"])
    return DocumentLines(tuple(answer["lines"]), answer["is_revised"])


def main(arguments: Sequence[str]) -> int:
    """The child: read standard input, write the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (int(arguments[0]) * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer = _answer(sys.stdin.buffer.read())
    except workbook.Refused as verdict:
        answer = {"verdict": str(verdict)}
    except MemoryError:
        answer = {"verdict": "bomb"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))
    return 0


def _answer(data: bytes) -> dict[str, Any]:
    workbook.check_directory(data)
    # Only the child needs them, and they take a third of a second.
    from docx import Document  # noqa: PLC0415

    from learnhub.content.exchange.document_text import is_revised, list_lines  # noqa: PLC0415

    try:
        document = Document(io.BytesIO(data))
    except ValueError:
        return {"verdict": "foreign"}
    except MemoryError:
        raise
    except Exception:
        return {"verdict": "broken"}
    lines = list_lines(document)
    if len(lines) > MOST_LINES:
        return {"verdict": "long"}
    return {"lines": lines, "is_revised": is_revised(document)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
