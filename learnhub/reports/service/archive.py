"""年度材料: one archive of evidence, with the hash of every file, the same bytes for the same papers."""

import datetime as dt
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import IO, Self

from learnhub.core.text import N_
from learnhub.core.voice import Voice
from learnhub.papers import service as papers
from learnhub.papers.rules import Paper, Paragraph
from learnhub.reports.rules import BASIS

MANIFEST = "manifest.json"
_FIXED = (1980, 1, 1, 0, 0, 0)


class Archive:
    """A zip that is written file by file; the manifest with the hashes goes in last."""

    def __init__(self, file: IO[bytes], about: dict[str, str]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._about = about
        self._files: list[dict[str, object]] = []

    def add(self, name: str, data: bytes) -> None:
        """Put a file in."""
        self._files.append({"name": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)})
        self._write(name, data)

    def add_paper(self, name: str, paper: Paper, *, printed: bool = True) -> None:
        """Put a paper in, as XLSX and, when it is to be `printed`, as PDF."""
        sheet = io.BytesIO()
        papers.write_xlsx(sheet, paper)
        self.add(f"{name}.xlsx", sheet.getvalue())
        if printed:
            self.add(f"{name}.pdf", papers.pdf(paper))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_rest: object) -> None:
        """End the archive; with the manifest, unless it was left half done."""
        if failure is None:
            manifest = {**self._about, "files": self._files}
            self._write(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        self._zip.close()

    def _write(self, name: str, data: bytes) -> None:
        part = zipfile.ZipInfo(name, _FIXED)
        part.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(part, data)


def faults(path: Path) -> list[str]:
    """What is wrong with an archive: files changed, gone or added since; nothing for one that is whole.

    Raises zipfile.BadZipFile for what is no archive at all.
    """
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if MANIFEST not in names:
            return [f"{MANIFEST} is missing"]
        listed = {each["name"]: each["sha256"] for each in json.loads(archive.read(MANIFEST))["files"]}
        found = [f"{name} is missing" for name in listed if name not in names]
        found += [f"{name} is not in the manifest" for name in sorted(names - listed.keys() - {MANIFEST})]
        for name, digest in listed.items():
            if name in names and hashlib.sha256(archive.read(name)).hexdigest() != digest:
                found.append(f"{name} was changed")
    return found


def definitions_paper(voice: Voice, made_at: dt.datetime) -> Paper:
    """How the figures of the archive are counted."""
    say = voice.say
    return Paper(
        title=say(N_("口径说明")),
        made_at=made_at,
        blocks=tuple(Paragraph(say(line)) for line in BASIS),
        notes=(say(N_("每个文件的校验值写在 manifest.json 里，改动一个字就对不上。")),),
        language=voice.language,
    )
