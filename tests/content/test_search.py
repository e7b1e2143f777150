"""Search: nothing that is there is missed, the words are shown where they stand, answers are not to be found."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnhub.content.load import load
from learnhub.content.schema import Catalogue, Index, Part, SearchEntry, shown
from learnhub.content.schema.search import LONGEST_WORDS
from tests.content.publishing import ROOT


@pytest.fixture(scope="module")
def contents() -> Catalogue:
    catalogue = load(ROOT / "content").catalogue
    assert catalogue is not None
    return catalogue


def entry(title: str, text: str, number: int = 0) -> SearchEntry:
    return SearchEntry(part=Part.LESSON, url=f"/{number}", title=title, text=text)


def titles(index: Index, words: str) -> list[str]:
    return [found.title for found in index.find(words)]


@settings(max_examples=25)
@given(data=st.data())
def test_a_search_finds_what_a_plain_scan_finds(contents: Catalogue, data: st.DataObject) -> None:
    """Any piece of any text, however written (width, case), finds every text a plain scan finds."""
    entries = list(contents.entries())
    texts = [f"{each.title}\n{each.text}" for each in entries]
    text = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + data.draw(st.integers(1, LONGEST_WORDS))]
    asked = data.draw(st.sampled_from([piece, piece.upper(), piece.lower(), unicodedata.normalize("NFKC", piece)]))
    asked = asked[:LONGEST_WORDS]
    scanned = {each.url for each, text in zip(entries, texts, strict=True) if asked in text}
    assert not asked.split() or scanned <= {each.url for each in contents.index.find(asked)}


WRITTEN = st.text(alphabet="党员干部aAＡéßﬁ　 \n①ﾊﾞİ", min_size=1, max_size=12)


@settings(max_examples=25)
@given(texts=st.lists(WRITTEN, min_size=1, max_size=6), data=st.data())
def test_no_character_makes_a_search_miss(texts: list[str], data: st.DataObject) -> None:
    texts = [unicodedata.normalize("NFC", text) for text in texts]
    index = Index(entry("", text, number) for number, text in enumerate(texts))
    text = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, len(text) - 1))
    asked = text[start : start + data.draw(st.integers(1, 5))]
    scanned = {f"/{number}" for number, each in enumerate(texts) if asked in each}
    assert not asked.split() or scanned <= {found.url for found in index.find(asked)}
    for found in index.find(asked):
        hit = shown(found, asked)
        assert any(is_asked for _, is_asked in hit.snippet), "what was found is shown"


@pytest.mark.parametrize("words", ["急救", "救", "CPR", "cpr", "ＣＰＲ", "心肺　复苏", "复苏 心肺"])
def test_words_of_two_characters_of_one_and_of_latin_letters_are_found(words: str) -> None:
    index = Index([entry("急救课", "心肺复苏（CPR）怎么做"), entry("防骗课", "不转账")])
    assert titles(index, words) == ["急救课"]


def test_all_words_must_be_there_and_titles_come_first() -> None:
    index = Index([entry("一", "党员和支部"), entry("支部党员", "二"), entry("三", "党员")])
    assert titles(index, "党员 支部") == ["支部党员", "一"]
    assert titles(index, " 　 ") == titles(index, "没有") == []


def test_the_snippet_marks_every_occurrence_and_keeps_the_text_as_written() -> None:
    hit = shown(entry("Cpr 课", "前" * 60 + "ﬁ学会 ＣＰＲ，再学 cpr。" + "后" * 200), "CPR")
    assert hit.title == (("Cpr", True), (" 课", False))
    assert [text for text, is_asked in hit.snippet if is_asked] == ["ＣＰＲ", "cpr"]
    assert hit.snippet[0] == ("…", False) == hit.snippet[-1]
    assert "".join(text for text, _ in hit.snippet[1:-1]) in "前" * 60 + "ﬁ学会 ＣＰＲ，再学 cpr。" + "后" * 200


def test_keys_and_explanations_are_not_to_be_found(contents: Catalogue) -> None:
    """What is searched has no question in it: nothing that only a quiz says is found."""
    everything = "\n".join(f"{each.title}\n{each.text}" for each in contents.entries())
    quizzes = [course.quiz for course in contents.courses] + [unit.quiz for unit in contents.units]
    questions = [question for quiz in quizzes for question in quiz]
    assert len(questions) > 50
    for question in questions:
        assert question.title not in everything and question.id not in everything.split()
        assert not question.explanation_html or question.explanation_html[3:-4] not in everything
