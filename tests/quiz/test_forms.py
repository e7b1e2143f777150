"""Reading a sent page: each kind of question from the fields that it is drawn with."""

import pytest
from werkzeug.datastructures import MultiDict

from learnhub.content.schema import Kind
from learnhub.quiz import forms, rules
from tests.quiz.test_service import options, question

MATCHING = question(
    "pair",
    Kind.MATCHING,
    options=options("左一", "左二"),
    targets=options("右一", "右二", "右三"),
    pairs=(("k0", "k1"), ("k1", "k0")),
)
BLANKS = question("two", Kind.BLANK, blanks=(("1",), ("2",)))


def test_pairs_are_read_and_graded():
    fields = MultiDict({"revision.pair": "3", "answer.pair.k0": "k1", "answer.pair.k1": "k0"})
    (found,) = forms.from_form(fields, [MATCHING])
    assert (found.question_id, found.value, found.revision) == ("pair", {"k0": "k1", "k1": "k0"}, 3)
    assert rules.grade(MATCHING, found.value).is_right


def test_a_pair_left_open_can_be_saved():
    fields = MultiDict({"revision.pair": "1", "answer.pair.k0": "k1", "answer.pair.k1": ""})
    (found,) = forms.from_form(fields, [MATCHING])
    assert rules.normalise(MATCHING, found.value) == {"k0": "k1"}


def test_blanks_keep_their_places():
    (found,) = forms.from_form(MultiDict({"revision.two": "1", "answer.two.1": "2"}), [BLANKS])
    assert found.value == ["", "2"]


def test_a_question_the_page_did_not_show_is_left_alone():
    assert forms.from_form(MultiDict({"answer.two.0": "1"}), [BLANKS, MATCHING]) == []


@pytest.mark.parametrize("revision", ["", "x", "-1", "1.5", "१", "9" * 10])
def test_a_made_up_revision_is_refused(revision):
    with pytest.raises(rules.MalformedAnswer):
        forms.from_form(MultiDict({"revision.two": revision}), [BLANKS])
