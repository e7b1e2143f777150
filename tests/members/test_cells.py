"""Reading cells: what is accepted, and the reason in plain words where not."""

import pytest

from learnhub.core.errors import DomainError
from learnhub.members.rules import cells, days, identity
from learnhub.members.rules.columns import SheetKind, layout, word_for
from learnhub.members.rules.parsing import RawSheet, parse
from learnhub.members.rules.plan import shown

# Numbers made for tests: a place, a day of birth, a sequence and the right last character.
NUMBERS = [f"{first}{identity.check_character(first)}" for first in ("43042319910923123", "11010519491231002")]
KEY = "a key for tests"


@pytest.mark.parametrize(
    "cell",
    ["1995-07-01", "1995/7/1", "1995.7.1", "19950701", "1995年7月1日", "1995 年 7 月 1 日", "1995-07-01T00:00:00"],
)
def test_days(cell: str) -> None:
    """The usual ways of writing a day."""
    assert days.day(cell) == "1995-07-01"


@pytest.mark.parametrize(("cell", "words"), [("1995-07", "写到日"), ("1995-02-30", "这一天"), ("很久", "写到日")])
def test_wrong_days(cell: str, words: str) -> None:
    """A day that does not exist, or is only a month, is refused with an example."""
    with pytest.raises(DomainError, match=words):
        days.day(cell)


@pytest.mark.parametrize(
    "cell", ["1960-05", "1960.05", "1960/5", "196005", "1960年5月", "1960-05-12", "１９６０．０５"]
)
def test_months(cell: str) -> None:
    """The usual ways of writing a month, a whole day and wide digits among them."""
    assert days.month(cell) == "1960-05"


def test_month_that_a_spreadsheet_rounded() -> None:
    """1960.1 may have been 1960.10: asked about, never guessed."""
    with pytest.raises(DomainError, match="分不清"):
        days.month("1960.1")


def test_names_keep_rare_characters() -> None:
    """Separators become one; rare characters and those made by hand stay; digits and signs are refused."""
    assert cells.name("曹䶮") == "曹䶮"
    assert cells.name(" 㛃 𬭊 ") == "㛃𬭊"
    assert cells.name("阿依古丽•买买提") == "阿依古丽·买买提"
    assert cells.name("某\ue000") == "某\ue000"
    for wrong in ("王5", "=王", "", "王@"):
        with pytest.raises(DomainError):
            cells.name(wrong)


def test_posts_and_circumstances() -> None:
    """Several posts in one cell; a circumstance with or without its reason."""
    assert cells.posts("书记、组织委员") == cells.posts("组织委员，支部书记") == "organization,secretary"
    assert cells.posts("无") == cells.posts("") == ""
    assert [cells.circumstance(cell) for cell in ("是", "否", "", "年老体弱")] == ["yes", "", "", "年老体弱"]
    with pytest.raises(DomainError, match="不认识"):
        cells.posts("主任")


@pytest.mark.parametrize("number", NUMBERS)
def test_identity_numbers(number: str) -> None:
    """A right number is taken in any case and kept only sealed; one wrong digit is found."""
    assert identity.normal_number(number.lower()) == number
    sealed = identity.sealed(number, KEY)
    assert number not in sealed and sealed.endswith(f":{number[-4:]}")
    assert identity.sealed(number, "another key") != sealed
    wrong = number[:9] + str((int(number[9]) + 1) % 10) + number[10:]
    with pytest.raises(DomainError):
        identity.normal_number(wrong)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("4.30423E+17", "当成数字"),
        ("430423199109231000", "当成数字"),
        ("430423910923123", "15 位"),
        ("43042319910923123", "17 位"),
        ("4304231991092312AX", "前 17 位"),
        ("430423199113231234", "对不上"),
    ],
)
def test_wrong_identity_numbers_say_why_and_not_which(number: str, words: str) -> None:
    """The reason is said; the number is not repeated."""
    with pytest.raises(DomainError) as refusal:
        identity.normal_number(number)
    said = refusal.value.message % refusal.value.values
    assert words in said and number not in said


def test_headers_are_found_below_a_title() -> None:
    """A title above the headers, brackets and stars in them, and other people's words for them are no trouble."""
    rows = [(1, ["桥头村党员花名册"]), (3, ["序号", "姓 名", "*性别", "出生日期（年/月）", "所在支部", "备注"])]
    found = layout(rows)
    assert found and found.kind is SheetKind.MEMBERS and found.header_row == 3
    assert list(found.headers) == ["name", "sex", "birth_month", "organization_name"]
    assert found.unknown == ("序号", "备注")
    assert layout([(1, ["a", "b"])]) is None


def test_every_fault_has_its_place_and_the_rest_is_read() -> None:
    """Two wrong cells are two faults; identity numbers leave the parser only sealed."""
    rows = [
        (1, ["姓名", "性别", "身份证号码"]),
        (2, ["王庚", "男", NUMBERS[0]]),
        (4, ["冯5", "乙", "4.30423E+17"]),
    ]
    parsed = parse([RawSheet("党员", rows)], KEY)
    assert [(fault.row, fault.column) for fault in parsed.faults] == [(4, "姓名"), (4, "性别"), (4, "身份证号码")]
    assert NUMBERS[0] not in repr(parsed)
    assert parsed.sheets[0].rows[0].values["identity_birth_month"] == "1991-09"


def test_a_file_without_a_header_is_refused() -> None:
    """The reason says which columns a list must have."""
    with pytest.raises(DomainError, match="表头"):
        parse([RawSheet("一", [(1, ["甲", "乙"])])], KEY)


def test_reasons_are_not_shown() -> None:
    """Neither a preview nor a file carries the reason of a circumstance (docs/promises.md, S15)."""
    assert shown("exempt", "重病") == word_for("holds", "yes")
    assert shown("identity", f"{'a' * 64}:123X") == "*" * 14 + "123X"
