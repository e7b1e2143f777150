"""Keys that can be guessed without knowing the matter: by the length or place of the right option, or 对 by habit."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from learnhub.content.parse import Source
from learnhub.content.problems import Problems
from learnhub.content.schema import Kind, Question
from learnhub.core.text import N_

# With fewer questions of a kind one of them decides: of five, three right options are the longest by chance in every
# tenth quiz; of six, four in every twenty-fifth.
FEWEST = 6
# "Nearly always": five of six, eight of ten, fourteen of seventeen.
NEARLY_ALL = 0.8


def warn_of_bias(source: Source, quiz: Iterable[Question], problems: Problems) -> None:
    """Note, at the beginning of a quiz file, what gives its keys away."""
    questions = list(quiz)
    # Of two options the right one is the longer in every second question.
    singles = [each for each in questions if each.kind is Kind.SINGLE and len(each.options) > 2]
    multiples = [each for each in questions if each.kind is Kind.MULTIPLE]
    judgements = [each for each in questions if each.kind is Kind.TRUE_FALSE]
    for group, look in (
        (singles, _look_at_singles),
        (multiples, _look_at_multiples),
        (judgements, _look_at_judgements),
    ):
        for count, reason in look(group) if len(group) >= FEWEST else ():
            problems.warn(source.path, (source.first_line, 1), reason, count=count, whole=len(group))


def _look_at_singles(singles: Sequence[Question]) -> Iterator[tuple[int, str]]:
    longest = sum(map(is_right_option_longest, singles))
    if longest > len(singles) / 2:
        yield longest, N_("%(whole)s 道单选题里，有 %(count)s 道对的选项最长，不懂也能猜中；请把选项写得一样长。")
    same_place = max(Counter(map(find_right_place, singles)).values())
    if same_place >= len(singles) * NEARLY_ALL:
        yield same_place, N_("%(whole)s 道单选题里，有 %(count)s 道对的选项都在同一个位置；请换一换位置。")


def _look_at_multiples(multiples: Sequence[Question]) -> Iterator[tuple[int, str]]:
    right_first = sum(map(are_right_options_first, multiples))
    if right_first >= len(multiples) * NEARLY_ALL:
        yield right_first, N_("%(whole)s 道多选题里，有 %(count)s 道对的选项都排在前面；请换一换位置。")


def _look_at_judgements(judgements: Sequence[Question]) -> Iterator[tuple[int, str]]:
    same_key = max(Counter(each.correct for each in judgements).values())
    if same_key >= len(judgements) * NEARLY_ALL:
        yield same_key, N_("%(whole)s 道判断题里，有 %(count)s 道的答案一样；“对” 和 “错” 最好差不多各一半。")


def is_right_option_longest(question: Question) -> bool:
    """Whether the right option of a single choice is longer than each of the others."""
    lengths = {option.key: len(option.text) for option in question.options}
    right = lengths.pop(question.correct[0])
    return right > max(lengths.values())


def find_right_place(question: Question) -> int:
    """The place of the right option of a single choice, from 0."""
    return [option.key for option in question.options].index(question.correct[0])


def are_right_options_first(question: Question) -> bool:
    """Whether all right options of a multiple choice stand before the wrong ones."""
    return {option.key for option in question.options[: len(question.correct)]} == set(question.correct)
