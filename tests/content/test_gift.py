"""GIFT is read to the meaning that it has in Moodle, or refused at its line; never to another meaning."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnhub.content.exchange import gift, gift_writing
from learnhub.content.exchange.drafts import Draft, Notes, true_false
from learnhub.content.exchange.markdown import proven
from learnhub.content.schema import Kind


def one(text: str) -> Draft:
    notes = Notes("x")
    (draft,) = gift.read(text, notes)
    assert proven([draft], notes), notes.all()
    return draft


def severities(text: str) -> list[str]:
    notes = Notes("x")
    drafts = proven(gift.read(text, notes), notes)
    return [each.severity.value for each in notes.all()] or ["read"] * len(drafts)


def right(draft: Draft) -> list[str]:
    return [text for text, is_right in draft.options if is_right]


KEYS = [
    ("甲？{=一 ~二}", Kind.SINGLE, ["一"]),
    ("甲？{~%50%一 ~%50%二 ~三}", Kind.MULTIPLE, ["一", "二"]),
    ("甲？{~%33.33333%一 ~%33.33333%二 ~%-100%四 ~%33.33333%三}", Kind.MULTIPLE, ["一", "二", "三"]),
    ("甲？{~%100%一 ~二}", Kind.SINGLE, ["一"]),
    ("甲？{~ \\= 2 + 2\n= \\= 2 + 3}", Kind.SINGLE, ["= 2 + 3"]),
    ("甲？{=一#[html]对了 ~[plain]<b>二</b>#[plain]不对}", Kind.SINGLE, ["一"]),
    ("甲？{=50%的人 ~25%的人}", Kind.SINGLE, ["50%的人"]),
    ("甲{=对 ~错}", Kind.TRUE_FALSE, ["对"]),
    ("甲{T}", Kind.TRUE_FALSE, ["对"]),
    ("甲{ true #不 #是 }", Kind.TRUE_FALSE, ["对"]),
    ("甲{FALSE####因为}", Kind.TRUE_FALSE, ["错"]),
    ("甲{\nf#因为\n}", Kind.TRUE_FALSE, ["错"]),
    ("甲？{\n\n=一\n\n~二\n}", Kind.SINGLE, ["一"]),
    ("\ufeff甲？{=一\n// 说明\n~二}".removeprefix("\ufeff"), Kind.SINGLE, ["一"]),
]


@pytest.mark.parametrize("text, kind, key", KEYS)
def test_choices_have_the_key_that_their_author_gave_them(text: str, kind: Kind, key: list[str]) -> None:
    draft = one(text)
    assert (draft.kind, right(draft)) == (kind, key)


BLANKS = [
    ("甲？{One}", "甲？___", ("One",)),
    ("甲？{=[plain]支部党员大会}", "甲？___", ("支部党员大会",)),
    ("[html]<p>甲是{=[moodle]<b>乙</b>}。</p>", "甲是___。", ("乙",)),
    ("_____ 是党的最高理想。{=共产主义}", "___ 是党的最高理想。", ("共产主义",)),
    ("[html]_____ 是最大的洲。{\n\t=%100%亚洲#\n}", "___ 是最大的洲。", ("亚洲",)),
    ("[markdown]**谁**写的？{=甲 =乙#好}", "谁写的？___", ("甲", "乙")),
    ("几个？{#3}", "几个？___", ("3",)),
    ("几个？{#=3:0#对 =%50%4:2#差一点}", "几个？___", ("3",)),
    ("几个？{#3..3}", "几个？___", ("3",)),
    ("谁？{=%0%*#都不对 =甲}", "谁？___", ("甲",)),
    ("谁？{=甲\\*}", "谁？___", ("甲*",)),
    ("谁？{=%100%乙 =%75%丙}", "谁？___", ("乙",)),
    ("谁？{=T}", "谁？___", ("T",)),
]


@pytest.mark.parametrize("text, stem, accepted", BLANKS)
def test_short_answers_accept_what_brings_all_and_nothing_else(text: str, stem: str, accepted: tuple[str, ...]) -> None:
    draft = one(text)
    assert (draft.stem.replace(" ___", "___"), draft.blanks) == (stem.replace(" ___", "___"), (accepted,))


REFUSED = [
    "甲？{=一 =二 ~三}",
    "甲？{=%50%一 ~二}",
    "甲？{=一 ~%100%二}",
    "甲？{~%50%一 ~%50%二 ~%50%三}",
    "甲？{~%50%一 ~二}",
    "甲？{~%100%一 ~%100%二}",
    "甲？{~一 ~二}",
    "甲？{~%五十%一 ~%50 二}",
    "甲？{=%50%一}",
    "甲？{=%0%一}",
    "甲？{=共产*}",
    "甲？{一 =二}",
    "甲？{一 ~二}",
    "甲？{=}",
    "甲？{#3:1}",
    "甲？{#1..5}",
    "甲？{#=3:0 =4:1}",
    "甲？{#三}",
    "甲？{#}",
    "连。{=甲 -> 一 =乙 -> 二 = -> 三}",
    "连。{=甲 -> 一 =乙 ->}",
    "连。{=甲 -> 一 =乙}",
    "连。{=甲 -> 一 -> 二 =乙 -> 三}",
    "连。{=%50%甲 -> 一 =乙 -> 二}",
    "连。{=甲 -> 一 =乙 -> [html]二}",
    "连。{=甲 -> 一 =乙 -> <b>二</b>}",
    "甲 ___ 乙 ___ 丙 {=一}",
    "甲 ___ 乙 {=一} 丙",
    "甲？{}",
    "只是说明。",
    "甲？{=一 ~二",
    "甲？=一 ~二}",
    "甲？{=一 ~二}\n乙？{=一 ~二}",
    "甲？{=一 {二} ~三}",
    "::名字 甲？{=一 ~二}",
    "甲？{=一 ~二}\n$CATEGORY: x",
    "[html]甲<img src\\=\"a.png\">？{=一 ~二}",
    "甲<a href\\=\"https\\://a.example\">乙</a>？{=一 ~二}",
    "[html]<table><tr><td>甲</td></tr></table>？{=一 ~二}",
    "10<sup>2</sup>？{=一 ~二}",
    "甲<span style\\=\"text-decoration\\: line-through\">乙</span>？{=一 ~二}",
    "甲<span style=\"x\">乙</span>？{=<i style=\"x\">一</i> ~二}",
    "[markdown]- 甲\n- 乙？{=一 ~二}",
    "[markdown]看[这里](https\\://a.example)？{=一 ~二}",
    "[HTML]甲？{=一 ~二}",
    "$$x^2$$ 是几？{=一 ~二}",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_has_another_meaning_with_us_is_refused_at_its_line(text: str) -> None:
    notes = Notes("x")
    drafts = proven(gift.read(f"好？{{T}}\n\n{text}\n\n也好？{{F}}\n", notes), notes)
    assert [draft.stem for draft in drafts][:1] == ["好？"]
    assert {(each.line, each.severity.value) for each in notes.all() if each.severity.value == "error"} == {
        (3, "error")
    }


WARNED = [
    "主题党日在哪里？{\n~外地#不对\n~%25%邻村#接近\n~%50%乡镇#接近\n=本支部#对\n}",
    "甲？{~%-50%一 =二}",
    "甲？{~%60%一 ~%40%二 ~三}",
    "谁？{=甲 =%50%乙}",
    "几个？{#=%0%1:0#不对\n=%100%3:0#对\n=%0%6:0#不对\n}",
    "几个？{#3 ~#都不对}",
]


@pytest.mark.parametrize("text", WARNED)
def test_partial_credit_and_penalties_stay_behind_with_a_warning(text: str) -> None:
    assert set(severities(text)) == {"warning"}
    draft = one(text)
    assert right(draft) in ([], ["本支部"], ["二"], ["一", "二"]) and draft.blanks in ((), (("甲",),), (("3",),))


def test_feedback_says_whom_it_is_for() -> None:
    assert one("甲{T#不是#是####因为}").explanation == "因为\n错: 不是\n对: 是"
    assert one("甲{=一#好 ~二}").explanation == "一: 好"


@dataclass(frozen=True)
class Meant:
    """A question as its author means it, and the GIFT that says so; without a key it is one that we do not have."""

    text: str
    kind: Kind
    key: tuple[str, ...]


PLAIN = st.text("党员会学习abc 12，。", min_size=1, max_size=6).map(str.strip).filter(bool)
MARKED = st.tuples(PLAIN, st.sampled_from(["", "~", "=", "#", "{", "}", ":", "\\", "->", "%", "*"])).map("".join)
SPACE = st.sampled_from(["", " ", "\n", "\t"])


def escaped(text: str) -> str:
    return "".join(f"\\{each}" if each in "~=#{}:\\" else each for each in text)


@st.composite
def meanings(draw: st.DrawFn) -> Meant:
    """GIFT from its grammar: titles, format marks, weights, feedback, comments and spaces wherever they may stand."""
    stem = draw(MARKED)
    texts = draw(st.lists(MARKED, min_size=2, max_size=4, unique_by=lambda text: "".join(text.split())))
    lead = draw(st.sampled_from(["", "::名::", "::a-b:: ", "// 注\n"])) + draw(
        st.sampled_from(["", "[plain]", "[html]"])
    )
    mark = draw(st.sampled_from(["", "[plain]", "[moodle]"]))
    feedback = draw(st.sampled_from(["", "#好", "# [html]<p>好</p>"]))
    general = draw(st.sampled_from(["", "####因为", "####[plain]因为"]))
    gap = draw(SPACE)
    weights = draw(
        st.lists(st.sampled_from(["", "%0%", "%25%", "%50%", "%100%", "%-50%", "%33.33333%"]), min_size=4, max_size=4)
    )
    signs = draw(st.lists(st.sampled_from("=~"), min_size=4, max_size=4))
    answers = list(zip(signs, weights, texts, strict=False))
    body = gap.join(f" {sign}{weight}{mark}{escaped(text)}{feedback}{gap}" for sign, weight, text in answers)
    percents = [float(weight.strip("%")) if weight else 100.0 * (sign == "=") for sign, weight, _ in answers]
    if "~" in [sign for sign, _, _ in answers]:
        full = [text for (_, _, text), percent in zip(answers, percents, strict=True) if percent > 0]
        equals = [text for (sign, _, text), percent in zip(answers, percents, strict=True) if sign == "="]
        whole = len(equals) == 1 or (not equals and abs(sum(percent for percent in percents if percent > 0) - 100) < 1)
        key = tuple(equals or full) if whole else ()
        kind = Kind.SINGLE if len(key) == 1 else Kind.MULTIPLE
    else:
        key = tuple(text for (_, _, text), percent in zip(answers, percents, strict=True) if percent == 100)
        kind = Kind.BLANK
    return Meant(f"{lead}{escaped(stem)}{{{body}{general}{gap}}}", kind, key)


@settings(max_examples=150, deadline=None)
@given(meanings())
def test_a_question_is_read_as_it_was_meant_or_refused(meant: Meant) -> None:
    notes = Notes("x")
    drafts = proven(gift.read(meant.text, notes), notes)
    if not drafts:
        assert any(each.severity.value == "error" for each in notes.all())
        return
    (draft,) = drafts
    key = draft.blanks[0] if draft.kind is Kind.BLANK else tuple(right(draft))
    assert (draft.kind, [text.split() for text in key]) == (meant.kind, [text.split() for text in meant.key])


@pytest.mark.parametrize(
    "draft",
    [
        Draft(Kind.SINGLE, "甲", options=(("[html]", True), ("%50%一", False))),
        Draft(Kind.BLANK, "甲 ___", blanks=(("%5", "a*b", "[plain]", "\\*"),)),
        Draft(Kind.MATCHING, "甲", pairs=(("[plain]一", "1"), ("二", "2"))),
        Draft(Kind.TRUE_FALSE, "[html]甲", options=true_false(True)),
    ],
)
def test_what_looks_like_a_mark_is_written_so_that_it_comes_back_as_text(draft: Draft) -> None:
    assert replace(one(gift_writing.write([draft], Notes("x"))), line=0, id="") == draft
