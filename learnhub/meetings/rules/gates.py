"""The three gates (程序关、质量关、成效关): what a branch reads about its own record, in words and never as a score."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterator, Mapping

from learnhub.core.text import N_
from learnhub.meetings.rules import MeetingKind, Minutes


class Gate(enum.Enum):
    """What a record is looked at for."""

    PROCEDURE = "procedure"
    QUALITY = "quality"
    OUTCOME = "outcome"


GATE_LABELS = {Gate.PROCEDURE: N_("程序关"), Gate.QUALITY: N_("质量关"), Gate.OUTCOME: N_("成效关")}


class Todo(enum.Enum):
    """Where something can be done about a remark now."""

    CALL = "call"
    WRITE = "write"
    SCHEDULE = "schedule"
    OPEN = "open"


@dataclasses.dataclass(frozen=True, slots=True)
class Remark:
    """One plain sentence: `words` and `basis` are message ids, `values` fill the words (days, heads, titles).

    `todo` says what can be done now, `meeting_id` at which other meeting; both are empty where nothing is missing.
    """

    gate: Gate
    words: str
    basis: str
    values: Mapping[str, str | int | dt.date] = dataclasses.field(default_factory=dict)
    todo: Todo | None = None
    meeting_id: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Quorum:
    """Heads expected and present, of those who count for a decision."""

    expected: int
    present: int

    @property
    def needed(self) -> int:
        """How many are more than half of those expected."""
        return self.expected // 2 + 1

    @property
    def enough(self) -> bool:
        """Whether enough were present to decide."""
        return self.present >= self.needed


@dataclasses.dataclass(frozen=True, slots=True)
class Near:
    """Another meeting of the branch: which, when, and whether its record is finished."""

    meeting_id: int
    day: dt.date
    finished: bool


@dataclasses.dataclass(frozen=True, slots=True)
class GateFacts:
    """What the gates ask of a meeting.

    `voters` are full members; who is exempt (不作硬性要求), takes part where they live (流入地) or sits in counts
    neither as expected nor as present. `committee` counts its members alike. Both are None before the roll is called.
    `committee_meeting` is the month's, `after` the next one held. `asked` says that earlier decisions were still open,
    `told` that this meeting told something about one; `settled` that its own are all done or dropped since.
    """

    kinds: frozenset[MeetingKind]
    minutes: Minutes
    finished: bool
    has_committee: bool
    voters: Quorum | None = None
    committee: Quorum | None = None
    committee_meeting: Near | None = None
    asked: bool = False
    told: bool = False
    settled: bool = False
    after: Near | None = None


_VOTE = N_("《中国共产党支部工作条例（试行）》第十一条：有表决权的党员到会过半数，党员大会才能表决")
_COMMITTEE_VOTE = N_("《中国共产党支部工作条例（试行）》第十二条：委员到会过半数，支部委员会会议才能举行")
_COMMITTEE_MONTHLY = N_("《中国共产党支部工作条例（试行）》第十二条：支部委员会会议一般每月召开一次")
_NO_COMMITTEE = N_("《中国共产党支部工作条例（试行）》：正式党员不足七人的党支部，不设支部委员会")
_RECORD = N_("会议和活动记录要写的：时间、地点、主持人、记录人、到会情况")
_THEME_DAY = N_("《中国共产党党员教育管理工作条例》第十六条：党支部每月相对固定一天开展主题党日")
_LECTURE = N_("《中国共产党支部工作条例（试行）》：“三会一课”突出政治学习和教育")
_AGREED = N_("会议和活动记录要写的：议定的事和落实情况")

# Kinds in which all members of the branch meet; a general meeting decides, the others may.
_WHOLE = frozenset({MeetingKind.THEME_DAY, MeetingKind.GENERAL, MeetingKind.ORGANIZATIONAL_LIFE, MeetingKind.APPRAISAL})


def remarks(facts: GateFacts) -> tuple[Remark, ...]:
    """What a branch reads about its own record, gate by gate. No score, no share, no judgement of a person."""
    procedure = tuple(_procedure(facts)) or (Remark(Gate.PROCEDURE, N_("程序上没有缺的。"), _RECORD),)
    return (*procedure, *_quality(facts), *_outcome(facts))


def _procedure(facts: GateFacts) -> Iterator[Remark]:
    if facts.voters is None:
        yield _missing(N_("还没有点名，到会够不够议事还说不了。"), _RECORD, Todo.CALL)
    else:
        yield from _enough(facts, facts.voters)
    if not facts.minutes.chair.strip():
        yield _missing(N_("没有写主持人。"), _RECORD, Todo.WRITE)
    if facts.finished and not facts.minutes.recorder.strip():
        yield _missing(N_("没有写记录人。"), _RECORD, Todo.WRITE)
    if facts.kinds & _WHOLE and MeetingKind.COMMITTEE not in facts.kinds:
        yield _committee(facts)


def _enough(facts: GateFacts, voters: Quorum) -> Iterator[Remark]:
    decides = MeetingKind.GENERAL in facts.kinds or (facts.kinds & _WHOLE and facts.minutes.decisions.strip())
    if decides:
        words = (
            N_("有表决权的党员到会 %(present)s 名，过半数是 %(needed)s 名，够表决。")
            if voters.enough
            else N_("有表决权的党员到会 %(present)s 名，过半数是 %(needed)s 名，不够表决；要表决的事请再开一次会定。")
        )
        yield _quorum(words, voters, _VOTE)
    if MeetingKind.COMMITTEE in facts.kinds and facts.committee:
        words = (
            N_("委员到会 %(present)s 名，过半数是 %(needed)s 名，够开会。")
            if facts.committee.enough
            else N_("委员到会 %(present)s 名，过半数是 %(needed)s 名，不够开会；要定的事请再开一次会定。")
        )
        yield _quorum(words, facts.committee, _COMMITTEE_VOTE)


def _quorum(words: str, heads: Quorum, basis: str) -> Remark:
    values = {"present": heads.present, "needed": heads.needed}
    return Remark(Gate.PROCEDURE, words, basis, values, None if heads.enough else Todo.SCHEDULE)


def _missing(words: str, basis: str, todo: Todo) -> Remark:
    return Remark(Gate.PROCEDURE, words, basis, todo=todo)


def _committee(facts: GateFacts) -> Remark:
    found = facts.committee_meeting
    if not facts.has_committee:
        return Remark(Gate.PROCEDURE, N_("本支部不设支部委员会，由书记召集，不缺这一步。"), _NO_COMMITTEE)
    if found is None:
        words = N_("这个月还没有支部委员会的记录。开过的请补录，没开的可以排一次。")
        return _missing(words, _COMMITTEE_MONTHLY, Todo.SCHEDULE)
    if found.finished:
        words, todo = N_("这个月的支部委员会开过了，%(day)s。"), None
    else:
        words, todo = N_("这个月的支部委员会排在 %(day)s，还没有完成记录。"), Todo.OPEN
    meeting_id = found.meeting_id if todo else None
    return Remark(Gate.PROCEDURE, words, _COMMITTEE_MONTHLY, {"day": found.day}, todo, meeting_id)


def _quality(facts: GateFacts) -> Iterator[Remark]:
    words = facts.minutes
    lesson = _part(words.lesson, N_("课上了：%(title)s。"), N_("没有写上了什么课。上了就写进记录，没上就空着。"))
    if MeetingKind.THEME_DAY in facts.kinds:
        yield lesson
        yield _part(words.film, N_("片看了：%(title)s。"), N_("没有写看了什么片。看了就写进记录，没看就空着。"))
        yield _part(words.practice, N_("实践做了：%(title)s。"), N_("没有写做了什么实践。做了就写进记录，没做就空着。"))
    elif MeetingKind.LECTURE in facts.kinds:
        yield dataclasses.replace(lesson, basis=_LECTURE)
    elif words.decisions.strip() or words.summary.strip():
        yield Remark(Gate.QUALITY, N_("议了什么，记录里写着。"), _RECORD)
    else:
        unwritten = N_("没有写议了什么。写两三句事实就够。")
        yield Remark(Gate.QUALITY, unwritten, _RECORD, todo=Todo.WRITE)


def _part(title: str, done: str, unwritten: str) -> Remark:
    if title.strip():
        return Remark(Gate.QUALITY, done, _THEME_DAY, {"title": title.strip()})
    return Remark(Gate.QUALITY, unwritten, _THEME_DAY, todo=Todo.WRITE)


def _outcome(facts: GateFacts) -> Iterator[Remark]:
    if facts.told:
        yield Remark(Gate.OUTCOME, N_("以前定的事，这次说了办得怎样。"), _AGREED)
    elif facts.asked:
        words = N_("以前定的事还有没办完的。会上说到的，写进记录；没有说到的，下次再问。")
        yield Remark(Gate.OUTCOME, words, _AGREED, todo=Todo.WRITE)
    if not facts.minutes.decisions.strip():
        yield Remark(Gate.OUTCOME, N_("这次没有写议定的事。没有就空着，不用凑。"), _AGREED)
    elif facts.settled:
        yield Remark(Gate.OUTCOME, N_("议定的事都有了结果。"), _AGREED)
    elif facts.after:
        yield _about(N_("议定的事写下了。%(day)s又开过会，办得怎样看那次的记录。"), facts.after)
    else:
        yield Remark(Gate.OUTCOME, N_("议定的事写下了。下次开会时说说办得怎样。"), _AGREED)


def _about(words: str, near: Near) -> Remark:
    return Remark(Gate.OUTCOME, words, _AGREED, {"day": near.day}, Todo.OPEN, near.meeting_id)
