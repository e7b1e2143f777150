"""Rows of a list that are no people: totals, signatures, notes, the header printed again, the heading of a branch."""

import re
from collections.abc import Mapping, Sequence

from learnhub.members.rules import days
from learnhub.members.rules.columns import normal_header, plain, words

_TOTAL = re.compile(
    r"[本以]?[页上]?(合计|总计|小计|共计|累计|总数|总人数|人数|男|女|正式|预备)?(党员)?(合计|总计|小计|共计|累计|总数|总人数)"
)
_COUNT = re.compile(r"(共|合计|总计|小计|计)[:：]?\d+(人|名|行|个).*")
_NOTE = re.compile(
    r"(填表|填报|制表|审核|审批|复核|核对|主要负责人|单位负责人|负责人|支部书记[:(]|书记签|经办|联系人|联系电话:|报送|上报"
    r"|盖章|\(盖章|\(公章|公章|签字|签名|日期:|时间:|说明|填写说明|备注|注:|注\d|附注|附:|注意|第\d+页|共\d+页|单位:|单位\("
    r"|打印|\(?以下(空白|无)|此处空白|\*+$|-{2,}$|—{2,}$)"
)
_BRANCH = re.compile(r".*(支部|总支|党委|党工委|党小组|党组织).*")
_NUMBER = re.compile(r"\d{15}|\d{17}[\dXx]", re.ASCII)
_DAYS = ("joined_on", "birth_month", "full_on")


def no_person(cells: Sequence[str], line: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """Whether a row that is not empty lists nobody.

    `cells` are all of the row as typed, `line` those of known columns by key, `headers` the sheet's headers by key. What
    says anything that only a person has (an identity number, a sex, a day) is a person, whatever else stands there.
    """
    written = [cell for cell in cells if cell]
    if _is_header_again(line, headers):
        return True
    if _has_facts(line):
        return False
    first, name = plain(written[0]), plain(line.get("name", ""))
    if any(_TOTAL.fullmatch(text.rstrip(":")) or _COUNT.fullmatch(text) or _NOTE.match(text) for text in (first, name)):
        return True
    alone = len(set(written)) == 1
    return alone and bool(_BRANCH.match(first) or (not name and not first.isdigit()))


def is_only_numbered(cells: Sequence[str]) -> bool:
    """Whether a row of unknown columns holds no more than its number, as in forms that are numbered beforehand."""
    written = [cell for cell in cells if cell]
    return len(written) <= 1 and all(plain(cell).isdigit() for cell in written)


def _is_header_again(line: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    written = [(key, cell) for key, cell in line.items() if cell]
    return len(written) > 1 and all(normal_header(cell) == normal_header(headers[key]) for key, cell in written)


def _has_facts(line: Mapping[str, str]) -> bool:
    if plain(line.get("sex", "")) in words("sex") or _NUMBER.fullmatch(plain(line.get("identity", ""))):
        return True
    return any(_is_day(line.get(key, "")) for key in _DAYS)


def _is_day(cell: str) -> bool:
    text = plain(cell)
    return len(text) >= 5 and text[:4].isdigit() and (days.is_serial(text) or not text.isdigit() or len(text) in {6, 8})
