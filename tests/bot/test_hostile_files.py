"""Files made to hurt whoever imports them: each is refused with a sentence that says what to do, in little memory."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import table_limits, tables
from bot.columns import Subject, columns_of
from bot.import_report import error_text
from bot.tables import TableError, open_table
from bot.texts import all_texts
from domain.imports import Problem, Trouble
from domain.people import Language
from tests.bot.test_tables import HEADINGS, with_part, workbook

MEMORY = 60_000_000  # bytes, the file itself and the program that unpacks it included
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
FIRST_ROW = workbook(["班级", "学号", "姓名"], ["A", 123, "x"])


def read(folder: Path, data: bytes) -> list[tuple[int, dict | Trouble]]:
    """The rows of a file, problems as their trouble."""
    path = folder / "file"
    path.write_bytes(data)
    table = open_table(path, columns_of(Subject.STUDENTS))
    return [(line, cells.trouble if isinstance(cells, Problem) else dict(cells)) for line, cells in table.rows]


def refusal(folder: Path, data: bytes) -> TableError:
    """What is said about a file that cannot be read, and whether that took little memory."""
    tracemalloc.start()
    try:
        with pytest.raises(TableError) as caught:
            read(folder, data)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
    for language in Language:
        assert "f" in error_text(all_texts()[language], caught.value, "f", Subject.STUDENTS)
    return caught.value


def many(piece: bytes, count: int) -> Iterator[bytes]:
    """A piece again and again, not all of it at once."""
    for _ in range(count // 1000):
        yield piece * 1000


def book(part: str, *pieces: bytes | Iterator[bytes]) -> bytes:
    """A workbook in which one part, of any size, is something else."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(FIRST_ROW)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        with new.open(part, "w") as file:
            for piece in pieces:
                for some in [piece] if isinstance(piece, bytes) else piece:
                    file.write(some)
    return result.getvalue()


def sheet(*pieces: bytes | Iterator[bytes]) -> bytes:
    """A workbook whose sheet has these rows."""
    return book(SHEET, b"<worksheet " + SPACE + b"><sheetData>", *pieces, b"</sheetData></worksheet>")


BLOATED = {
    "a row of five million cells": lambda: sheet(b"<row>", many(b"<c/>", 5_000_000), b"</row>"),
    "two million rows": lambda: sheet(many(b"<row/>", 2_000_000)),
    "a cell of ten million characters": lambda: sheet(
        b'<row><c t="inlineStr"><is><t>', many(b"a", 10_000_000), b"</t></is></c></row>"
    ),
    "an attribute of ten million characters": lambda: sheet(b'<row><c r="', many(b"A", 10_000_000), b'"/></row>'),
    "a million elements inside each other": lambda: sheet(many(b"<a>", 1_000_000)),
    "elements that are no rows": lambda: sheet(many(b"<a/>", 1_000_000)),
    "half a million shared texts": lambda: book(
        STRINGS, b"<sst " + SPACE + b">", many(b"<si><t>ab</t></si>", 520_000), b"</sst>"
    ),
    "a shared text of ten million characters": lambda: book(
        STRINGS, b"<sst " + SPACE + b"><si><t>", many(b"a", 10_000_000), b"</t></si></sst>"
    ),
    "a million styles": lambda: book(STYLES, b"<styleSheet " + SPACE + b"><cellXfs>", many(b"<xf/>", 1_000_000)),
    "a list of sheets of ten million characters": lambda: book(
        "xl/workbook.xml", b"<workbook>", many(b"a", 10_000_000), b"</workbook>"
    ),
}


@pytest.mark.parametrize("what", BLOATED)
def test_a_small_file_that_unpacks_into_much(tmp_path, what):
    """It is refused while it is looked through, before anything is kept."""
    data = BLOATED[what]()
    assert len(data) < 500_000
    assert "import.bloated" == refusal(tmp_path, data).msgid


def test_a_zip_of_very_many_parts(tmp_path):
    """Not even the list of its parts is read."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(table_limits.PARTS):
            archive.writestr(f"xl/media/{number}", "")
    assert "import.bloated" == refusal(tmp_path, file.getvalue()).msgid


def test_a_size_that_is_a_lie(tmp_path):
    """A part that says to be small gives no more than it says, and is broken then."""
    good = sheet(b"<row>", many(b"<c/>", 5_000_000), b"</row>")
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        true = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    assert "import.broken_workbook" == refusal(tmp_path, good.replace(true, (400).to_bytes(4, "little"))).msgid


def test_parts_that_lie_over_each_other(tmp_path):
    """Many entries for the same packed bytes count as often as they are there."""
    part = b"<worksheet>" + b" " * 20_000_000 + b"</worksheet>"
    good = book("xl/worksheets/sheet2.xml", part)
    start, end = good.index(b"PK\x01\x02"), good.rindex(b"PK\x05\x06")
    entry = good[good.rindex(b"PK\x01\x02") : end]
    count, size = int.from_bytes(good[end + 10 : end + 12], "little") + 10, end - start + 10 * len(entry)
    tail = bytearray(good[end:])
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = size.to_bytes(4, "little")
    evil = good[:end] + entry * 10 + bytes(tail)
    assert "import.zip_bomb" == refusal(tmp_path, evil).msgid


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packed_as_no_workbook_is(tmp_path, method):
    """Ways of packing that take much memory, and that Excel does not know, are refused."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(FIRST_ROW)) as old, zipfile.ZipFile(file, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert "import.broken_workbook" == refusal(tmp_path, file.getvalue()).msgid


def test_a_locked_part(tmp_path):
    """A part with a password is refused, not asked for."""
    data = bytearray(FIRST_ROW)
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    assert "import.broken_workbook" == refusal(tmp_path, bytes(data)).msgid


@pytest.mark.parametrize(
    "evil",
    [
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
@pytest.mark.parametrize("part", [SHEET, "[Content_Types].xml", "xl/workbook.xml", STYLES])
def test_xml_that_defines_something(tmp_path, part, evil):
    """Entities and documents from elsewhere are refused in whichever part they are."""
    data = with_part(FIRST_ROW, part, lambda xml: evil + xml.removeprefix(b"<?xml version='1.0' encoding='UTF-8'?>"))
    assert "import.broken_workbook" == refusal(tmp_path, data).msgid


def test_a_workbook_inside_a_workbook_is_left_packed(tmp_path):
    """What is embedded is not looked at, however much is in it."""
    inner = sheet(b"<row>", many(b"<c/>", 5_000_000), b"</row>")
    data = book("xl/embeddings/inner.xlsx", inner)
    assert [(2, {"class": "A", "number": "123", "name": "x"})] == read(tmp_path, data)


def test_dimensions_of_seventeen_billion_cells(tmp_path):
    """What a sheet claims to be is not believed, and a cell in the last column costs no time."""
    data = with_part(FIRST_ROW, SHEET, lambda xml: xml.replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"'))
    data = with_part(data, SHEET, lambda xml: xml.replace(b"</row></sheetData>", b'<c r="XFD2"/></row></sheetData>'))
    assert [(2, {"class": "A", "number": "123", "name": "x"})] == read(tmp_path, data)


def test_one_text_in_very_many_cells(tmp_path, monkeypatch):
    """A text that is stored once and used everywhere counts each time."""
    monkeypatch.setattr(tables, "TEXT_LIMIT", 100_000)
    rows = [["A", number, "x" * 900] for number in range(200)]
    assert "import.too_much_text" == refusal(tmp_path, workbook(["班级", "学号", "姓名"], *rows)).msgid
    csv = HEADINGS + "".join(f"A,{number},{'x' * 900}\n" for number in range(200))
    assert "import.too_much_text" == refusal(tmp_path, csv.encode()).msgid


@pytest.mark.parametrize("filling", [",", "x", '"', '""', "x,", " "])
def test_a_csv_of_one_huge_line(tmp_path, filling):
    """The line is not divided into cells; the next one is read as usual."""
    data = f"{HEADINGS}{filling * (2_000_000 // len(filling))}\nA,2,y\n".encode()
    tracemalloc.start()
    try:
        assert [(2, Trouble.BROKEN_QUOTES), (3, {"class": "A", "number": "2", "name": "y"})] == read(tmp_path, data)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("data", [b"a\0b,c\n1,2,3\n", b"\0" * 1000, HEADINGS.encode() + b"A,1,x\0y\n"])
def test_null_bytes(tmp_path, data):
    """A file with null bytes is no text."""
    assert "import.not_a_table" == refusal(tmp_path, data).msgid


def test_formulas_in_a_csv_are_only_words(tmp_path):
    """A cell that a table program would run is a name like any other."""
    data = HEADINGS + "\"=cmd|'/C calc'!A0\",1,@SUM(1+1)\n"
    assert [(2, {"class": "=cmd|'/C calc'!A0", "number": "1", "name": "@SUM(1+1)"})] == read(tmp_path, data.encode())
