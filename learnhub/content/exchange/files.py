"""A file of questions opened and read as asked, put beside those that are there; and a quiz file written for others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from learnhub.content.exchange import aiken, document, gift, gift_writing, sheet, word
from learnhub.content.exchange.drafts import Draft, Notes, of_question, plain_enough
from learnhub.content.exchange.markdown import as_markdown, body, proven
from learnhub.content.links import Links
from learnhub.content.parse import UNSHOWABLE
from learnhub.content.parse import read as read_source
from learnhub.content.problems import Problem, Problems
from learnhub.content.questions import questions
from learnhub.content.render import Renderer
from learnhub.content.schema import Question
from learnhub.content.tree import Trees
from learnhub.core import workbook
from learnhub.core.text import N_

LARGEST = 2 * 1024 * 1024
MOST_QUESTIONS = 2_000
_TEXTS: Mapping[str, Callable[[str, Notes], list[Draft]]] = {"gift": gift.read, "aiken": aiken.read}
_ARCHIVE = b"PK\x03\x04"
_SAVE_AS_DOCX = N_("这是旧的 Word 或 WPS 格式，请打开后另存为 .docx 再用。")
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": _SAVE_AS_DOCX,
    b"{\\rtf": _SAVE_AS_DOCX,
    b"%PDF": N_("这是 PDF，请用 Word 文档或者纯文本。"),
    _ARCHIVE: N_("这是压缩文件或者 Office 文档，不是这种格式的文本。"),
}
_DOCUMENT_REFUSALS = {
    "locked": sheet.REFUSALS["locked"],
    "foreign": N_("这不是 Word 文档（.docx）。"),
    "bomb": sheet.REFUSALS["bomb"],
    "long": N_("这个文档太长，请分成几个。"),
}
FORMS = ("word", "xlsx", *_TEXTS)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file of questions: those that are new, the text of the whole quiz file, all problems."""

    drafts: tuple[Draft, ...]
    markdown: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class GivenOut:
    """A file for others, and what it could not hold."""

    body: bytes
    problems: tuple[Problem, ...]


def take_in(file: Path, form: str, target: Path | None = None) -> TakenIn:
    """Read the questions of `file`, which is written in `form` (of `FORMS`), and put the new ones after those of `target`.

    Taking in one's own export adds nothing. Raises OSError when a file cannot be read.
    """
    notes = Notes(file.name)
    title, found = understand(_bytes(file, notes), form, notes)
    if target is None or not target.exists():
        return TakenIn(found, as_markdown(found, title), notes.all())
    there = _questions(target, Problems())
    if not any(each.topic for each in there):
        found = _without_topics(found, notes)
    known = {each.id: of_question(each) for each in there}
    new = tuple(draft for draft in found if draft.id not in known)
    for draft in found:
        if draft.id in known and not _same(known[draft.id], draft):
            notes.error(draft.line, N_("编号 “%(id)s” 已经给了另一道题，没有加进去。"), id=draft.id)
    text = target.read_text(encoding="utf-8").rstrip("\n")
    return TakenIn(new, f"{text}\n\n{body(new)}" if new else f"{text}\n", notes.all())


def _without_topics(found: tuple[Draft, ...], notes: Notes) -> tuple[Draft, ...]:
    for draft in found:
        if draft.topic:
            notes.warn(draft.line, N_("题库文件不按主题抽题，主题没有带过来：%(text)s"), text=draft.topic)
            break
    return tuple(replace(draft, topic="") for draft in found)


def _same(known: Draft, draft: Draft) -> bool:
    """Whether they ask the same; a form that knows no topics says nothing of them."""
    return replace(known, line=0, topic=draft.topic and known.topic) == replace(draft, line=0)


def understand(raw: bytes | None, form: str, notes: Notes) -> tuple[str, tuple[Draft, ...]]:
    """The title, if there is one, and the questions of a file's bytes that our own form can hold."""
    title, drafts = _drafts(raw, form, notes)
    if len(drafts) > MOST_QUESTIONS:
        notes.error(drafts[MOST_QUESTIONS].line, N_("一次最多读入 %(most)s 道题，后面的没有读。"), most=MOST_QUESTIONS)
    found = proven(drafts[:MOST_QUESTIONS], notes)
    if not found and not notes.all():
        notes.error(1, N_("这里没有一道能用的题。"))
    return title, found


def give_out(quiz: Path, form: str) -> GivenOut:
    """The questions of the quiz file `quiz` as GIFT or on an XLSX sheet; what it does not hold is told by line."""
    problems, notes = Problems(), Notes(quiz.name)
    found = _questions(quiz, problems)
    drafts = [of_question(each) for each in found if plain_enough(each, notes)]
    body = sheet.write(drafts, notes) if form == "xlsx" else gift_writing.write(drafts, notes).encode()
    return GivenOut(body, (*problems.sorted(), *notes.all()))


def template() -> bytes:
    """The XLSX sheet to fill in."""
    return sheet.template()


def _drafts(raw: bytes | None, form: str, notes: Notes) -> tuple[str, list[Draft]]:
    if raw is None:
        return "", []
    if form == "xlsx":
        return "", sheet.read(raw, notes)
    text = _document_text(raw, notes) if form == "word" and raw.startswith(_ARCHIVE) else _text(raw, notes)
    if text is None:
        return "", []
    return word.read(text, notes) if form == "word" else ("", _TEXTS[form](text, notes))


def _bytes(file: Path, notes: Notes) -> bytes | None:
    with file.open("rb") as stream:
        raw = stream.read(document.LARGEST + 1)
    # A document may hold pictures, which are not read.
    largest = document.LARGEST if file.suffix.lower() == ".docx" else LARGEST
    if len(raw) > largest:
        notes.error(1, N_("文件太大（超过 %(limit)s KB），请分成几个。"), limit=largest // 1024)
        return None
    if not raw.strip():
        notes.error(1, N_("这个文件是空的。"))
        return None
    return raw


def _document_text(raw: bytes, notes: Notes) -> str | None:
    """The text of a .docx, a line for each paragraph."""
    try:
        content = document.read(raw)
    except workbook.Refused as refused:
        notes.error(1, _DOCUMENT_REFUSALS.get(str(refused), sheet.REFUSALS["broken"]))
        return None
    if content.is_revised:
        notes.warn(1, N_("文档里有修订，按全部接受读入，请核对。"))
    return "\n".join(content.lines)


def _text(raw: bytes, notes: Notes) -> str | None:
    """Text with a byte order mark, else UTF-8, else GB18030 (which also reads GBK and GB2312)."""
    if reason := next((reason for begin, reason in _FOREIGN.items() if raw.lstrip().startswith(begin)), ""):
        notes.error(1, reason)
        return None
    encodings = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
        except UnicodeDecodeError:
            continue
        if bad := UNSHOWABLE.search(text):
            line = text[: bad.start()].count("\n") + 1
            notes.error(line, N_("文件里有别的电脑显示不了的字符（造字或控制字符）。"))
            return None
        return text
    notes.error(1, N_("文件的文字编码认不出来，请另存为 UTF-8。"))
    return None


def _questions(file: Path, problems: Problems) -> tuple[Question, ...]:
    folder = file.resolve().parent
    names = frozenset(each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file())
    source = read_source(folder, file.name, problems)
    if source is None:
        return ()
    renderer = Renderer(Trees(problems), Links(folder, names, problems), problems)
    has_topics = isinstance(source.front.value, dict) and "draw" in source.front.value
    return questions(source, renderer, problems, topics=has_topics)
