"""Taking one's own data away: confirmed, noted on the trail, as JSON for machines and as a paper to read."""

import datetime as dt
import enum
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.clock import FOREVER
from learnhub.core.holding import Holding
from learnhub.core.text import N_
from learnhub.core.voice import Voice
from learnhub.home.rules import COLUMN_LABELS, LEFT_OUT
from learnhub.papers.rules import Block, Column, Heading, Paper, Paragraph, Style, Table

NO_OF_ROWS_LABEL = N_("序号")


def note_taken(session: Session, act: Act, form: str, rows: int) -> None:
    """Note on the audit trail that somebody took their own data away, and as what; each time counts."""
    subject = f"account:{act.actor_id}"
    audit.note(session, act.without_key(), "own-data.take", subject, form=form, rows=rows)


def as_json(found: Sequence[Holding], site: str, made_at: dt.datetime, voice: Voice) -> bytes:
    """Everything as JSON: tables and columns by their own names, values as they are stored, instants in UTC."""
    whole = {
        "site": site,
        "made_at": made_at.isoformat(),
        "left_out": [voice.say(each) for each in LEFT_OUT],
        "tables": [
            {
                "table": each.table,
                "title": voice.say(each.title),
                "rows": [{key: _plain(value) for key, value in row.items()} for row in each.rows],
            }
            for each in found
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def as_paper(found: Sequence[Holding], name: str, site: str, made_at: dt.datetime, voice: Voice) -> Paper:
    """Everything as a paper: a heading and a table for each kind of entry, each entry in words."""
    return Paper(
        title=voice.say(N_("我的全部数据")),
        made_at=made_at,
        blocks=(*(block for each in found if each.rows for block in _blocks(each, voice)), *_nothing(found, voice)),
        facts=((voice.say(N_("姓名")), name), (voice.say(N_("平台")), site)),
        notes=tuple(voice.say(each) for each in LEFT_OUT),
        style=Style.FILING,
        language=voice.language,
        footer=f"{name}　{voice.instant(made_at)}",
        page_words=voice.say(N_("第 %(page)s 页，共 %(pages)s 页")),
    )


def _blocks(held: Holding, voice: Voice) -> Iterator[Block]:
    yield Heading(voice.say(held.title))
    columns = (Column(voice.say(NO_OF_ROWS_LABEL), 5, numeric=True), Column(voice.say(N_("内容")), 80))
    yield Table(columns, tuple((number, _entry(row, held, voice)) for number, row in enumerate(held.rows, 1)))


def _nothing(found: Sequence[Holding], voice: Voice) -> Iterator[Block]:
    titles = [voice.say(each.title) for each in found if not each.rows]
    if titles:
        yield Heading(voice.say(N_("没有记录的：")))
        yield Paragraph(voice.say(N_("、")).join(titles))


def _entry(row: Mapping[str, Any], held: Holding, voice: Voice) -> str:
    """One entry in words: what each column is called and what it says, without those that say nothing."""
    parts = []
    for key, value in row.items():
        if key not in COLUMN_LABELS or value in (None, "", {}, []) or value == FOREVER:
            continue
        label = voice.say(COLUMN_LABELS[key])
        parts.append(voice.say(N_("%(label)s：%(value)s")) % {"label": label, "value": _words(key, value, held, voice)})
    return voice.say(N_("；")).join(parts)


def _words(key: str, value: Any, held: Holding, voice: Voice) -> str:
    if isinstance(value, bool):
        return voice.say(N_("是")) if value else voice.say(N_("否"))
    if isinstance(value, enum.Enum):
        return voice.say(held.labels[value]) if value in held.labels else str(value.value)
    if isinstance(value, dt.datetime):
        return voice.instant(value)
    if isinstance(value, dt.date):
        return voice.day(value)
    if key == "quarters":
        return f"{value / 4:g}"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False).replace('"', "").strip("{}")
    return str(value)


def _plain(value: Any) -> Any:
    if value == FOREVER and isinstance(value, dt.date):
        return None
    if isinstance(value, dt.date | dt.time):  # an instant is a date too
        return value.isoformat()
    return value.value if isinstance(value, enum.Enum) else value
