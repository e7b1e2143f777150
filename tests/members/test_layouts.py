"""Rosters as counties have them: what has one meaning is read, what has two is asked, and nothing is lost silently."""

import io

import pytest
import xlsxwriter

from learnhub.core.errors import DomainError
from learnhub.members.rules import days, identity
from learnhub.members.rules.parsing import Parsed, parse, sealed_sheets
from learnhub.members.service.reading import read
from tests.members.files import csv_bytes, xlsx

KEY = "a key for tests"
NUMBER = f"43042319910923123{identity.check_character('43042319910923123')}"
HEAD = ["序号", "姓名", "性别", "出生年月", "公民身份号码", "入党时间", "所在党支部", "备注"]


def parsed(data: bytes) -> Parsed:
    return parse(read(data, "roster"), KEY)


def names(found: Parsed) -> list[str]:
    return [row.values.get("name", "?") for sheet in found.sheets for row in sheet.rows]


def one_cell(column: str, cell: str) -> Parsed:
    """A list of one person with one cell in question, as CSV."""
    return parsed(csv_bytes([["姓名", "性别", column], ["王庚", "男", cell]]))


@pytest.mark.parametrize("remark", ['"先进', '先进"', '"先"进"'])
@pytest.mark.parametrize("last", ["", "\r\n", "\r\n\r\n"])
def test_no_quote_swallows_people(remark: str, last: str) -> None:
    """A quote that is not closed is named by its row; one inside of its line takes nothing along."""
    lines = [
        "姓名,性别,备注",
        f"甲,男,{remark}",
        *(f"{name},女," for name in "乙丙丁"),
    ]
    data = ("\r\n".join(lines) + last).encode("gb18030")
    if remark == '"先进':
        with pytest.raises(DomainError, match="引号没有配上") as refusal:
            parsed(data)
        assert refusal.value.values["row"] == 2
    else:
        assert names(parsed(data)) == list("甲乙丙丁")


def test_quotes_that_pair_over_several_people_are_refused() -> None:
    """Two stray quotes in one column close each other and take the rows between along; a cell of two lines does not."""
    lines = ["姓名,性别,出生年月,备注", '甲,男,1960-05,"先进', "乙,女,1960-05,", '丙,女,1960-05,"另', "丁,女,1960-05,"]
    with pytest.raises(DomainError, match="隔了几行") as refusal:
        parsed("\n".join(lines).encode())
    assert refusal.value.values["row"] == 2
    lines = ["姓名,性别,出生年月,备注", '甲,男,1960-05,"先进,两次\n另一行"', "乙,女,1960-05,"]
    assert names(parsed("\n".join(lines).encode())) == ["甲", "乙"]


def test_quote_before_a_very_long_file() -> None:
    """The reader's own limit of a cell is reached first; the row is named all the same."""
    lines = ["姓名,性别,备注", '甲,男,"先进', *("乙,女,某某支部的一名党员" for _ in range(20_000))]
    with pytest.raises(DomainError, match="引号没有配上"):
        parsed("\n".join(lines).encode())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<html><table><tr><td>姓名</td></tr></table></html>", "网页"),
        ("\ufeff  <!DOCTYPE html>\n<table><tr><td>姓名</td></tr></table>", "网页"),
        ('<meta charset="gbk"><table border=1>', "网页"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related", "网页"),
        ('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:x">', "旧格式"),
        ("<svg></svg>", "不是 Excel"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_other_files_named_xls(data: str, words: str, encoding: str) -> None:
    """A web page with the name of a table is said to be one."""
    body = data.encode(encoding, "ignore")
    with pytest.raises(DomainError, match=words):
        read(body, "roster.xls")


def test_rows_that_are_no_people_are_named() -> None:
    """Titles, totals, signatures, notes and a header printed again are passed over, each by its row; people never are."""
    rows = [
        ["石畈村党支部党员花名册"],
        ["填报单位：（盖章）", "", "", "", "填报时间：2026年11月"],
        HEAD,
        ["1", "龚建国", "男", "1955.03", "", "1985.07.01", "石畈村党支部"],
        ["小计", "1人"],
        HEAD,
        ["2", "共青", "女", "1960-05", "", "1985-07-01", "石畈村党支部", "合计奖三次"],
        ["3"],
        [],
        ["合　计", "2 人", "男1", "", "", ""],
        ["", "", "", "", "", "", "", "（以下空白）"],
        ["填表人：", "龚建国", "", "审核人：", "田桂英"],
        ["注：本表一式两份"],
    ]
    for data in (xlsx({"党员": rows}), csv_bytes(rows, "gb18030"), csv_bytes(rows, "utf-16", "\t")):
        found = parsed(data)
        assert names(found) == ["龚建国", "共青"]
        assert [row.number for row in found.skipped] == [1, 2, 5, 6, 10, 11, 12, 13]
        assert not found.faults


def test_a_header_in_two_rows_and_merged_cells() -> None:
    """Group headings above, merged or not; a branch merged over its people; a title above both."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("党员")
        sheet.merge_range(0, 0, 0, 5, "党员花名册")
        for place, header in enumerate(("姓名", "性别", "出生年月")):
            sheet.merge_range(1, place, 2, place, header)
        sheet.merge_range(1, 3, 1, 4, "党内情况")
        sheet.write_row(2, 3, ["入党时间", "转正时间"])
        sheet.merge_range(1, 5, 2, 5, "所在党支部")
        for number, name in enumerate("甲乙丙", 3):
            sheet.write_row(number, 0, [name, "男", "1960-05", "1985-07-01", "1986-07-01"])
        sheet.merge_range(3, 5, 5, 5, "石畈村党支部")
    found = parsed(file.getvalue())
    assert names(found) == ["甲", "乙", "丙"] and not found.faults
    assert {row.values["organization_name"] for row in found.sheets[0].rows} == {"石畈村党支部"}
    assert {row.values["full_on"] for row in found.sheets[0].rows} == {"1986-07-01"}
    rows = [
        ["姓名", "性别", "入党", "", "党组织", ""],
        ["", "", "日期", "备注", "编码", "名称"],
        ["甲", "男", "1985-07-01", "x", "A1", "石畈村党支部"],
    ]
    (row,) = parsed(csv_bytes(rows)).sheets[0].rows
    assert row.values == {"name": "甲", "sex": "male", "joined_on": "1985-07-01", "organization": "A1"}


def test_one_sheet_a_branch_and_hidden_ones() -> None:
    """Sheets of one kind are one list, each row with the name of its sheet; a hidden one is not read, and named."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name in ("一支部", "二支部", "去年", "说明", "空表"):
            sheet = book.add_worksheet(name)
            if name in {"一支部", "二支部", "去年"}:
                sheet.write_row(0, 0, ["姓名", "性别"])
                sheet.write_row(1, 0, [name[0], "男"])
            if name == "说明":
                sheet.write(0, 0, "怎样填")
            if name == "去年":
                sheet.hide()
    found = parsed(file.getvalue())
    assert [(row.tab, row.number, row.headings[0]) for row in found.sheets[0].rows] == [
        ("一支部", 2, "一支部"),
        ("二支部", 2, "二支部"),
    ]
    assert (found.hidden, found.passed_over) == (("去年",), ("说明",))


def test_forty_sheets_are_all_read_and_too_many_are_refused() -> None:
    """No sheet beyond the twentieth is forgotten."""
    sheets = {f"支部{number}": [["姓名", "性别"], ["王庚", "男"]] for number in range(40)}
    assert len(names(parsed(xlsx(sheets)))) == 40
    with pytest.raises(DomainError, match="工作表太多"):
        read(xlsx({f"{number}": [["x"]] for number in range(201)}), "x")


@pytest.mark.parametrize(
    "cell",
    [
        NUMBER,
        f'="{NUMBER}"',
        f"'{NUMBER}",
        f"’{NUMBER}",
        f"\t{NUMBER}\u00a0",
        f"\u200b{NUMBER}",
        "".join(chr(ord(sign) + 0xFEE0) for sign in NUMBER),
        f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
    ],
)
def test_ways_of_writing_an_identity_number(cell: str) -> None:
    """What spreadsheets put around a number, and wide digits, are taken off; sealed before anything is kept."""
    found = one_cell("身份证号", cell)
    assert not found.faults
    assert found.sheets[0].rows[0].values["identity"] == identity.sealed(NUMBER, KEY)
    raw = sealed_sheets(read(csv_bytes([["姓名", "什么", "性别"], ["王庚", cell, "男"]]), "x"), KEY)
    assert NUMBER not in identity.plain(repr(raw))
    again = parse(raw, KEY, {"什么": "identity"})
    assert again.sheets[0].rows[0].values["identity"] == identity.sealed(NUMBER, KEY)


def test_wrong_numbers_are_not_kept_either() -> None:
    """A number with a wrong digit, an old one, and one inside of other words: the reason stays, the digits do not."""
    wrong = NUMBER[:9] + str((int(NUMBER[9]) + 1) % 10) + NUMBER[10:]
    for cell in (wrong, "430423910923123", f"身份证：{NUMBER}", f"{NUMBER}/{wrong}"):
        raw = sealed_sheets(read(csv_bytes([["姓名", "什么", "性别"], ["王庚", cell, "男"]]), "x"), KEY)
        assert not any(number in repr(raw) for number in (NUMBER, wrong, "430423910923123"))
    raw = sealed_sheets(read(csv_bytes([["姓名", "什么", "性别"], ["王庚", wrong, "男"]]), "x"), KEY)
    assert "校验位" in parse(raw, KEY, {"什么": "identity"}).faults[0].message


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1985-07-01", "1985-07-01"),
        ("31229", "1985-07-01"),
        ("31229.5", "1985-07-01"),
        ("１９８５年７月１日", "1985-07-01"),
        ("一九八五年七月一日", "1985-07-01"),
        ("一九八五年十二月二十一日", "1985-12-21"),
        ("1985/7/1 00:00:00", "1985-07-01"),
        ("1985-07", "1985-07"),
        ("1985年7月", "1985-07"),
        ("1985.07", "1985-07"),
        ("198507", "1985-07"),
        ("1985", "1985"),
        ("1985年", "1985"),
        ("无", ""),
    ],
)
def test_what_is_known_of_the_day_of_joining(cell: str, value: str) -> None:
    """A day, a month or a year: as much as is written, and no more."""
    found = one_cell("入党时间", cell)
    assert not found.faults and found.sheets[0].rows[0].values["joined_on"] == value


@pytest.mark.parametrize("cell", ["85.7", "1985.1", "1/7/1985", "850701", "1985-13", "1985-02-30", "3122", "0085"])
def test_days_with_two_meanings_are_refused(cell: str) -> None:
    """Neither the century nor the month is guessed."""
    assert [fault.column for fault in one_cell("入党时间", cell).faults] == ["入党时间"]


def test_days_compare_by_what_is_known() -> None:
    """A month agrees with each of its days."""
    assert (
        days.agree("1985-07", "1985-07-15") and days.agree("1985", "1985-07") and not days.agree("1985-06", "1985-07")
    )
    assert (days.first_day("1985"), days.first_day("1985-07"), days.first_day("1985-07-02")) == (
        "1985-01-01",
        "1985-07-01",
        "1985-07-02",
    )


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("１３８００００００００", "13800000000"),
        ("138-0000-0005/138-0000-0006", "13800000005、13800000006"),
        ("13800000007、13800000008", "13800000007、13800000008"),
        ("13800000007 13800000008", "13800000007、13800000008"),
        ("(0744)8123456", "07448123456"),
        ("无", ""),
        ("——", ""),
        ("不详", None),
        ("138手机", None),
    ],
)
def test_telephone_numbers(cell: str, value: str | None) -> None:
    """Wide digits, several numbers in one cell, and none."""
    found = one_cell("联系电话", cell)
    assert found.sheets[0].rows[0].values.get("phone") == value
    assert bool(found.faults) is (value is None)


@pytest.mark.parametrize("cell", ["阿依古丽.买买提", "阿依古丽•买买提", "阿依古丽・买买提", "阿依古丽 . 买买提"])
def test_separators_of_names(cell: str) -> None:
    """All of them are the one that names are kept with."""
    assert names(parsed(csv_bytes([["姓名", "性别"], [cell, "女"]]))) == ["阿依古丽·买买提"]


@pytest.mark.parametrize(("cell", "hint"), [("张三（小）", "只写姓名"), ("张三(大)", "只写姓名"), ("王小明2", "数字")])
def test_marks_in_names_are_refused_with_a_hint(cell: str, hint: str) -> None:
    """What tells two people of one name apart is not part of the name, and the refusal says what does."""
    (fault,) = parsed(csv_bytes([["姓名", "性别"], [cell, "男"]])).faults
    assert hint in fault.message


def test_formulas_without_results_are_remarked() -> None:
    """They are read as empty cells, which is said once for the file."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("党员")
        sheet.write_row(0, 0, ["姓名", "性别", "备注"])
        sheet.write_row(1, 0, ["王庚"])
        sheet.write_formula(1, 1, '=IF(1=1,"男","女")', None, "")
        sheet.write_formula(1, 2, "=1+1", None, 2)
    (remark,) = parsed(file.getvalue()).remarks
    assert (remark.row, remark.values) == (0, {"count": 1})


def test_columns_by_hand() -> None:
    """A header that is not understood is what somebody says it is, also where without it nothing could be read."""
    rows = [["党员", "性别", "出生年月", "入党时间", "哪天入"], ["王庚", "男", "1960-05", "1985", "1985-07-01"]]
    raw = read(csv_bytes(rows), "x")
    assert [fault.column for fault in parse(raw, KEY).faults] == ["姓名"]
    found = parse(raw, KEY, {"党员": "name", "入党时间": "", "哪天入": "joined_on"})
    assert not found.faults and found.sheets[0].rows[0].values["joined_on"] == "1985-07-01"
    assert set(found.sheets[0].by_hand) == {"党员", "入党时间", "哪天入"} and not found.sheets[0].unknown_columns
