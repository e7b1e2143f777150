"""Topics of a bank go out with its questions and come back; matchings in plain text."""

import io
from pathlib import Path

import pytest
import xlsxwriter

from learnhub.content.exchange import aiken, files, gift, sheet, word
from learnhub.content.exchange.drafts import Notes
from learnhub.content.schema import Kind

BANK = """---
draw:
  - {topic: 组织生活, count: 1}
  - {topic: 纪律 “一”, count: 2}
---

# 组织生活

## 多久一次？ {#how-often}
- [x] 每月
- [ ] 每年

# 纪律 “一”

## 党成立于 ___ 年。 {#founded}
= 1921 | 一九二一

## 对不对？ {#right}
- [x] 对
- [ ] 错
"""


@pytest.mark.parametrize("form", ["gift", "xlsx"])
def test_topics_go_out_and_come_back(tmp_path: Path, form: str) -> None:
    bank, file, plain = tmp_path / "quiz.md", tmp_path / f"x.{form}", tmp_path / "plain.md"
    bank.write_text(BANK, encoding="utf-8")
    file.write_bytes(files.give_out(bank, form).body)
    again = files.take_in(file, form, bank)
    assert again.drafts == () and again.problems == ()
    (anew := tmp_path / "anew.md").write_text(files.take_in(file, form).markdown, encoding="utf-8")
    (back := tmp_path / f"back.{form}").write_bytes(files.give_out(anew, form).body)
    found = files.take_in(back, form).drafts
    assert [(each.id, each.topic) for each in found] == [
        ("how-often", "组织生活"), ("founded", "纪律 “一”"), ("right", "纪律 “一”"),
    ]  # fmt: skip
    plain.write_text("# 小测\n\n## 别的 ___ {#other}\n= 一\n", encoding="utf-8")
    (told,) = files.take_in(file, form, plain).problems
    assert "主题没有带过来" in told.reason
    assert "# 组织生活" not in files.take_in(file, form, plain).markdown


def test_categories_of_moodle_are_topics_when_there_are_several() -> None:
    one = "$CATEGORY: $course$/top/Default for 党课\n\n::a::[plain]甲 {TRUE}\n"
    assert [each.topic for each in gift.read(one, Notes("x"))] == [""]
    two = f"{one}\n$CATEGORY: $course$/top/纪律\n\n::b::[plain]乙 {{TRUE}}\n"
    assert [each.topic for each in gift.read(two, Notes("x"))] == ["Default for 党课", "纪律"]


MATCHING = """一、连线题
1. 把会议和周期连起来。
下面每对写一行。
支部党员大会 —— 每季度
党小组会 → 每月
党课——每季度
解析：依据条例。
2、缺一半的
甲 —— 乙
丙
3、只有一对
甲 --> 乙
二、判断题
4. 党小组会每月开。（√）
"""


def test_matchings_in_plain_text_are_pairs_one_a_line() -> None:
    notes = Notes("x.txt")
    _title, (first, last) = word.read(MATCHING, notes)
    assert (first.kind, first.stem, first.material) == (Kind.MATCHING, "把会议和周期连起来。", "下面每对写一行。")
    assert first.pairs == (("支部党员大会", "每季度"), ("党小组会", "每月"), ("党课", "每季度"))
    assert first.explanation == "依据条例。"
    assert last.kind is Kind.TRUE_FALSE
    assert [(each.line, each.severity.value) for each in notes.all()] == [(8, "error"), (11, "error")]
    _title, kept = files.understand(MATCHING.encode(), "word", Notes("x.txt"))
    assert kept[0].pairs == first.pairs


def workbook(*rows: dict[str, object]) -> bytes:
    """An XLSX sheet with the columns of the template."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, sheet.COLUMNS)
        for number, row in enumerate(rows, 1):
            for column, value in row.items():
                page.write(number, sheet.COLUMNS.index(column), value)
    return stream.getvalue()


def test_a_row_of_the_sheet_that_may_mean_two_things_is_told() -> None:
    notes = Notes("x.xlsx")
    drafts = sheet.read(
        workbook(
            {"题型": "填空", "题目": "党成立于 ___ 年。", "答案": "1921|一九二一"},
            {"题型": "填空", "题目": "党成立于 ___ 年。", "选项A": "1921", "答案": "1921"},
            {"题型": "判断", "题目": "党小组会每月开。", "选项A": "每月", "选项B": "每季", "答案": "对"},
            {"题型": "连线", "题目": "连。", "选项A": "甲 → 一 → 二", "选项B": "乙 → 三"},
            {"题型": "单选", "题目": "几成？", "选项A": 0.5, "选项B": "四成", "答案": "B"},
        ),
        notes,
    )
    assert [draft.stem for draft in drafts] == ["几成？"]
    assert [(each.line, each.severity.value) for each in notes.all()] == [
        (2, "error"), (3, "error"), (4, "error"), (5, "error"), (6, "warning"),
    ]  # fmt: skip


def test_a_heading_above_an_aiken_question_is_no_part_of_it() -> None:
    notes = Notes("x")
    (draft,) = aiken.read("第一章\n\n甲？\nA. 一\nB. 二\nANSWER: B\n", notes)
    assert (draft.stem, draft.material) == ("甲？", "") and [each.line for each in notes.all()] == [1]
