"""Whom a row of the roster file is about: somebody on the roster, somebody new, or a question."""

import dataclasses
from collections.abc import Callable
from typing import Any

from learnhub.core.text import N_
from learnhub.members.queries.roster_state import MemberState, Namesake
from learnhub.members.rules import days
from learnhub.members.rules.parsing import ParsedRow
from learnhub.members.rules.questions import SOMEBODY_ELSE, Choice, Interview, QuestionKind

Report = Callable[..., None]
_SAME = N_(
    "第 %(row)s 行 %(name)s：和%(place)s的一名党员同名、同性别、同出生年月、同一天入党（%(day)s）。是同一个人吗？"
)
_SAME_CHOICE = N_("是同一个人：%(place)s的%(name)s")
_OTHER_CHOICE = N_("是另外一个人，照新党员登记")
_OUTSIDE_NOTE = N_(
    "第 %(row)s 行 %(name)s：您管理范围之外，或者已经离开名册的人里，有同名、同性别、同出生年月、同一天入党的党员。"
    "如果是同一个人，请不要导入这一行，先办理转接。"
)
_TWICE = N_(
    "第 %(row)s 行 %(name)s：和第 %(other)s 行同名、同性别、同出生年月、同一天入党。"
    "如果是同一个人列了两次，请在文件里删去一行再上传。"
)
_TWO_PEOPLE = N_("是两个人")


def looks(values: dict[str, str]) -> tuple[str, ...]:
    """What tells two people of a branch apart when neither has a code nor an identity number in the file."""
    return tuple(values.get(key, "") for key in ("name", "sex", "birth_month", "organization"))


def _appearance(values: dict[str, str]) -> tuple[str, ...]:
    return tuple(values.get(key, "") for key in ("name", "sex", "birth_month"))


def identity_hash(values: dict[str, str]) -> str:
    """The keyed hash of the identity number that a row or a member has, empty for none or a masked one."""
    hash_, sign, _ = values.get("identity", "").partition(":")
    return hash_ if sign else ""


@dataclasses.dataclass(frozen=True, slots=True)
class _Row:
    number: int
    joined_on: str
    identity: str


class MemberMatcher:
    """Finds whom rows are about. The `taken` ones are ids by code and by hash of all members there are, inside and outside
    of what this person manages; `namesakes` are those of any branch, and of none, who bear a name of the file.
    """

    def __init__(
        self,
        *,
        state: dict[int, MemberState],
        taken_codes: dict[str, int],
        taken_identities: dict[str, int],
        namesakes: list[Namesake],
        interview: Interview,
        report: Report,
    ) -> None:
        self.state = state
        self.taken_codes = taken_codes
        self.taken_identities = taken_identities
        self.interview = interview
        self.report = report
        self.seen: dict[tuple[str, str], str] = {}
        self.new: dict[tuple[str, ...], list[_Row]] = {}
        self.alike: dict[tuple[str, ...], list[int]] = {}
        for member in state.values():
            self.alike.setdefault(looks(member.values), []).append(member.id)
        self.namesakes: dict[tuple[str, ...], list[Namesake]] = {}
        for each in namesakes:
            self.namesakes.setdefault((each.name, each.sex, each.birth_month), []).append(each)

    def whom(self, row: ParsedRow, said: dict[str, str]) -> MemberState | None:
        """The member a row is about: by code, else by identity number, else by name, sex, birth and branch, else by what
        is answered about somebody who looks the same; None for somebody new.
        """
        hash_ = identity_hash(said)
        by_code = self.taken_codes.get(said.get("code", ""))
        by_identity = self.taken_identities.get(hash_)
        if by_code and by_identity and by_code != by_identity:
            self.report(row, "identity", N_("这个身份证号已经登记在另一名党员名下。"))
        elif said.get("code") and not by_code and by_identity:
            self.report(row, "code", N_("这个身份证号的党员在名册里是另一个编号。"))
        id_ = by_code or by_identity
        if id_:
            if id_ not in self.state:
                key = "code" if by_code else "identity"
                self.report(row, key, N_("这名党员的组织关系不在您管理的范围内，要先办理转接。"))
            return self.state.get(id_)
        if not said.get("code") and not hash_:
            alike = self.alike.get(looks(said), [])
            if len(alike) > 1:
                self.report(row, "name", N_("名册里有 %(count)s 名这样的党员，请填名册编号。"), count=len(alike))
            if alike:
                return self.state[alike[0]]
        return self._asked(row, said, hash_)

    def _asked(self, row: ParsedRow, said: dict[str, str], hash_: str) -> MemberState | None:
        """Somebody who looks the same, if it is answered that this is who is meant."""
        same = [
            each
            for each in self.namesakes.get(_appearance(said), ())
            if said.get("joined_on")
            and days.agree(each.joined_on, said["joined_on"])
            and not (hash_ and each.identity_hash)
        ]
        inside = [self.state[each.id] for each in same if each.id in self.state]
        values = {"row": row.number, "name": said.get("name", "")}
        other = Choice(SOMEBODY_ELSE, _OTHER_CHOICE)
        name = f"{row.tab}:{row.number}"
        if inside:
            place = "\u3001".join(each.values["organization_name"] for each in inside)
            choices = [
                Choice(
                    each.values["code"],
                    _SAME_CHOICE,
                    {"place": each.values["organization_name"], "name": each.values["name"]},
                )
                for each in inside
            ]
            said_of = {**values, "place": place, "day": said["joined_on"]}
            if len(choices) == 1:
                choices = [dataclasses.replace(choices[0], value="same")]
            answer = self.interview.ask(QuestionKind.SAME_PERSON, name, _SAME, said_of, [*choices, other])
            for member, choice in zip(inside, choices, strict=True):
                if answer == choice.value:
                    said.pop("code", None)
                    return member
        elif same:
            self.interview.ask(QuestionKind.SAME_PERSON, name, _OUTSIDE_NOTE, values, [other])
        return None

    def check_twice(self, row: ParsedRow, said: dict[str, str], known: MemberState | None) -> None:
        """No two rows of a file are about one person; where two only look the same, it is asked."""
        names = [("code", said.get("code", "")), ("identity", said.get("identity", "").partition(":")[0])]
        if known:
            names.append(("known", str(known.id)))
        elif not said.get("code") and not said.get("identity"):
            names.append(("looks", "\n".join(looks(said))))
        for sort, value in names:
            if not value or value.startswith("*"):
                continue
            if (sort, value) in self.seen:
                key = sort if sort in row.values else "name"
                message = N_("和第 %(other)s 行像是同一个人；如果不是，请都填上名册编号或身份证号。")
                self.report(row, key, message, other=self.seen[sort, value])
                return
            self.seen[sort, value] = f"{row.tab}{row.number}"
        if known is None and said.get("joined_on"):
            self._ask_twice(row, said)

    def _ask_twice(self, row: ParsedRow, said: dict[str, str]) -> None:
        own = _Row(row.number, said["joined_on"], identity_hash(said))
        others = self.new.setdefault(_appearance(said), [])
        for other in others:
            if days.agree(own.joined_on, other.joined_on) and not (own.identity and other.identity):
                values: dict[str, Any] = {"row": row.number, "name": said.get("name", ""), "other": other.number}
                choices = [Choice(SOMEBODY_ELSE, _TWO_PEOPLE)]
                self.interview.ask(QuestionKind.LISTED_TWICE, f"{row.tab}:{row.number}", _TWICE, values, choices)
                break
        others.append(own)
