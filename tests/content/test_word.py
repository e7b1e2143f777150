"""Question files as they are handed round, as text and as real Word documents: read as meant, or refused by line."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnhub.content.exchange import files, word
from learnhub.content.exchange.drafts import Draft, Notes
from learnhub.content.schema import Kind

AT_THE_END = """示例题库
姓名：______ 得分：______

一、单项选择题（每题2分，共4分）
1. 甲村支部每（  ）过一次主题党日。
A. 周  B. 月  C. 季
2. 甲村党课由（  ）讲。
a、书记
b、旁人

二、多项选择题
1. “三会”有（  ）。A.党员大会B.支委会C.党小组会D.茶话会

三、填空题
1. 甲村有____户，____人。
2. 甲村在____镇。

四、判断题
（  ）1. 甲村支部有二十人。
（  ）2. 甲村支部有三十人。
第 1 页 共 2 页

答案与解析
一、单项选择题
1.【答案】B
【解析】每月一次。
见条例。
2. A 解析：书记讲。
二、多项选择题
1.ABC
三、填空题
1. 20；8  2. 西
四、判断题
1-2 √×
"""

PARTS = """第一部分 单选题(1题)
1、甲村在哪个镇？()
A.东镇
B.西镇
【答案】:B
第二部分 多选题(1题)
1、甲村有()
A.山
B.水
C.海
【答案】:AB
"""

TAGS = """第1题（单选）
甲村在哪个镇？
A. 东镇
B. 西镇
答案：B
2. [多选题] 甲村有（  ）
A. 山
B. 水
C. 海
答案：AB
3. (填空题，2.0分) 甲村属于________镇。
答案：西
【判断题】
（√）4. 甲村有山。
5. 甲村有海。（2分）
A. √
B. ×
参考答案：B
"""

GRID = "1. 甲？ A. 一 B. 二\n2. 乙？ A. 一 B. 二\n3. 丙？ A. 一 B. 二 C. 三\n题号\t1\t2\t3\n答案\tA\tB\tAC\n"


def key(draft: Draft) -> object:
    return draft.blanks or "".join("ABCDEF"[place] for place, (_, is_right) in enumerate(draft.options) if is_right)


@pytest.mark.parametrize(
    "text, keys",
    [
        (AT_THE_END, ["B", "A", "ABC", (("20",), ("8",)), (("西",),), "A", "B"]),
        (PARTS, ["B", "AB"]),
        (TAGS, ["B", "AB", (("西",),), "A", "B"]),
        (GRID, ["A", "B", "AC"]),
        ("1. 甲？\nA. 一\nB. 二\n参考答案\n1. B\n", ["B"]),
        (
            "【单选】1. 甲？\nA、一；B、二\n正确答案：A\n第十二题 乙？\nA. 一\nB. 二\n答案解析：见条例。\n答案：B\n",
            ["A", "B"],
        ),
        ("1. 甲是（ ）\n(1) 一 (2) 二\n对的有\nA. (1) B. (2)\n答案：A\n", ["A"]),
    ],
)
def test_each_layout_is_read_whole(text: str, keys: list[object]) -> None:
    notes = Notes("x")
    drafts = files.understand(text.encode(), "word", notes)[1]
    assert [key(draft) for draft in drafts] == keys
    assert not [each for each in notes.all() if each.severity.value == "error"]
    assert not any("；" in option or "正确" in option for draft in drafts for option, _ in draft.options)
    stems = [draft.stem for draft in drafts]
    assert not any(sign in stem for stem in stems for sign in ("单选", "多选", "填空", "分)", "分）", "答案"))


def test_explanations_in_the_list_of_answers_go_with_their_questions() -> None:
    first, second, *_ = word.read(AT_THE_END, Notes("x"))[1]
    assert (first.explanation, second.explanation) == ("每月一次。\n见条例。", "书记讲。")


def test_lines_that_nobody_can_place_do_not_go_to_the_question_before() -> None:
    notes = Notes("x")
    (draft,) = word.read("1. 甲？\nA. 一\nB. 二\n答案：A\n乙有什么？\nA. 三\n答案解析：都有。\n", notes)[1]
    assert draft.explanation == "" and [each.line for each in notes.all()] == [5, 6, 7]


REFUSED = {
    "several answers to a single choice": "一、单选题\n1. 甲？\nA. 一\nB. 二\nC. 三\n答案：AB\n",
    "a list whose numbers look like questions": "1. 下列对的是\n1、一条\n2、二条\nA. 甲\nB. 乙\n答案：A\n",
    "no answer": "1. 甲？\nA. 一\nB. 二\n",
    "an answer that is no option": "1. 甲？\nA. 一\nB. 二\n答案：C\n",
    "a number that two questions have": "一、单选题\n1. 甲？\nA. 一\nB. 二\n二、单选题\n1. 乙？\nA. 一\nB. 二\n参考答案\n1.A\n",
    "an answer in the question that differs from the one below": "1. 甲（A）？\nA. 一\nB. 二\n答案：B\n",
    "a picture": "1. 甲\ufffc？\nA. 一\nB. 二\n答案：B\n",
    "a row of a table among the options": "1. 甲？\nA. 一\nB. 二\n丙\t丁\n答案：B\n",
    "options that only bold print tells apart": "1. 甲？\nA. 一\nB. 二\n",
    "fewer answers than gaps": "1. 甲有___户，___人。\n答案：20\n",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_is_not_clear_is_refused_by_line(text: str) -> None:
    notes = Notes("x")
    assert files.understand(text.encode(), "word", notes)[1] == ()
    assert any(each.severity.value == "error" for each in notes.all())


@dataclass(frozen=True)
class Meant:
    """A question as its author means it."""

    kind: Kind
    stem: str
    options: tuple[str, ...]
    right: str


KINDS = {Kind.SINGLE: "单选题", Kind.MULTIPLE: "多选题", Kind.TRUE_FALSE: "判断题", Kind.BLANK: "填空题"}
WORDS = st.text("甲乙丙丁戊己庚辛", min_size=2, max_size=5)


@st.composite
def papers(draw: st.DrawFn) -> tuple[str, list[Meant]]:
    """A file in one of the usual layouts, and the questions it holds."""
    at_end, by_section, lower = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    between = draw(st.sampled_from(["\n", "  ", "\t"]))
    separator = draw(st.sampled_from([".", "、", "．", "："]))
    lines, answers, meant, number = [], [], [], 0
    for place, kind in enumerate(draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=3, unique=True))):
        heading = f"{'一二三'[place]}、{KINDS[kind]}"
        lines.append(heading)
        answers.append(heading)
        number = 0 if by_section else number
        for _ in range(draw(st.integers(1, 3))):
            number += 1
            question = draw(questions(kind))
            meant.append(question)
            letters = "abcd" if lower else "ABCD"
            options = between.join(f"{letters[n]}{separator}{text}" for n, text in enumerate(question.options))
            lines.append(f"{number}{draw(st.sampled_from(['. ', '、', '．']))}{question.stem}")
            lines += [options] if options else []
            answers.append(f"{number}. {question.right}")
            lines += [] if at_end else [f"答案：{question.right}"]
    return "\n".join([*lines, *(["参考答案", *answers] if at_end else [])]), meant


@st.composite
def questions(draw: st.DrawFn, kind: Kind) -> Meant:
    stem = draw(WORDS)
    if kind is Kind.TRUE_FALSE:
        return Meant(kind, f"{stem}。", (), draw(st.sampled_from(["√", "×", "对", "错", "正确", "错误"])))
    if kind is Kind.BLANK:
        return Meant(kind, f"{stem}____。", (), draw(WORDS))
    options = tuple(draw(st.lists(WORDS, min_size=3, max_size=4, unique=True)))
    count = 1 if kind is Kind.SINGLE else 2
    right = "".join(sorted(draw(st.permutations("ABCD"[: len(options)]))[:count]))
    return Meant(kind, f"{stem}（ ）", options, right)


@settings(max_examples=60, deadline=None)
@given(papers())
def test_a_paper_in_any_usual_layout_is_read_as_meant(paper: tuple[str, list[Meant]]) -> None:
    text, meant = paper
    notes = Notes("x")
    drafts = word.read(text, notes)[1]
    assert notes.all() == () and [draft.kind for draft in drafts] == [each.kind for each in meant]
    for draft, each in zip(drafts, meant, strict=True):
        if each.kind is Kind.BLANK:
            assert draft.blanks == ((each.right,),)
        elif each.kind is Kind.TRUE_FALSE:
            assert key(draft) == ("A" if each.right in ("√", "对", "正确") else "B")
        else:
            assert key(draft) == each.right and [text for text, _ in draft.options] == list(each.options)
