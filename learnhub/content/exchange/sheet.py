"""Questions on an XLSX sheet, one a row: the template that authors fill in, read and written."""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import xlsxwriter

from learnhub.content.exchange.drafts import Draft, Notes, choice, clean, paragraphs, true_false
from learnhub.content.schema import Kind
from learnhub.core import workbook
from learnhub.core.text import N_

MOST_OPTIONS = 10
_LETTERS = [chr(ord("A") + place) for place in range(MOST_OPTIONS)]
_KINDS = {
    "单选": Kind.SINGLE,
    "多选": Kind.MULTIPLE,
    "判断": Kind.TRUE_FALSE,
    "填空": Kind.BLANK,
    "排序": Kind.ORDERING,
    "连线": Kind.MATCHING,
}
KIND, STEM, MATERIAL, ANSWER, WHY, ID, TOPIC = "题型", "题目", "材料", "答案", "解析", "编号", "主题"
OPTION = "选项"
COLUMNS = (KIND, STEM, MATERIAL, *(f"{OPTION}{letter}" for letter in _LETTERS), ANSWER, WHY, ID, TOPIC)
ARROW, OR = " → ", " | "
# A bar between accepted forms without its spaces: it may as well be a character of one answer.
_TIGHT_OR = re.compile(r"(?<! )\||\|(?! )|\uff5c")
# Numbers and days that a spreadsheet shows in another form than it keeps: 50 % is 0.5, 5月4日 is 2026-05-04.
_FORMATTED = re.compile(r"-?\d*\.\d+|\d{4}-\d\d-\d\d(T[\d:.]+)?|\d\d:\d\d:\d\d")
_RIGHT, _WRONG = "对", "错"
_WORDS = {_RIGHT: True, "√": True, "T": True, "TRUE": True, _WRONG: False, "×": False, "F": False, "FALSE": False}

REFUSALS = {
    "broken": N_("这个文件打不开，可能没有传完整。请在电脑上打开看看，另存一次再用。"),
    "locked": N_("这个文件设了密码，请去掉密码再用。"),
    "foreign": N_("这不是 Excel 表格（.xlsx）。"),
    "bomb": N_("这个文件展开后大得不合常理，没有打开。"),
    "wide": N_("这张表的列太多。"),
    "long": N_("这张表的行太多。"),
    "busy": N_("机器太忙，没有把这个文件读完；和文件无关，请过一会儿再试。"),
}
_EXAMPLES = (
    Draft(Kind.SINGLE, "主题党日一般多久开展一次？", options=(("每周一次", False), ("每月一次", True))),
    Draft(Kind.MULTIPLE, "下面哪些是组织生活？", options=(("支部党员大会", True), ("党课", True), ("广场舞", False))),
    Draft(Kind.TRUE_FALSE, "党小组会一般每月召开一次。", options=true_false(True)),
    Draft(Kind.BLANK, "中国共产党成立于 ___ 年 ___ 月。", blanks=(("1921", "一九二一"), ("7", "七"))),
    Draft(Kind.ORDERING, "把顺序排好。", steps=("先读通知", "再开会", "最后写记录")),
    Draft(Kind.MATCHING, "把会议和周期连起来。", pairs=(("支部党员大会", "每季度"), ("党小组会", "每月"))),
)  # fmt: skip


def read(data: bytes, notes: Notes) -> list[Draft]:
    """The questions of every sheet that has the columns of the template; what cannot be read is noted by row."""
    try:
        sheets = workbook.read(data)
    except workbook.Refused as refused:
        notes.error(1, REFUSALS.get(str(refused), REFUSALS["broken"]))
        return []
    drafts: list[Draft] = []
    has_columns = False
    for name, rows in sheets:
        places = {cell.strip(): place for place, cell in enumerate(rows[0][1])} if rows else {}
        if not {KIND, STEM, ANSWER} <= places.keys():
            if rows and any(any(cells) for _, cells in rows):
                notes.warn(rows[0][0], N_("工作表 “%(name)s” 没有 “题型、题目、答案” 这几列，没有读。"), name=name)
            continue
        has_columns = True
        _strange(places, rows[0][0], notes)
        for number, cells in rows[1:]:
            row = {column: cells[place] if place < len(cells) else "" for column, place in places.items()}
            if draft := _draft(row, number, notes):
                drafts.append(draft)
    if not has_columns:
        notes.error(1, N_("没有一张工作表有 “题型、题目、答案” 这几列；请用模板。"))
    return drafts


def _strange(places: Mapping[str, int], number: int, notes: Notes) -> None:
    for column in places:
        if column and column not in COLUMNS:
            notes.warn(number, N_("这一列没有读：%(column)s"), column=column)


def _draft(row: Mapping[str, str], number: int, notes: Notes) -> Draft | None:
    if any(len(cell) >= workbook.LONGEST_CELL for cell in row.values()):
        notes.error(number, N_("这一行有一格超过 %(limit)s 个字，没有读入。"), limit=workbook.LONGEST_CELL)
        return None
    word = row[KIND].strip().removesuffix("题")
    kind = _KINDS.get(word)
    if kind is None:
        known = "、".join(_KINDS)
        notes.error(number, N_("不认识题型 “%(word)s”，可以写：%(known)s。"), word=row[KIND], known=known)
        return None
    base = Draft(
        kind,
        clean(row[STEM]),
        number,
        row.get(ID, "").strip(),
        paragraphs(row.get(MATERIAL, "")),
        explanation=paragraphs(row.get(WHY, "")),
        topic=clean(row.get(TOPIC, "")),
    )
    options = [clean(row.get(f"{OPTION}{letter}", "")) for letter in _LETTERS]
    while options and not options[-1]:
        options.pop()
    if not base.stem or not all(options):
        notes.error(number, N_("题目是空的，或者中间有一个选项是空的。"))
        return None
    for text in (base.stem, *options, *row[ANSWER].splitlines()):
        if _FORMATTED.fullmatch(text.strip()):
            notes.warn(number, N_("这一格是数字或日期，请核对；百分数、日期要先把单元格设成文本：%(text)s"), text=text)
    return _answered(base, options, row[ANSWER].strip(), notes)


def _answered(base: Draft, options: list[str], answer: str, notes: Notes) -> Draft | None:
    if base.kind is Kind.TRUE_FALSE and answer.upper() in _WORDS and set(options) <= _WORDS.keys():
        return choice(base, true_false(_WORDS[answer.upper()]))
    if base.kind is Kind.BLANK and answer and not options and not _TIGHT_OR.search(answer):
        blanks = tuple(tuple(clean(one) for one in line.split(OR)) for line in answer.splitlines())
        return _with(base, blanks=blanks)
    if base.kind is Kind.ORDERING and options and not answer:
        return _with(base, steps=tuple(options))
    if (
        base.kind is Kind.MATCHING
        and all(each.count(ARROW.strip()) == 1 for each in options)
        and options
        and not answer
    ):
        sides = [each.split(ARROW.strip(), 1) for each in options]
        return _with(base, pairs=tuple((clean(left), clean(right)) for left, right in sides))
    letters = [letter for letter in answer.upper() if letter not in " 、，,;；"]
    if base.kind in (Kind.SINGLE, Kind.MULTIPLE) and letters and set(letters) <= set(_LETTERS[: len(options)]):
        made = choice(base, [(text, letter in letters) for text, letter in zip(options, _LETTERS, strict=False)])
        if made.kind is base.kind:
            return made
    notes.error(base.line, N_("答案 “%(answer)s” 和这种题对不上，写法见模板里的例子。"), answer=answer)
    return None


def _with(
    base: Draft,
    blanks: tuple[tuple[str, ...], ...] = (),
    steps: tuple[str, ...] = (),
    pairs: tuple[tuple[str, str], ...] = (),
) -> Draft:
    return replace(base, blanks=blanks, steps=steps, pairs=pairs)


def template() -> bytes:
    """An XLSX file to fill in, with an example of each kind."""
    return _workbook(_EXAMPLES)


def write(drafts: Iterable[Draft], notes: Notes) -> bytes:
    """An XLSX file with those of `drafts` that its columns can hold; of the others it is noted why not."""
    return _workbook([draft for draft in drafts if _fits(draft, notes)])


def _fits(draft: Draft, notes: Notes) -> bool:
    cells = _cells(draft)
    too_many = len(draft.options or draft.steps or draft.pairs) > MOST_OPTIONS
    torn = any(ARROW.strip() in side for pair in draft.pairs for side in pair) or any(
        _TIGHT_OR.search(one) for accepted in draft.blanks for one in accepted
    )
    if too_many or torn or any(len(text) >= workbook.LONGEST_CELL for text in cells.values()):
        reason = N_(
            "表格放不下这道题（超过 %(most)s 个选项、一格太长，连线里有 “→”，或者填空的答案里有 “|”），没有写出：%(id)s"
        )
        notes.error(draft.line, reason, most=MOST_OPTIONS, id=draft.lasting_id)
        return False
    return True


def _cells(draft: Draft) -> dict[str, str]:
    words = next(word for word, kind in _KINDS.items() if kind is draft.kind)
    cells = {KIND: words, STEM: draft.stem, MATERIAL: draft.material, WHY: draft.explanation, ID: draft.id}
    cells[TOPIC] = draft.topic
    listed = [text for text, _ in draft.options] or list(draft.steps) or [ARROW.join(pair) for pair in draft.pairs]
    if draft.kind is Kind.TRUE_FALSE:
        return cells | {ANSWER: _RIGHT if dict(draft.options)[_RIGHT] else _WRONG}
    cells |= {f"{OPTION}{letter}": text for letter, text in zip(_LETTERS, listed, strict=False)}
    right = [letter for letter, (_, is_right) in zip(_LETTERS, draft.options, strict=False) if is_right]
    return cells | {ANSWER: "\n".join(OR.join(accepted) for accepted in draft.blanks) or "".join(right)}


def _workbook(drafts: Iterable[Draft]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("题目")
        head, body = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, 14, body)
        sheet.set_column(1, 2, 36, body)
        for place, column in enumerate(COLUMNS):
            sheet.write_string(0, place, column, head)
        for number, draft in enumerate(drafts, 1):
            cells = _cells(draft)
            for place, column in enumerate(COLUMNS):
                sheet.write_string(number, place, cells.get(column, ""), body)
        sheet.data_validation(1, 0, 1000, 0, {"validate": "list", "source": list(_KINDS)})
    return stream.getvalue()
