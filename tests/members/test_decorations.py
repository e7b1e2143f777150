"""Whatever people put around a clean list, the same people are read, or the file is refused by name."""

import csv
import io

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from learnhub.core.errors import DomainError
from learnhub.members.rules.parsing import Parsed, parse
from learnhub.members.service.reading import read
from tests.members.files import csv_bytes

KEY = "a key for tests"
HEAD = ["姓名", "性别", "出生年月", "入党时间", "所在党支部", "联系电话", "备注"]
NAMES = st.text("赵钱孙李周吴郑王冯陈褚卫䶮㛃", min_size=2, max_size=4)
PEOPLE = st.lists(
    st.tuples(
        NAMES,
        st.sampled_from("男女"),
        st.sampled_from(["1960-05", "1971-10", "1955-03"]),
        st.sampled_from(["1985-07-01", "1990-12", "2001"]),
        st.just("石畈村党支部"),
        st.sampled_from(["13800000001", ""]),
        st.sampled_from(["", "先进", '获"先进"称号', "两行\n备注", "合计三次"]),
    ),
    min_size=1,
    max_size=5,
)
TITLES = [["石畈村党支部党员花名册"], ["填报单位：（盖章）", "", "", "填报时间：2026年11月"], [], ["（2026 年度）"]]
ENDINGS = [
    ["合计", "5人"],
    ["小计"],
    ["共5人"],
    [],
    ["填表人：", "龚建国", "", "审核人：", "田桂英"],
    ["注：本表一式两份"],
]


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


CELLS = [
    lambda cell: cell,
    lambda cell: f"  {cell}\u3000",
    lambda cell: f"\u200b{cell}\u00a0",
    lambda cell: f"'{cell}" if cell else "",
    lambda cell: f'="{cell}"' if cell and '"' not in cell else cell,
    lambda cell: wide(cell) if cell.isascii() else cell,
]


def people(found: Parsed) -> list[tuple[str, ...]]:
    keys = ("name", "sex", "birth_month", "joined_on", "organization_name", "phone")
    return [tuple(row.values[key] for key in keys) for sheet in found.sheets for row in sheet.rows]


def workbook(rows: list[list[str]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("党员")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, cell)
    return file.getvalue()


@settings(max_examples=60)
@given(
    rows=PEOPLE,
    titles=st.lists(st.sampled_from(TITLES), max_size=3),
    endings=st.lists(st.sampled_from(ENDINGS), max_size=3),
    between=st.sampled_from([None, [], HEAD, ["小计", "2人"]]),
    blank_columns=st.integers(0, 2),
    decorate=st.sampled_from(range(len(CELLS))),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    separator=st.sampled_from(",\t;"),
)
def test_decorated_lists_read_to_the_same_people(
    rows: list[tuple[str, ...]],
    titles: list[list[str]],
    endings: list[list[str]],
    between: list[str] | None,
    blank_columns: int,
    decorate: int,
    encoding: str,
    separator: str,
) -> None:
    """Titles, totals, blank rows and columns, wide signs, quotes and marks of spreadsheets change nothing."""
    clean = people(parse(read(csv_bytes([HEAD, *rows]), "x"), KEY))
    before = [""] * blank_columns
    body = [[CELLS[decorate](cell) for cell in row] for row in rows]
    if between is not None:
        body.insert(1, list(between))
    sheet = [[*before, *row] if row else [] for row in [*titles, HEAD, *body, *endings]]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows(sheet)
    found = parse(read(file.getvalue().encode(encoding), "x"), KEY)
    assert people(found) == clean and not found.faults
    passed = sum(any(cell for cell in row) for row in (*titles, *endings)) + bool(between)
    assert len(found.skipped) == passed


@settings(max_examples=12)
@given(rows=PEOPLE, titles=st.lists(st.sampled_from(TITLES), max_size=2), decorate=st.sampled_from(range(len(CELLS))))
def test_decorated_workbooks_read_to_the_same_people(
    rows: list[tuple[str, ...]], titles: list[list[str]], decorate: int
) -> None:
    """The same of a workbook, which another process opens."""
    clean = people(parse(read(csv_bytes([HEAD, *rows]), "x"), KEY))
    body = [[CELLS[decorate](cell) for cell in row] for row in rows]
    found = parse(read(workbook([*titles, HEAD, *body, ["合计", "5人"]]), "x"), KEY)
    assert people(found) == clean and not found.faults


@settings(max_examples=150)
@given(rows=PEOPLE, place=st.integers(0, 400), sign=st.sampled_from(['"', "\n", '"\n', ',"', "'", '""']))
def test_a_stray_sign_loses_nobody_silently(rows: list[tuple[str, ...]], place: int, sign: str) -> None:
    """A sign put anywhere into a file: everybody is still there, or somebody is named in a fault or a row passed over."""
    text = csv_bytes([HEAD, *rows]).decode()
    start = len(",".join(HEAD)) + 2
    place = min(start + place, len(text))
    try:
        found = parse(read((text[:place] + sign + text[place:]).encode(), "x"), KEY)
    except DomainError:
        return
    read_rows = sum(len(sheet.rows) for sheet in found.sheets)
    assert read_rows + len(found.skipped) >= len(rows)
