"""Reading tables: every way in which an office saves one, and every file that is none."""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from datetime import date, datetime
from importlib import resources
from pathlib import Path

import openpyxl
import pytest

from bot import tables, workbooks
from bot.columns import Subject, columns_of, heading_key
from bot.import_report import error_text
from bot.tables import TableError, open_table
from bot.texts import all_texts
from domain.imports import Problem, Trouble
from domain.people import Language

MIDNIGHT = datetime(2027, 2, 7)  # noqa: DTZ001 - Excel knows no zones
HEADINGS = "班级,学号,姓名\n"
ANN = {"class": "护理2301", "number": "20230115", "name": "张小明"}


@pytest.fixture
def read(tmp_path: Path):
    """Write a file and read it: its rows as lists, problems as their trouble."""

    def work(content: bytes | str, subject: Subject = Subject.STUDENTS, name: str = "file.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        table = open_table(path, columns_of(subject))
        return [(line, cells.trouble if isinstance(cells, Problem) else cells) for line, cells in table.rows]

    return work


@pytest.fixture
def refused(read):
    """Write a file that cannot be read: the id of the sentence that says why, and its values."""

    def work(content: bytes | str, subject: Subject = Subject.STUDENTS) -> tuple[str, dict]:
        with pytest.raises(TableError) as caught:
            read(content, subject)
        return caught.value.msgid, caught.value.values

    return work


def workbook(*rows, **formats: str) -> bytes:
    """An XLSX file with these rows; `A2="0000"` is a number format."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, number_format in formats.items():
        book.active[place].number_format = number_format
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(data: bytes, name: str, change) -> bytes:
    """A workbook in which one part is changed."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return result.getvalue()


# --- CSV ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_in_every_dress(read, encoding, delimiter, end):
    """Encoding, delimiter and line ends are recognised."""
    text = f"{HEADINGS}护理2301,20230115,张小明\n".replace(",", delimiter).replace("\n", end)
    assert [(2, ANN)] == read(text.encode(encoding))


def test_quoted_cells_and_empty_lines(read):
    """A cell may hold the delimiter, quotation marks and line ends; a row is named by its first line in the file."""
    rows = read(HEADINGS + '\n"护理,2301",1,"张 ""明"""\n , ,\n"a\nb",2,李\n护理,3,王\n')
    assert [3, 5, 7] == [line for line, _ in rows]
    assert ("护理,2301", '张 "明"', "a\nb") == (rows[0][1]["class"], rows[0][1]["name"], rows[1][1]["class"])


def test_short_and_long_rows(read):
    """What a row lacks is empty, what it has too much is not looked at."""
    assert [(2, {"class": "A", "number": "", "name": ""}), (3, {"class": "A", "number": "1", "name": "x"})] == read(
        HEADINGS + "A\nA,1,x,y,z\n"
    )


def test_a_quotation_mark_that_is_not_closed_costs_one_row(read):
    """The rows behind a stray quotation mark are read as usual."""
    many = "".join(f"护理2301,{number},张小明\n" for number in range(100, 2100))
    rows = read(HEADINGS + '护理2301,"1,李\n' + many)
    assert [(2, Trouble.BROKEN_QUOTES)] == rows[:1]
    assert (2001, 2002) == (len(rows), rows[-1][0])
    assert [Trouble.BROKEN_QUOTES, ANN] == [
        cells for _, cells in read(HEADINGS + 'a"b,"c"d,e\n护理2301,20230115,张小明')
    ]


def test_a_file_of_nothing_but_stray_quotation_marks(read):
    """Each such row is reported by itself, in reasonable time."""
    rows = read(HEADINGS + '"a,b\n' * 3001)
    assert {Trouble.BROKEN_QUOTES} == {cells for _, cells in rows}
    assert list(range(2, 3003)) == [line for line, _ in rows]


def test_a_cell_that_is_too_long_costs_one_row(read):
    """A cell of over 4,000 characters is no cell."""
    rows = read(f"{HEADINGS}A,1,{'x' * 4001}\nA,2,{'x' * 4000}\nA,3,{'x' * 200_000}\nA,4,x\n")
    assert [Trouble.TOO_LONG, "2", Trouble.BROKEN_QUOTES, "4"] == [
        cells if isinstance(cells, Trouble) else cells["number"] for _, cells in rows
    ]


# --- headings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    ["学号", " 学 号 ", "学号：", "*学号*", "学号（必填）", "学号 (8位)：", "【学号】", "\u200b学号", "学生学号",
     "Number", "student_number", "ＳＴＵＤＥＮＴ　ＮＵＭＢＥＲ", "Student-No.", "No."],
)  # fmt: skip
def test_a_heading_is_known_in_many_writings(read, heading):
    """Case, width, spaces, underscores, signs around it and a remark behind it do not matter."""
    assert [(2, ANN)] == read(f"班级,{heading},姓名\n护理2301,20230115,张小明\n")


@pytest.mark.parametrize(
    ("heading", "column"),
    [("企业名称", "enterprise"), ("企业", "enterprise"), ("单位", "enterprise"), ("公司", "enterprise"),
     ("岗位名称", "title"), ("岗位", "title"), ("职位", "title"), ("城市", "city"), ("工作地点", "city"),
     ("薪资", "pay"), ("待遇", "pay"), ("工资", "pay"), ("补贴", "pay"), ("薪资（元/月）", "pay"),
     ("投递链接", "apply_url"),
     ("网申链接", "apply_url"), ("链接", "apply_url"), ("Apply URL", "apply_url"), ("工作内容", "tasks"),
     ("岗位职责", "tasks"), ("人数", "places"), ("名额", "places"), ("开始日期", "start"), ("结束日期", "end")],
)  # fmt: skip
def test_the_headings_of_posts(heading, column):
    """Common Chinese headings mean their columns."""
    assert column == columns_of(Subject.POSTS).by_heading[heading_key(heading)]


def test_every_heading_means_one_column():
    """No alias of a subject is listed under two columns."""
    listed = tomllib.loads(resources.files("bot").joinpath("columns.toml").read_text(encoding="utf-8"))
    for subject, columns in listed.items():
        said = [
            (heading_key(heading), name) for name, entry in columns.items() for heading in entry["en"] + entry["zh"]
        ]
        assert len({heading for heading, _ in set(said)}) == len(set(said)), subject


def test_unknown_columns_are_named(tmp_path):
    """Columns that nobody knows are ignored and told."""
    path = tmp_path / "file.csv"
    path.write_text("序号,班级,学号,姓名,备注,,身份证号\n1,护理2301,20230115,张小明,无,,x\n", encoding="utf-8")
    table = open_table(path, columns_of(Subject.STUDENTS))
    assert ("序号", "备注", "身份证号") == table.header.ignored
    assert [(2, ANN)] == list(table.rows)


def test_a_title_above_the_headings(read):
    """Lines above the headings, such as a title, are passed over."""
    assert [(4, ANN)] == read(f"2023级护理专业学生名单,,\n\n{HEADINGS}护理2301,20230115,张小明\n")


def test_a_missing_column_is_named(refused, tmp_path):
    """Every required column that is not there is named, in the reader's language."""
    assert "import.missing_columns" == refused("学号,电话\n20230115,1\n")[0]
    with pytest.raises(TableError) as caught:
        open_table(tmp_path / "file.csv", columns_of(Subject.STUDENTS))
    english, chinese = (error_text(all_texts()[one], caught.value, "f", Subject.STUDENTS) for one in Language)
    assert "f needs these columns as well: “class”, “name”." == english
    assert "f 还缺这些列：“班级”、“姓名”。" == chinese


def test_two_columns_of_one_meaning(refused):
    """Two headings for the same column are an error that names both."""
    assert ("import.two_columns", {"first": "企业", "second": "公司名称"}) == refused(
        "企业,岗位,公司名称\n", Subject.POSTS
    )
    assert "import.two_columns" == refused("学号,学号,姓名,班级\n")[0]


# --- XLSX -----------------------------------------------------------------------------------------------------------


def test_cells_of_a_workbook_become_text(read):
    """Whole numbers have no ".0", dates are ISO, a number format of zeros counts, Excel's errors are nothing."""
    rows = read(
        workbook(
            ["学号", "企业", "导师", "开始日期", "结束日期"],
            [20230115.0, "市医院", None, date(2026, 11, 16), MIDNIGHT],
            [115, "#N/A", 3.5, MIDNIGHT.replace(hour=8, minute=30), True],
            [20230115202301150000, "a", "b", "2026年11月16日", "c"],
            A3="00000000",
        ),
        Subject.PLACEMENTS,
    )
    assert {
        "number": "20230115",
        "enterprise": "市医院",
        "mentor": "",
        "start": "2026-11-16",
        "end": "2027-02-07",
    } == rows[0][1]
    assert {
        "number": "00000115",
        "enterprise": "",
        "mentor": "3.5",
        "start": "2027-02-07 08:30:00",
        "end": "true",
    } == rows[1][1]
    assert "2026年11月16日" == rows[2][1]["start"]
    assert "2.023" in rows[2][1]["number"] or "20230115202301150000" == rows[2][1]["number"]


def test_a_number_longer_than_excel_keeps_is_not_believed(read):
    """Of a number with more than fifteen digits Excel has lost some, which its writing shows."""
    book = workbook(["班级", "学号", "姓名"], ["A", 2.0230115123456789e18, "x"])
    assert "2.023011512345679e+18" == read(book)[0][1]["number"]


def test_formulas_give_what_excel_last_saw(read):
    """A formula comes as its stored value, or as nothing where none is stored."""
    book = workbook(["班级", "学号", "姓名"], ["A", "=100+23", "=1/0"])
    book = with_part(
        book, "xl/worksheets/sheet1.xml", lambda xml: re.sub(b"(<f>100\\+23</f>)<v ?/>", b"\\1<v>123</v>", xml)
    )
    assert [(2, {"class": "A", "number": "123", "name": ""})] == read(book)


def test_merged_cells_and_gaps(read):
    """A merged cell is empty but for its first; empty rows keep the numbers of the others right."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2023级名单"])
    sheet.merge_cells("A1:C1")
    for place, value in {"A4": "班级", "B4": "学号", "C4": "姓名", "A7": "A", "B7": 123, "C7": "x", "B8": 124}.items():
        sheet[place] = value
    sheet.merge_cells("A7:A8")
    file = io.BytesIO()
    book.save(file)
    assert [
        (7, {"class": "A", "number": "123", "name": "x"}),
        (8, {"class": "", "number": "124", "name": ""}),
    ] == read(file.getvalue())


def test_only_the_first_sheet_is_read(read):
    """Other sheets are left alone."""
    book = openpyxl.Workbook()
    book.active.append(["班级", "学号", "姓名"])
    book.create_sheet("2").append(["A", 1, "x"])
    file = io.BytesIO()
    book.save(file)
    assert [] == read(file.getvalue())


def test_a_wrong_dimension_is_not_believed(read):
    """Some programs write that a sheet is one cell large."""
    book = workbook(["班级", "学号", "姓名"], ["A", 123, "x"])
    book = with_part(book, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1:C2"', b'ref="A1"'))
    assert [(2, {"class": "A", "number": "123", "name": "x"})] == read(book)


def test_a_row_at_the_end_of_the_world(read):
    """A row number beyond Excel's last ends the sheet instead of the machine's memory."""
    book = workbook(["班级", "学号", "姓名"], ["A", 123, "x"], ["A", 124, "y"])
    book = with_part(
        book,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<row r="3"', b'<row r="99999999999"').replace(b'r="A3"', b"").replace(b'r="B3"', b""),
    )
    assert [(2, {"class": "A", "number": "123", "name": "x"})] == read(book)


def test_content_decides_not_the_name(read):
    """A workbook named .csv is read as a workbook, and text named .xlsx as text."""
    assert [(2, {"class": "A", "number": "123", "name": "x"})] == read(
        workbook(["班级", "学号", "姓名"], ["A", 123, "x"])
    )
    assert [(2, ANN)] == read(f"{HEADINGS}护理2301,20230115,张小明", name="file.xlsx")


# --- files that are no tables ---------------------------------------------------------------------------------------

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb0043000302020302020303030304030304050805050404050a07")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "import.empty"),
        (b" \r\n\n ", "import.empty"),
        (b"\xef\xbb\xbf", "import.empty"),
        (",,\n ,,\n", "import.empty"),
        (JPEG, "import.not_a_table"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "import.not_a_table"),
        (b"%PDF-1.7\n\x01\x02\x03\n", "import.not_a_table"),
        ("班级,学号,姓名\n".encode("utf-16"), "import.not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "import.old_excel"),
        (b"PK\x03\x04 and nothing more", "import.broken_workbook"),
        ("Rosé,x\n".encode("latin-1"), "import.unknown_encoding"),
        ('"班级\n' * 3, "import.no_headings"),
        ("hello world\n", "import.missing_columns"),
    ],
)
def test_files_that_are_no_tables(refused, content, why):
    """Each is refused with its own sentence."""
    assert why == refused(content)[0]


def test_a_zip_that_is_no_workbook(refused):
    """A zip of something else, or a document of another program, is no table."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "import.not_a_table" == refused(file.getvalue())[0]
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    assert "import.broken_workbook" == refused(file.getvalue())[0]


def test_a_damaged_workbook(refused):
    """A workbook whose sheet is cut off or garbled is refused."""
    good = workbook(["班级", "学号", "姓名"], ["A", 123, "x"])
    assert "import.broken_workbook" == refused(with_part(good, "xl/worksheets/sheet1.xml", lambda xml: xml[:-40]))[0]
    assert "import.broken_workbook" == refused(good[: len(good) // 2])[0]


def test_a_billion_laughs(refused):
    """XML entities are refused, not expanded."""
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    book = workbook(["班级", "学号", "姓名"])
    evil = with_part(
        book, "xl/worksheets/sheet1.xml", lambda xml: laughs + xml.replace(b"<sheetData>", b"<x>&b;</x><sheetData>")
    )
    assert "import.broken_workbook" == refused(evil)[0]


def test_a_zip_bomb(refused):
    """A workbook that unpacks to over 200 MB is refused before it is unpacked."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(201):
                part.write(b" " * 1_000_000)
    assert ("import.zip_bomb", {"limit": 200}) == refused(file.getvalue())


def test_two_encodings_in_one_file(refused):
    """A file put together from two is refused with the line that differs."""
    lines = [
        f"{HEADINGS}".encode("gb18030"),
        "护理,1,张\n".encode("gb18030"),
        "护理,2,李明\n".encode(),
        "护理,3,王\n".encode("gb18030"),
    ]
    assert ("import.two_encodings", {"line": 3, "other": 1}) == refused(b"".join(lines))


def test_a_name_that_looks_like_utf8_by_chance(read):
    """Chinese in GB18030 whose bytes happen to be UTF-8 is read as what it is."""
    assert [(2, {"class": "移动", "number": "1", "name": "联通"})] == read(f"{HEADINGS}移动,1,联通\n".encode("gb18030"))


def test_limits_of_size_and_rows(refused, read, monkeypatch):
    """A file is refused from one byte over 20 MB and from one row over 50,000."""
    assert ("import.too_big", {"limit": 20}) == refused(b"x" * 20_000_001)
    assert 50_000 == tables.ROW_LIMIT
    monkeypatch.setattr(tables, "ROW_LIMIT", 10)
    assert 10 == len(read(HEADINGS + "A,1,x\n\n" * 10))
    assert ("import.too_many_rows", {"limit": 10}) == refused(HEADINGS + "A,1,x\n" * 11)


def test_folders_and_files_that_are_not_there(tmp_path):
    """Each gets its own sentence."""
    for path, why in ((tmp_path, "is_folder"), (tmp_path / "x", "no_file"), (Path("a\0b"), "unreadable")):
        with pytest.raises(TableError) as caught:
            open_table(path, columns_of(Subject.POSTS))
        assert f"import.{why}" == caught.value.msgid


def test_openpyxl_is_protected():
    """The XML of workbooks goes through defusedxml."""
    assert workbooks.DEFUSEDXML
