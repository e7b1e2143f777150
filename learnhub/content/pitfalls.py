"""Markdown that is shown otherwise than its author means: lines that run together, signs that stay as they are typed.

Every finding is a warning at its line. Nothing here reads HTML or the tree: what an author sees is the text.
"""

import re
from collections.abc import Iterator, Sequence

from learnhub.content.parse import Source
from learnhub.content.problems import Problems
from learnhub.core.text import N_

_NUMERAL = "[一二三四五六七八九十]{1,3}"
# What begins a line of its own for its author, and for Markdown is the next word of a paragraph.
_OWN_LINE = re.compile(
    rf"[> \t]*(?:[（(](?:{_NUMERAL}|\d{{1,2}}|[a-zA-Z])[)）]|{_NUMERAL}、|第{_NUMERAL}[条章节款项步]?[\s：:、，]"
    r"|\d{1,3}(?:[、．)）]|\.(?=[^\s\d]))|[a-zA-Z](?:[、．)）]|\.(?=[^\sa-zA-Z.]))"
    r"|[\u2460-\u2473\u3220-\u3229]|[•·●◆■○▪►※]|[-*+](?=[\u4e00-\u9fff])|\u3000)"
)
_SPEAKER = re.compile(r"[> \t]*[\u4e00-\u9fff]{1,6}：(?=\S)")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,3}\.)[ \t]+\S")
_BLOCK = re.compile(r"[ \t]*(?:#|\||!!!|\[\^|:\s)")
_STARTS_ALONE = re.compile(r">|(?:[-*+]|\d{1,3}[.)])[ \t]+\S")
_FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,})")
_TASK = re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}\.)[ \t]+\[[ xX]\]\s", re.MULTILINE)
_EMPTY_BOX = re.compile(r"^(?P<indent> *)!!! ?\S.*$(?!\n(?:[ \t]*\n)*(?P=indent)(?: {4}|\t))", re.MULTILINE)
_LINE_UNDER_TEXT = re.compile(r"^[^\s#>|!\-=].*\n(?:-{3,}|={3,})[ \t]*$", re.MULTILINE)
_SLIGHTLY_INDENTED = re.compile(r"^ {1,3}(?=[^\s\-*+\d>|#])", re.MULTILINE)
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_CODE_SPAN, _ESCAPED = re.compile(r"(`+)[^`].*?\1"), re.compile(r"\\[^\sA-Za-z0-9]")
_REFERENCE = re.compile(r"^[ \t]*\[[^\]]*\]:.*")

# A sign in a line that stays as it is typed, and what to write instead.
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"~~\S.*?~~"), N_("删除线（~~）不会显示成删除线，记号会照样显示。")),
    (re.compile(r"==[^=\s][^=]*=="), N_("高亮（==）不会显示成高亮，记号会照样显示；要强调请用 **粗体**。")),
    (re.compile(r"(?<![\[(<\w/\"'])(?:https?://|www\.)[\w-]"), N_("网址这样写不能点开，请写成 [文字](网址) 或者 <网址>。")),
    (re.compile(r"\][ \t]*（[^（）\s]*[./][^（）\s]*）|\][ \t]+\([^()\s]*[./][^()\s]*\)"), N_("链接要写成 [文字](网址)，括号是半角的，中间没有空格。")),
    (re.compile(r"(?<!\\)\\$"), N_("行末的 “\\” 不会换行；要换行请在行末写两个空格，或者空一行分段。")),
    (re.compile(r"^[ \t]*(?:＃+|！！！|＞|：\s)"), N_("行首的全角记号不起作用，请改成半角的 #、!!!、> 或 :。")),
)  # fmt: skip
_PAIRS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![\\*])\*\*(?!\*)"), N_("这一段里的 ** 没有配对，会照样显示。")),
    (re.compile(r"(?<![\\`])`(?!`)"), N_("这一段里的 ` 没有配对，会照样显示。")),
)
_SUSPECT = re.compile(
    r"~~|==|https?:|www\.|```|\\$|\][ \t]*（|\][ \t]+\(|^[ \t]*[＃！＞：]"
    rf"|^{_SPEAKER.pattern}.*\n{_SPEAKER.pattern}|(?<=[^\n])\n{_OWN_LINE.pattern}",
    re.MULTILINE,
)

_OUT_OF_LIST = N_("这一段不属于上面的列表；要属于上一项，请缩进 4 个空格。")
_RUN_TOGETHER = N_("这一行会和上一行连在一起；请在中间空一行，或者写成列表（- 或 1. 加空格）。")


def warn_of_pitfalls(source: Source, problems: Problems, *, is_quiz: bool) -> None:
    """Note what in the body of `source` will not look as it is meant; a quiz has its own use for `- [ ]`."""
    for line, column, reason in _findings(source.body, is_quiz=is_quiz):
        problems.warn(source.path, (source.first_line + line, column), reason)


def _findings(body: str, *, is_quiz: bool) -> Iterator[tuple[int, int, str]]:
    """All of them: (line from 0, column from 1, reason). What most files have nothing of is looked for once a file."""
    yield from ((line, 1, reason) for line, reason in _block_findings(body))
    is_suspect = _SUSPECT.search(body) is not None or (not is_quiz and _TASK.search(body) is not None)
    if not is_suspect and "|" not in body and not _SLIGHTLY_INDENTED.search(body):
        return
    lines = _outside_code(body.split("\n"))
    yield from ((line, 1, _OUT_OF_LIST) for line in _out_of_list(lines))
    yield from ((line, 1, reason) for line, reason in _table_findings(lines))
    if is_suspect:
        yield from _line_findings(lines, is_quiz=is_quiz)
        yield from ((line, 1, _RUN_TOGETHER) for line in _run_together(lines))


def _block_findings(body: str) -> Iterator[tuple[int, str]]:
    """What shows in several lines together: (line from 0, reason)."""
    for line in _lines_of(_EMPTY_BOX, body) if "!!!" in body else ():
        yield line, N_("这个框是空的；框里的文字每行前面要缩进 4 个空格。")
    for line in _lines_of(_LINE_UNDER_TEXT, body) if "\n---" in body or "\n===" in body else ():
        yield line + 1, N_("这样画线，上一行会变成标题；要画线请先空一行。")
    for sign, reason in _PAIRS:
        if len(sign.findall(body)) % 2:
            yield from ((line, reason) for line in _unpaired(body, sign))


def _unpaired(body: str, sign: re.Pattern[str]) -> Iterator[int]:
    line = 0
    for block in re.split(r"(\n[ \t]*\n)", body):
        found = [match.start() for match in sign.finditer(block)]
        if len(found) % 2:
            yield line + block.count("\n", 0, found[-1])
        line += block.count("\n")


def _lines_of(pattern: re.Pattern[str], body: str) -> Iterator[int]:
    """The lines on which `pattern` is found, from 0."""
    line, offset = 0, 0
    for match in pattern.finditer(body):
        line, offset = line + body.count("\n", offset, match.start()), match.start()
        yield line


def _outside_code(lines: Sequence[str]) -> list[str]:
    """The lines, with nothing where a fence has code; the line that opens a fence stays."""
    fence = ""
    kept = []
    for line in lines:
        match = _FENCE.match(line)
        is_end = bool(fence and match and match["fence"].startswith(fence))
        kept.append("" if fence else line)
        if is_end:
            fence = ""
        elif match and not fence:
            fence = match["fence"]
    return kept


def _line_findings(lines: Sequence[str], *, is_quiz: bool) -> Iterator[tuple[int, int, str]]:
    """What shows in a single line: (line from 0, column from 1, reason)."""
    for number, line in enumerate(lines):
        if _FENCE.match(line):
            yield number, 1, N_("``` 围起来的代码会挤在一起；请去掉 ```，代码每行缩进 4 个空格。")
            continue
        if not is_quiz and _TASK.match(line):
            yield number, 1, N_("任务列表的方框（[ ]）会照样显示，请去掉。")
        if line.startswith(("    ", "\t")) and line.isascii():
            continue  # code
        words = line
        for pattern in (_CODE_SPAN, _ESCAPED, _REFERENCE):
            words = pattern.sub(_blanked, words)
        for pattern, reason in _SIGNS:
            if match := pattern.search(words):
                yield number, match.start() + 1, reason


def _blanked(match: re.Match[str]) -> str:
    return "." * len(match.group())


def _out_of_list(lines: Sequence[str]) -> Iterator[int]:
    """Paragraphs after an empty line that are indented, but too little to be of the list item above: from 0."""
    is_list, is_apart = False, False
    for number, line in enumerate(lines):
        if not line.strip():
            is_apart = True
            continue
        if _LIST_ITEM.match(line):
            is_list = True
        elif is_apart and not line.startswith("    "):
            if is_list and _SLIGHTLY_INDENTED.match(line):
                yield number
            is_list = False
        is_apart = False


def _run_together(lines: Sequence[str]) -> Iterator[int]:
    """The first line of each paragraph that was meant to stand alone and does not: its number from 0."""
    before, is_told, speakers = "", False, 0
    for number, line in enumerate(lines):
        text = line.strip(" \t>")
        if not text or _BLOCK.match(line) or _FENCE.match(line):
            before, is_told, speakers = "", False, 0
            continue
        if _LIST_ITEM.match(line):
            is_told, speakers = False, 0
        else:
            is_speaker = _SPEAKER.match(line) is not None
            is_own = _OWN_LINE.match(line) is not None or (is_speaker and speakers > 0)
            is_quote_begun = line.startswith(">") and not before.startswith(">")
            if before and is_own and not is_told and not before.endswith("  ") and not is_quote_begun:
                is_told = True
                yield number
            speakers += is_speaker
        before = line


def _table_findings(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Tables that are none, and cells or lines that fall out of one."""
    columns = 0
    for number, line in enumerate(lines):
        if not line.strip() or _STARTS_ALONE.match(line):
            columns = 0
        elif columns and "|" not in line:
            yield number, N_("表格下面的文字会变成表格的一行，请先空一行。")
        elif columns and _count_cells(line) > columns:
            yield number, N_("这一行的格比表头多，多出来的不会显示；格里的 “|” 请写成 “\\|”。")
        elif number and "|" in lines[number - 1] and _RULE.fullmatch(line) and "|" in line:
            columns = _count_cells(lines[number - 1])
            if columns != _count_cells(line):
                yield number, N_("这一行的格数和表头不一样，不会显示成表格。")
        elif (
            not columns
            and _is_row(line)
            and _is_row(lines[number - 1] if number else "")
            and not _has_rule(lines, number)
        ):
            yield number, N_("表头下面要有一行 |---|---|，不然不会显示成表格。")


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|") and line.count("|") > 1


def _has_rule(lines: Sequence[str], number: int) -> bool:
    """Whether the row above is not the first of its block: then the first was told of."""
    return number > 1 and bool(lines[number - 2].strip())


def _count_cells(line: str) -> int:
    words = _ESCAPED.sub("", _CODE_SPAN.sub("", line)).strip()
    return words.removeprefix("|").removesuffix("|").count("|") + 1
