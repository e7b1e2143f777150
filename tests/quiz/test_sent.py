"""Which of two answers stands, whatever order, loss and repetition the network brings."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnhub.quiz.rules import MalformedAnswer
from learnhub.quiz.rules.sent import HIGHEST_REVISION, NewAnswer, is_news

VALUES = st.sampled_from(["k0", "k1", "k2"])


@dataclasses.dataclass
class Server:
    """What stands stored, and by whom and over what it was written."""

    value: str | None = None
    revision: int = 0
    client: str = ""
    history: list[tuple[NewAnswer, int, str]] = dataclasses.field(default_factory=list)

    def take(self, new: NewAnswer) -> tuple[int, str | None, bool]:
        if is_news(new, new.value, stored=self.value, revision=self.revision, client=self.client):
            self.history.append((new, self.revision, self.client))
            self.value, self.revision, self.client = new.value, new.revision, new.client
        return self.revision, self.value, self.value != new.value


@dataclasses.dataclass
class Browser:
    """A page as `quiz.js` keeps it: what it knows to be stored, and the newest answer that is not acknowledged."""

    client: str
    known: int = 0
    waiting: NewAnswer | None = None
    shown: str | None = None
    in_conflict: bool = False

    def choose(self, value: str) -> None:
        base = self.waiting.knows if self.waiting and not self.in_conflict else self.known
        revision = max(self.known + 1, (self.waiting.revision if self.waiting else 0) + 1)
        self.waiting, self.shown, self.in_conflict = NewAnswer("q", value, revision, self.client, base), value, False

    def hear(self, sent: NewAnswer, answer: tuple[int, str | None, bool]) -> None:
        self.known, self.in_conflict = answer[0], answer[2]
        if not self.in_conflict and self.waiting == sent:
            self.waiting = None

    def settle(self, server: Server) -> None:
        """In fair weather: send what waits, and where something else stands, take that."""
        if self.waiting:
            sent = self.waiting
            self.hear(sent, server.take(sent))
            if self.in_conflict:
                self.waiting, self.shown, self.in_conflict = None, server.value, False


STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.one_of(
            st.tuples(st.just("choose"), VALUES),
            st.tuples(st.sampled_from(["send", "unheard", "late"]), st.integers(0, 5)),
            st.just(("reload", 0)),
        ),
    ),
    max_size=24,
)


def take_step(server: Server, browser: Browser, wire: list[NewAnswer], what: str, more):
    if what == "choose":
        browser.choose(more)
    elif what == "late" and wire:
        server.take(wire[more % len(wire)])  # something sent long ago arrives, perhaps again
    elif what == "reload":
        browser.known = server.revision  # a waiting answer keeps what was known when it was given
    elif what in {"send", "unheard"} and browser.waiting and not browser.in_conflict:
        wire.append(browser.waiting)
        answer = server.take(browser.waiting)
        if what == "send":
            browser.hear(browser.waiting, answer)


@settings(max_examples=150)
@given(STEPS)
def test_nothing_is_replaced_by_who_had_not_seen_it(steps):
    server, browsers, wire = Server(), [Browser("phone"), Browser("computer")], []
    for which, (what, more) in steps:
        take_step(server, browsers[which], wire, what, more)
    for new, before, by in server.history:
        assert new.revision > before
        assert before == 0 or by == new.client or new.knows == before
    for browser in browsers:
        browser.settle(server)
    assert all(each.waiting is None for each in browsers)
    last_to_choose = [each for each in browsers if each.client == server.client]
    assert not last_to_choose or last_to_choose[0].shown == server.value


def test_what_was_given_long_ago_without_network_does_not_replace_what_was_given_since():
    server = Server()
    server.take(NewAnswer("q", "k0", 1, "phone"))
    assert server.take(NewAnswer("q", "k1", 2, "computer", 1)) == (2, "k1", False)
    assert server.take(NewAnswer("q", "k2", 7, "phone", 1)) == (2, "k1", True)
    assert server.take(NewAnswer("q", "k2", 8, "phone", 2)) == (8, "k2", False)  # shown, and chosen all the same


def test_one_that_was_stored_unheard_does_not_stand_in_the_way_of_the_next():
    server = Server()
    server.take(NewAnswer("q", "k0", 1, "phone", 0))
    assert server.take(NewAnswer("q", "k1", 2, "phone", 0)) == (2, "k1", False)


@pytest.mark.parametrize(
    ("revision", "client", "base"),
    [
        (0, "", None),
        (1, "", 1),
        (1, "", -1),
        (2, "", True),
        (True, "", None),
        ("1", "", None),
        (1, "x" * 37, None),
        (1, "a b", None),
        (1, 7, None),
        (1, "", 0.5),
        (HIGHEST_REVISION + 1, "", None),
    ],
)
def test_what_no_page_sends_is_refused(revision, client, base):
    with pytest.raises(MalformedAnswer):
        NewAnswer("q", "k0", revision, client, base)
