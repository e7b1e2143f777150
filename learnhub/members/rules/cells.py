"""Reading one cell of a roster file: text in, its plain value out, or a reason in plain words why not.

Values stay text: days `YYYY-MM-DD`, months `YYYY-MM`, words by their value, so that rows are compared, kept and
handed on without conversions.
"""

import re
import unicodedata

from learnhub.core.errors import DomainError
from learnhub.core.text import N_, has_private_use, is_storable, normal_name, normalize
from learnhub.members.rules.columns import plain, words
from learnhub.members.rules.days import UNKNOWN, day, known_part

# A circumstance that holds without a reason written beside it.
HOLDS = "yes"
_PHONE = re.compile(r"\+?[\d ()-]{5,24}", re.ASCII)
_BETWEEN_PHONES = re.compile(r"[\u3001,;/\n]|或")
_TWO_MOBILES = re.compile(r"(1\d{10})\s+(1\d{10})", re.ASCII)
_BETWEEN_DAYS = re.compile(r"[\u3001,;\n]")
_NAME_SIGNS = set("·-' ")
# White space, also that which nobody sees, and the sign by which a spreadsheet marks text.
_BLANK = " \t\r\n\x0b\x0c\u00a0\u3000"
_UNSEEN = dict.fromkeys((0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF))
_TEXT_MARKS = tuple("'\u2018\u2019\uff07")
# Longer cells are no word for nothing, however it is spaced; there are a million cells to ask.
_LONGEST_WORD = 8
_TEXT_FORMULA = re.compile(r'=\s*"(.*)"', re.DOTALL)


def as_typed(cell: str) -> str:
    """A cell without what spreadsheets put around text: `="…"`, a leading apostrophe, white space at its ends."""
    found = (cell if cell.isascii() else cell.translate(_UNSEEN)).strip(_BLANK)
    if found.startswith("=") and (match := _TEXT_FORMULA.fullmatch(found)):
        found = match.group(1).replace('""', '"').strip(_BLANK)
    if found.startswith(_TEXT_MARKS) and len(found) > 1:
        found = found[1:].strip(_BLANK)
    return found


def is_blank_word(cell: str) -> bool:
    """Whether a cell says by a word or a dash that there is nothing (无)."""
    return len(cell) <= _LONGEST_WORD and words("nothing").get(plain(cell)) == "blank"


def is_unknown_word(cell: str) -> bool:
    """Whether a cell says that it is not known (不详)."""
    return len(cell) <= _LONGEST_WORD and words("nothing").get(plain(cell)) == "not_known"


def text(cell: str, longest: int) -> str:
    """One line of text of at most `longest` characters (code points)."""
    line = " ".join(normalize("NFC", cell).split())
    if not is_storable(line):
        raise DomainError(N_("这里有不能保存的字符，请重新输入。"))
    if len(line) > longest:
        raise DomainError(N_("太长了：最多 %(longest)s 个字，这里有 %(count)s 个。"), longest=longest, count=len(line))
    return line


_NAME_HINT = N_("姓名里有“%(sign)s”，请检查。")
_BRACKETS = N_("姓名里有“%(sign)s”。同名的人靠性别、出生年月和党支部分得开，请只写姓名，别的写在备注里。")
_NUMBERED = N_("姓名里有数字“%(sign)s”。同名的人靠性别、出生年月和党支部分得开，请只写姓名。")
_NAME_HINTS = {**dict.fromkeys("()（）〔〕[]【】", _BRACKETS), "0": _NUMBERED}


def name(cell: str) -> str:
    """A person's name in its normal form; letters of any script, the separator, and characters made by hand."""
    found = normal_name(text(cell, 100))
    for character in found:
        is_letter = unicodedata.category(character)[0] in "LM" or character == chr(0x3007)
        if not (is_letter or character in _NAME_SIGNS or has_private_use(character)):
            hint = _NAME_HINTS.get("0" if character.isdigit() else character, _NAME_HINT)
            raise DomainError(hint, sign=character)
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


def post_list(cell: str) -> tuple[str, ...]:
    """The values of the posts in a cell, in the order in which they are written."""
    parts = [part for part in re.split(r"[\u3001,;/\s]+", normalize("NFKC", cell)) if part]
    held = [word(part, "post") for part in parts if words("holds").get(plain(part)) != "no"]
    return tuple(dict.fromkeys(held))


def posts(cell: str) -> str:
    """The posts of a member, their values joined by commas in a fixed order; empty for none."""
    return joined_posts(set(post_list(cell)))


def joined_posts(values: set[str]) -> str:
    """Values of posts as one text: sorted, joined by commas."""
    return ",".join(sorted(values))


def post_days(cell: str) -> tuple[str, ...]:
    """The days on which posts were taken up, as they are written, one for all of them or one each; empty where unknown."""
    parts = [part.strip() for part in _BETWEEN_DAYS.split(normalize("NFKC", cell))]
    return tuple("" if not part or is_unknown_word(part) or is_blank_word(part) else day(part) for part in parts)


def full_day(cell: str) -> str:
    """What is known of the day of becoming a full member: a day, a month, a year, or that it is not known."""
    if is_blank_word(cell):
        return ""
    return UNKNOWN if is_unknown_word(cell) else known_part(cell)


def phone(cell: str) -> str:
    """A telephone number of digits, or several, joined by the Chinese comma."""
    text = _TWO_MOBILES.sub(r"\1,\2", normalize("NFKC", cell).strip())
    numbers = [part.strip() for part in _BETWEEN_PHONES.split(text) if part.strip()]
    if not all(_PHONE.fullmatch(number) for number in numbers):
        raise DomainError(N_("电话号码只能有数字，这里是“%(cell)s”。"), cell=cell[:30])
    found = "\u3001".join(re.sub(r"[ ()-]", "", number) for number in numbers)
    if len(found) > 50:
        raise DomainError(N_("电话号码太多，最多写三个。"))
    return found


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
