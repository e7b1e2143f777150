"""Identity numbers (GB 11643): checked, then kept only as a keyed hash and the last four characters."""

import datetime as dt
import hashlib
import hmac
import json
import re

from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.members.rules.cells import as_typed
from learnhub.members.rules.columns import plain

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_ROUNDED = re.compile(r"\d(\.\d+)?[Ee]\+?\d+|\d{15}000")
_SHAPE = re.compile(r"\d{17}[\dX]", re.ASCII)
_LONG_NUMBER = re.compile(r"[\d*]{14,}[\dX]?", re.ASCII | re.IGNORECASE)
# Before an identity number that has been sealed while it was still in the cell of a file, or found to be none.
_SEALED_CELL, _WRONG_CELL = "\x02sealed:", "\x02wrong:"
_MASKED = re.compile(r"\*{4,}(\d{3}[\dX])", re.ASCII)


def check_character(first17: str) -> str:
    """The eighteenth character of an identity number, by MOD 11-2."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def normal_number(text: str) -> str:
    """`text` as an identity number: 18 characters with an upper-case X.

    Raises DomainError with the reason why it is none; the reason never repeats the number.
    """
    number = plain(text).upper()
    if _ROUNDED.fullmatch(number):
        raise DomainError(
            N_("表格把这个号码当成数字，后几位已经丢了。请把这一列设成“文本”格式，再重新填写完整的 18 位。")
        )
    if len(number) == 15 and number.isdigit():
        raise DomainError(N_("这是 15 位的旧号码，请填 18 位的。"))
    if len(number) != 18:
        raise DomainError(N_("身份证号应当是 18 位，这里是 %(count)s 位。"), count=len(number))
    if not _SHAPE.fullmatch(number):
        raise DomainError(N_("身份证号前 17 位应当是数字，最后一位是数字或 X。"))
    if not _is_day(number[6:14]) or check_character(number[:17]) != number[17]:
        raise DomainError(N_("身份证号的校验位对不上，可能有一位写错了。"))
    return number


def sealed(number: str, key: str) -> str:
    """A checked identity number as it is kept: `<HMAC-SHA256, hexadecimal>:<last four>`."""
    return f"{hmac.new(key.encode(), number.encode(), hashlib.sha256).hexdigest()}:{number[-4:]}"


def key_fingerprint(key: str) -> str:
    """What tells one identity key from another without giving it away: an HMAC-SHA256 by it, hexadecimal."""
    return hmac.new(key.encode(), b"LearnHub: fingerprint of the identity key", hashlib.sha256).hexdigest()


def masked(last_four: str) -> str:
    """How a number is written in an export: stars and the last four."""
    return "*" * 14 + last_four


def masked_last_four(text: str) -> str | None:
    """The last four of a number as `masked` writes it, or None when `text` is none."""
    match = _MASKED.fullmatch(plain(text).upper())
    return match.group(1) if match else None


def birth_month(number: str) -> str:
    """The month of birth in a checked identity number, `YYYY-MM`."""
    return f"{number[6:10]}-{number[10:12]}"


def is_male(number: str) -> bool:
    """Whether a checked identity number is a man's: its seventeenth digit is odd."""
    return int(number[16]) % 2 == 1


def _is_day(digits: str) -> bool:
    try:
        dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def sealed_cell(cell: str, key: str) -> str:
    """A cell of any column as it may be kept on the disk: an identity number sealed, digits of others like it covered.

    `read_cell` reads it again.
    """
    if len(cell) < 15 or not _LONG_NUMBER.search(number := plain(as_typed(cell))) or masked_last_four(number):
        return cell
    if not _LONG_NUMBER.fullmatch(number):
        return _LONG_NUMBER.sub(lambda match: "*" * len(match.group()), number)
    try:
        return _SEALED_CELL + json.dumps(_sealed_values(normal_number(number), key))
    except DomainError as error:
        return _WRONG_CELL + json.dumps([error.message, dict(error.values)])


def read_cell(cell: str, key: str) -> dict[str, str]:
    """What a cell says of its holder: `identity` sealed with `key`, month of birth and sex; raises DomainError."""
    if cell.startswith(_SEALED_CELL):
        found: dict[str, str] = json.loads(cell.removeprefix(_SEALED_CELL))
        return found
    if cell.startswith(_WRONG_CELL):
        message, values = json.loads(cell.removeprefix(_WRONG_CELL))
        raise DomainError(message, **values)
    return _sealed_values(normal_number(cell), key)


def _sealed_values(number: str, key: str) -> dict[str, str]:
    # What a number says of its holder is offered where the sheet leaves it empty.
    return {
        "identity": sealed(number, key),
        "identity_birth_month": birth_month(number),
        "identity_sex": "male" if is_male(number) else "female",
    }
