"""Reading one cell of a roster file: text in, its plain value out, or a reason in plain words why not.

Values stay text: days `YYYY-MM-DD`, months `YYYY-MM`, words by their value, so that rows are compared, kept and
handed on without conversions.
"""

import datetime as dt
import re
import unicodedata

from learnhub.core.errors import DomainError
from learnhub.core.text import N_, has_private_use, is_storable, normal_name, normalize
from learnhub.members.rules.columns import plain, words

# A circumstance that holds without a reason written beside it.
HOLDS = "yes"
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))", re.ASCII)
_TIME = re.compile(r"[ T]+\d{1,2}:\d{2}.*", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))", re.ASCII)
_ROUNDED_MONTH = re.compile(r"\d{4}\.1", re.ASCII)
_PHONE = re.compile(r"\+?[\d -]{5,20}", re.ASCII)
_NAME_SIGNS = set("·-' ")


def text(cell: str, longest: int) -> str:
    """One line of text of at most `longest` characters (code points)."""
    line = " ".join(normalize("NFC", cell).split())
    if not is_storable(line):
        raise DomainError(N_("这里有不能保存的字符，请重新输入。"))
    if len(line) > longest:
        raise DomainError(N_("太长了：最多 %(longest)s 个字，这里有 %(count)s 个。"), longest=longest, count=len(line))
    return line


def name(cell: str) -> str:
    """A person's name in its normal form; letters of any script, the separator, and characters made by hand."""
    found = normal_name(text(cell, 100))
    for character in found:
        is_letter = unicodedata.category(character)[0] in "LM" or character == chr(0x3007)
        if not (is_letter or character in _NAME_SIGNS or has_private_use(character)):
            raise DomainError(N_("姓名里有“%(sign)s”，请检查。"), sign=character)
    if not found:
        raise DomainError(N_("姓名是空的。"))
    return found


def word(cell: str, sort: str) -> str:
    """The value meant by a word of one of the closed lists (`sex`, `kind`, `domain`, `post`, `standing`)."""
    value = words(sort).get(plain(cell))
    if value is None:
        raise DomainError(N_("不认识“%(word)s”。可以写：%(known)s。"), word=cell[:30], known=known(sort))
    return value


def known(sort: str) -> str:
    """The words of a closed list that we write ourselves, in one line."""
    first: dict[str, str] = {}
    for each, value in words(sort).items():
        first.setdefault(value, each)
    return "\u3001".join(first.values())


def day(cell: str) -> str:
    """A civil day. Accepts 1995-07-01, 1995/7/1, 1995.7.1, 19950701 and the Chinese way."""
    match = _DAY.fullmatch(plain(_TIME.sub("", cell)))
    if match is None:
        raise DomainError(N_("日期要写到日，如 1995-07-01；这里是“%(cell)s”。"), cell=cell[:30])
    year, month, number, packed_month, packed_number = match.groups()
    try:
        return dt.date(int(year), int(month or packed_month), int(number or packed_number)).isoformat()
    except ValueError:
        raise DomainError(N_("没有“%(cell)s”这一天。"), cell=cell[:30]) from None


def month(cell: str) -> str:
    """A civil month. Accepts 1960-05, 1960.05, 196005, a whole day, and the Chinese way."""
    bare = plain(cell)
    if _ROUNDED_MONTH.fullmatch(bare):
        raise DomainError(N_("“%(cell)s”分不清是 1 月还是 10 月，请写成 1960-01 或 1960-10 这样。"), cell=bare)
    match = _MONTH.fullmatch(bare)
    if match is None:
        return day(cell)[:7]
    number = int(match.group(2) or match.group(3))
    if not 1 <= number <= 12:
        raise DomainError(N_("没有“%(cell)s”这个月。"), cell=cell[:30])
    return f"{match.group(1)}-{number:02d}"


def posts(cell: str) -> str:
    """The posts of a member, their values joined by commas in a fixed order; empty for none."""
    parts = [part for part in re.split(r"[\u3001,;/\s]+", normalize("NFKC", cell)) if part]
    return joined_posts({word(part, "post") for part in parts if words("holds").get(plain(part)) != "no"})


def joined_posts(values: set[str]) -> str:
    """Values of posts as one text: sorted, joined by commas."""
    return ",".join(sorted(values))


def phone(cell: str) -> str:
    """A telephone number of digits."""
    if not cell.strip():
        return ""
    if not _PHONE.fullmatch(cell.strip()):
        raise DomainError(N_("电话号码只能有数字，这里是“%(cell)s”。"), cell=cell[:30])
    return cell.replace(" ", "").replace("-", "")


def circumstance(cell: str) -> str:
    """Whether a circumstance holds: empty when not, `HOLDS` without a reason, else its reason."""
    meant = words("holds").get(plain(cell))
    if meant is None:
        return text(cell, 200)
    return HOLDS if meant == "yes" else ""


def position(cell: str) -> str:
    """A place in organization order: a whole number."""
    bare = plain(cell)
    if bare and not (bare.isascii() and bare.isdigit() and len(bare) <= 6):
        raise DomainError(N_("顺序要写整数，这里是“%(cell)s”。"), cell=cell[:30])
    return str(int(bare)) if bare else ""


def code(cell: str, longest: int) -> str:
    """A code: free text without spaces."""
    found = text(cell, longest).replace(" ", "")
    if re.fullmatch(r"\d(\.\d+)?[Ee]\+\d+", found):
        raise DomainError(N_("表格把这个编号当成数字，后几位已经丢了。请把这一列设成“文本”格式。"))
    return found
