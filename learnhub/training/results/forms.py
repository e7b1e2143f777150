"""Forms of test results, and of answers handed over as a file."""

import dataclasses
from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import Length

from learnhub.core.text import whole_number
from learnhub.quiz.rules.files import LONGEST_FILE, from_file
from learnhub.quiz.rules.sent import NewAnswer
from learnhub.web.form import Form


class ResultsForm(Form):
    """What results are sent with, besides themselves."""

    because = StringField(_l("更正的理由"), [Length(max=500)])


@dataclasses.dataclass(frozen=True, slots=True)
class SentResults:
    """Test results as typed, by member id: those that can be used, and the words of those that cannot."""

    percents: Mapping[int, int | None]
    wrong: Mapping[int, str]


def sent_results(fields: Mapping[str, str], member_ids: Sequence[int]) -> SentResults:
    """Read `percent-<id>` of each member; an empty field means no result."""
    percents: dict[int, int | None] = {}
    wrong: dict[int, str] = {}
    for member in member_ids:
        typed = fields.get(f"percent-{member}", "").strip()
        percent = whole_number(typed, digits=3)
        if typed and (percent is None or percent > 100):
            wrong[member] = typed
        else:
            percents[member] = percent
    return SentResults(percents, wrong)


class AnswersFileForm(Form):
    """A member's answers to the completion test, kept as a file while they could not be sent."""

    file = FileField(_l("答案文件"), [FileRequired(_l("请选择文件。"))])

    @property
    def sent(self) -> tuple[int, list[NewAnswer]]:
        """The attempt and its answers; raises NoAnswersFile for another file."""
        return from_file(self.file.data.read(LONGEST_FILE + 1))
