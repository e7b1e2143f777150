"""年度材料: one archive of evidence, with the hash of every file, the same bytes for the same papers."""

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Self

from learnhub.core.text import N_
from learnhub.papers import service as papers
from learnhub.papers.rules import Column, Paper, Paragraph, Table
from learnhub.reports.queries.situation import ThemeMonth
from learnhub.reports.rules import BASIS
from learnhub.reports.service.voice import Voice

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

    def add_paper(self, name: str, paper: Paper) -> None:
        """Put a paper in, as XLSX and as PDF."""
        sheet = io.BytesIO()
        papers.write_xlsx(sheet, paper)
        self.add(f"{name}.xlsx", sheet.getvalue())
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


def theme_paper(name: str, year: int, months: Iterable[ThemeMonth], voice: Voice, made_at: dt.datetime) -> Paper:
    """主题党日情况 of a year, month by month (report 3 of forms.md)."""
    say = voice.say
    labels = (N_("支部"), N_("已记录"), N_("已排期还没有记录"), N_("没有排期"))
    head = (Column(say(N_("月份")), 14), *(Column(say(each), 12, numeric=True) for each in labels))
    rows = tuple(
        (each.month, each.branches, each.finished, each.scheduled, each.branches - each.finished - each.scheduled)
        for each in months
    )
    return Paper(
        title=say(N_("%(year)s 年主题党日情况")) % {"year": year},
        made_at=made_at,
        blocks=(Table(head, rows),),
        facts=((say(N_("组织")), name), (say(N_("制表时间")), voice.instant(made_at))),
        notes=(
            say(N_("支部按月末（本月为今天）的组织设置计；一个支部一个月一次，取消的不算。")),
            say(N_("来源：各支部的排期和记录。")),
        ),
        language=voice.language,
    )


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
