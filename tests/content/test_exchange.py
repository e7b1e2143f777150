"""Questions in and out: what a form can hold comes back as it was, what it cannot is told at its line."""

import re
import string
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnhub.content.exchange import aiken, files, gift, gift_writing, sheet, word
from learnhub.content.exchange.drafts import BLANK, Draft, Notes, true_false
from learnhub.content.exchange.markdown import as_markdown, proven
from learnhub.content.schema import Kind
from tests.content.publishing import ROOT, SITES

LETTERS = "党员会 学习，。（）" + string.ascii_letters[:6] + "0129" + "\\`*_{}[]<>&|!#+-.=~:;\"'$%/"
WORDS = (
    st.text(LETTERS, min_size=1, max_size=10)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and "__" not in text and not re.fullmatch(r"-?\d*\.\d+", text))
)
LINES = st.lists(WORDS, max_size=2).map("\n".join)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    kind = draw(st.sampled_from(list(Kind)))
    stem, parts = draw(WORDS), draw(st.lists(WORDS, min_size=2, max_size=4, unique=True))
    id, topic = draw(st.sampled_from(["", "a", "how-often"])), draw(st.sampled_from(["", "", "组织生活", "纪律 #1"]))
    base = Draft(kind, stem, id=id, explanation=draw(LINES), topic=topic)
    if kind is Kind.TRUE_FALSE:
        return replace(base, options=true_false(draw(st.booleans())))
    if kind is Kind.BLANK:
        return replace(base, stem=f"{stem} {BLANK} {draw(WORDS)}", blanks=(tuple(parts),))
    if kind is Kind.ORDERING:
        return replace(base, steps=tuple(parts))
    if kind is Kind.MATCHING:
        return replace(base, pairs=tuple((left, f"{left}右") for left in parts))
    right = 1 if kind is Kind.SINGLE else len(parts) - 1
    options = tuple((text, place < right) for place, text in enumerate(parts))
    return replace(base, kind=Kind.SINGLE if right == 1 else kind, options=options, material=draw(LINES))


def bare(found: list[Draft] | tuple[Draft, ...]) -> list[Draft]:
    return [replace(draft, line=0, id=draft.lasting_id) for draft in found]


@settings(max_examples=25, deadline=None)
@given(st.lists(drafts(), min_size=1, max_size=4))
def test_what_was_written_is_read_as_it_was(asked: list[Draft]) -> None:
    """Whatever our own form holds goes through GIFT and XLSX and comes back the same, or is told not to fit."""
    kept = proven(asked, Notes("x"))
    for write, read in ((gift_writing.write, gift.read), (sheet.write, sheet.read)):
        lost, seen = Notes("x"), Notes("x")
        written = write(kept, lost)  # type: ignore[operator]
        back = bare(read(written, seen))  # type: ignore[operator]
        assert [draft for draft in bare(kept) if draft in back] == back and seen.all() == ()
        assert len(back) + len(lost.all()) == len(kept)
        if write is sheet.write:
            assert lost.all() == () or any("→" in str(draft) or "|" in str(draft.blanks) for draft in kept)


@settings(max_examples=25, deadline=None)
@given(drafts())
def test_markdown_shows_every_sign_as_it_was_typed(draft: Draft) -> None:
    """`proven` refuses what would come out changed, and that is rare: only what would begin an answer."""
    notes = Notes("x")
    kept = proven([draft], notes)
    odd = "=" in str(draft) or " | " in str(draft) or "[" in str(draft)
    assert kept or odd, (notes.all(), as_markdown([draft]))


def test_our_own_quizzes_survive_the_way_through_both_forms(tmp_path: Path) -> None:
    for quiz in (SITES / "small/courses/reading/quiz.md", ROOT / "content/courses/first-response/quiz.md"):
        for form in ("gift", "xlsx"):
            given_out = files.give_out(quiz, form)
            file = tmp_path / f"x.{form}"
            file.write_bytes(given_out.body)
            again = files.take_in(file, form, quiz)
            assert again.drafts == () and again.problems == (), "taking in one's own export changes nothing"
            assert again.markdown == quiz.read_text(encoding="utf-8").rstrip("\n") + "\n"


WORD = """轮训测试题
一、单项选择题
1. 主题党日一般多久开展一次？（ B ）
A. 每周一次
B. 每月一次   C. 每季度一次
解析：依据《条例》第十六条。
2、党的根本宗旨是（  ）。 A．全心全意为人民服务 B．其他
答案：A
二、多选题
3. 下面哪些是组织生活？
（A）支部党员大会
（B）党课
（C）广场舞
【答案】AB
【解析】第一段。
第二段。
三、判断题
4. 党小组会一般每月召开一次。（√）
5. 预备党员有表决权。
答案：错误
四、填空题
6. 中国共产党成立于____年____月。
答案：1921|一九二一；7
五、排序题
7. 把顺序排好。
A. 开会
B. 通知
C. 记录
答案：BAC
六、简答题
8. 怎样开好组织生活会？
答案：略
七、没有答案的
9. 这题没有答案吗？
A. 是
B. 否
10. 答案不在选项里。
A. 甲
B. 乙
答案：D
"""


def test_word_style_text() -> None:
    notes = Notes("题.txt")
    title, found = word.read(WORD, notes)
    assert title == "轮训测试题"
    assert [(draft.kind, draft.line) for draft in found] == [
        (Kind.SINGLE, 3), (Kind.SINGLE, 7), (Kind.MULTIPLE, 10), (Kind.TRUE_FALSE, 18), (Kind.TRUE_FALSE, 19),
        (Kind.BLANK, 22), (Kind.ORDERING, 25),
    ]  # fmt: skip
    assert found[0].options == (("每周一次", False), ("每月一次", True), ("每季度一次", False))
    assert (found[0].stem, found[0].explanation) == ("主题党日一般多久开展一次？（ ）", "依据《条例》第十六条。")
    assert found[1].options == (("全心全意为人民服务", True), ("其他", False))
    assert found[2].explanation == "第一段。\n第二段。"
    assert found[3].options == true_false(True) and found[4].options == true_false(False)
    assert found[5].blanks == (("1921", "一九二一"), ("7",))
    assert found[6].steps == ("通知", "开会", "记录")
    assert [(each.line, each.severity.value) for each in notes.all()] == [
        (31, "error"), (33, "warning"), (34, "error"), (40, "error"),
    ]  # fmt: skip


def test_answers_in_a_table_at_the_end() -> None:
    text = "1. 甲？\nA. 一\nB. 二\n2. 乙？\nA. 一\nB. 二\nC. 三\n3. 丙。\n4. 丁？\nA. 一\nB. 二\n参考答案\n1-2 BA 3.对\n4、B\n9. A"
    notes = Notes("x")
    _, found = word.read(text, notes)
    assert [[text for text, is_right in draft.options if is_right] for draft in found] == [
        ["二"],
        ["一"],
        ["对"],
        ["二"],
    ]
    assert [each.line for each in notes.all()] == [15]


GIFT = r"""// 注释
$CATEGORY: 党务/基础

::how-often::主题党日多久一次？ {
  =每月一次#对了
  ~每周一次#太多
  ~每季度一次
####依据\: 条例。
}

哪些是？ {~%50%甲 ~%50%乙 ~%-100%丙}

地球是圆的。{T#错了#对了}

::名字::党成立于 {=1921 =一九二一} 年。

有几人？ {#3}

大约几人？ {#3:1}

连起来。{=甲 -> 一 =乙 -> 二}

写一篇文章。{}

只是说明。

[html]<p>一&nbsp;行</p><p>a &lt; b \{x\}</p>{=是 ~否}
"""


def test_gift() -> None:
    notes = Notes("x.gift")
    found = gift.read(GIFT, notes)
    assert [draft.kind.value for draft in found] == [
        "single", "multiple", "true_false", "blank", "blank", "matching", "single"
    ]  # fmt: skip
    assert found[0].id == "how-often" and found[0].explanation == "依据: 条例。\n每月一次: 对了\n每周一次: 太多"
    assert found[1].options == (("甲", True), ("乙", True), ("丙", False))
    assert found[2].explanation == "错: 错了\n对: 对了"
    assert (found[3].stem, found[3].blanks) == ("党成立于 ___ 年。", (("1921", "一九二一"),))
    assert (found[4].stem, found[4].blanks) == ("有几人？ ___", (("3",),))
    assert found[5].pairs == (("甲", "一"), ("乙", "二"))
    assert (found[6].stem, found[6].material) == ("一 行", "a < b {x}")
    assert [(each.line, each.severity.value) for each in notes.all()] == [
        (1, "warning"), (15, "warning"), (19, "error"), (23, "error"), (25, "error"),
    ]  # fmt: skip


def test_aiken() -> None:
    notes = Notes("x")
    text = "甲？\nA. 一\nB. 二\nANSWER: B\n\n乙？\nA) 一\nB) 二\nANSWER: C\n\n丙？\nA. 一\nB. 二\n\n丁？\n第二行\nA. 一\nB. 二\nANSWER: a"
    found = aiken.read(text, notes)
    assert [(draft.stem, draft.material) for draft in found] == [("甲？", ""), ("丁？", "第二行")]
    assert found[1].options == (("一", True), ("二", False))
    assert [each.line for each in notes.all()] == [9, 11]


def test_the_template_reads_as_its_own_examples() -> None:
    notes = Notes("x.xlsx")
    found = sheet.read(files.template(), notes)
    assert {draft.kind for draft in found} == set(Kind) and notes.all() == ()
    assert len(proven(found, notes)) == 6 and notes.all() == ()


@pytest.mark.parametrize(
    "raw, form, reason",
    [
        (b"", "word", "空的"),
        (b"PK\x03\x04nothing", "xlsx", "打不开"),
        (b"x" * (files.LARGEST + 1), "gift", "太大"),
        ("1. 甲\x07？".encode(), "word", "显示不了"),
        (b"\xff\xff\xff", "aiken", "编码"),
        ("1. 甲？\nA. 一\nB. 一\n答案：A".encode(), "word", "有两个选项一样"),
        ("1. 甲？\nA. 一\nB. 二\n答案：AB".encode(), "word", "所有选项都是对的"),
    ],
)
def test_what_is_no_question_is_told(tmp_path: Path, raw: bytes, form: str, reason: str) -> None:
    file = tmp_path / "x"
    file.write_bytes(raw)
    taken = files.take_in(file, form)
    assert taken.drafts == () and any(reason in each.reason for each in taken.problems)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16", "utf-8"])
def test_the_encodings_of_windows_are_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "题.txt"
    file.write_bytes(WORD.replace("\n", "\r\n").encode(encoding))
    assert len(files.take_in(file, "word").drafts) == 7


def test_an_id_that_is_taken_is_not_given_to_another_question(tmp_path: Path) -> None:
    file, quiz = tmp_path / "x.gift", tmp_path / "quiz.md"
    file.write_text("::a::甲？{=一 ~二}\n", encoding="utf-8")
    first = files.take_in(file, "gift", quiz)
    quiz.write_text(first.markdown, encoding="utf-8")
    file.write_text("::a::甲？{=一 ~三}\n\n::b::乙？{=一 ~二}\n", encoding="utf-8")
    second = files.take_in(file, "gift", quiz)
    assert [draft.id for draft in second.drafts] == ["b"] and second.markdown.startswith(first.markdown.rstrip())
    assert [each.line for each in second.problems] == [1]


PIECES = st.lists(
    st.sampled_from(
        ["1. ", "A. ", "B、", "\n", "答案：", "AB", "对", "（ A ）", "___", "；", "解析：", "参考答案\n", "1-2 AB", "一、判断题\n", "{", "}", "=", "~",
         "#", "->", "%50%", "::", "\\", "ANSWER: A\n", "T", "//", "$CATEGORY: x\n", "[html]", "<p>", "&lt;", "题", " "]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(PIECES)
def test_whatever_is_in_a_file_it_is_read_or_told(text: str) -> None:
    """No text breaks a reader, what is read is good for our own form, and nothing at all is never said silently."""
    for form in ("word", "gift", "aiken"):
        notes = Notes("x")
        found = files.understand(text.encode(), form, notes)[1]
        assert found or notes.all()
        for draft in found:
            assert proven([draft], Notes("x")) == (draft,)
