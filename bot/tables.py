"""Files with a table in them, CSV or XLSX: whatever a school's office saves, read as rows of named columns.

A file that cannot be read raises `TableError`, which says why; a row that cannot be read comes as a `Problem` in its
place, and the rows after it come as usual. Nothing is guessed from a file's name: its content decides.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO

from bot.columns import Column, Columns, Header, TwoColumns
from bot.table_limits import COLUMN_LIMIT, FILE_LIMIT, LINE_LIMIT, RECORD_LIMIT, ROW_LIMIT, TEXT_LIMIT
from bot.texts import N_
from domain.imports import CELL_LIMIT, Cells, Problem, Trouble

TITLES = 5  # lines that may stand above the headings, such as the name of the class over its list

ZIP, OLE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0"  # how the files of Excel begin, new and old or locked
ENCODINGS = ("utf-8-sig", "gb18030")  # UTF-8 with or without its mark, and what Excel saves in China
DELIMITERS = (",", ";", "\t")

Line = tuple[int, list[str] | Problem]


class TableError(Exception):
    """A file cannot be read: the id of the sentence about it, the columns that it is about, and its values."""

    def __init__(self, msgid: str, columns: Sequence[Column] = (), **values: str | int) -> None:
        super().__init__(msgid, columns, values)
        self.msgid = msgid
        self.columns = columns
        self.values = values


@dataclass(frozen=True, slots=True)
class Table:
    """The recognised headings of a file and its rows, each with the number of its line."""

    header: Header
    rows: Iterator[tuple[int, Cells | Problem]]


def open_table(path: Path, columns: Columns) -> Table:
    """Open a file of a subject; raises `TableError`, also while its rows are read."""
    data = _content(path)
    if data.startswith(ZIP):
        from bot.workbooks import workbook_lines  # noqa: PLC0415 - openpyxl is slow to import

        lines = workbook_lines(data)
    elif data.startswith(OLE):
        raise TableError(N_("import.old_excel"))
    else:
        lines = _csv_lines(data, columns)
    return _with_header(lines, columns)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except FileNotFoundError:
        raise TableError(N_("import.no_file")) from None
    except IsADirectoryError:
        raise TableError(N_("import.is_folder")) from None
    except PermissionError:
        raise TableError(N_("import.not_allowed")) from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise TableError(N_("import.unreadable"), reason=getattr(error, "strerror", None) or str(error)) from None
    if len(data) > FILE_LIMIT:
        raise TableError(N_("import.too_big"), limit=FILE_LIMIT // 1_000_000)
    if not data.strip():
        raise TableError(N_("import.empty"))
    return data


# --- headings and rows --------------------------------------------------------------------------------------------


def _with_header(lines: Iterator[Line], columns: Columns) -> Table:
    said = ((number, cells) for number, cells in lines if isinstance(cells, Problem) or any(map(str.strip, cells)))
    start = list(islice(said, TITLES))
    readable = [(place, cells) for place, (_, cells) in enumerate(start) if not isinstance(cells, Problem)]
    if not readable:
        raise TableError(N_("import.empty") if not start else N_("import.no_headings"))
    place, headings = max(readable, key=lambda line: (columns.known(line[1]), -line[0]))
    try:
        header = columns.read(headings)
    except TwoColumns as error:
        name, first, second = error.args
        raise TableError(N_("import.two_columns"), [columns.by_name[name]], first=first, second=second) from None
    if header.missing:
        raise TableError(N_("import.missing_columns"), header.missing)
    return Table(header, _rows(chain(start[place + 1 :], said), header))


def _rows(lines: Iterable[Line], header: Header) -> Iterator[tuple[int, Cells | Problem]]:
    length = 0
    for count, (number, line) in enumerate(lines, 1):
        if count > ROW_LIMIT:
            raise TableError(N_("import.too_many_rows"), limit=ROW_LIMIT)
        cells = line if isinstance(line, Problem) else _checked(header.cells(line))
        if not isinstance(cells, Problem) and (length := length + sum(map(len, cells.values()))) > TEXT_LIMIT:
            raise TableError(N_("import.too_much_text"), limit=TEXT_LIMIT // 1_000_000)
        yield number, cells


def _checked(cells: Cells) -> Cells | Problem:
    for column, text in cells.items():
        if len(text) > CELL_LIMIT:
            return Problem(Trouble.TOO_LONG, column, limit=CELL_LIMIT, length=len(text))
    return cells


# --- CSV ------------------------------------------------------------------------------------------------------------


def _csv_lines(data: bytes, columns: Columns) -> Iterator[Line]:
    encoding = _encoding(data)

    def text() -> IO[str]:
        return io.TextIOWrapper(io.BytesIO(data), encoding, newline="")

    return _records(text(), _delimiter(text, columns))


def _encoding(data: bytes) -> str:
    if b"\0" in data:
        raise TableError(N_("import.not_a_table"))
    broken: list[int] = []  # lines, one for each encoding that it is not
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            broken.append(data.count(b"\n", 0, error.start) + 1)
            continue
        break
    if broken and (line := _line_in_utf8(data)):
        raise TableError(N_("import.two_encodings"), line=line, other=broken[0])
    if len(broken) == len(ENCODINGS):
        raise TableError(N_("import.unknown_encoding"), line=broken[-1])
    if any(unicodedata.category(char) == "Cc" and char not in "\r\n\t\v\f" for char in text[:RECORD_LIMIT]):
        raise TableError(N_("import.not_a_table"))
    return encoding


def _line_in_utf8(data: bytes) -> int:
    """Return the first line that can only be UTF-8, in a file that as a whole is not; 0 where there is none.

    Bytes of GB18030 can be UTF-8 by chance, but then they give rare characters, not two or more everyday ones.
    """
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            chinese = [char for char in line.decode() if "\u4e00" <= char <= "\u9fff"]
            everyday = all(char.encode("gb2312") < b"\xd8" for char in chinese)  # GB 2312's first level
        except UnicodeError:
            continue
        if len(chinese) > 1 and everyday:
            return number
    return 0


def _delimiter(text: Callable[[], IO[str]], columns: Columns) -> str:
    """Return what separates the columns: by which most headings are known, else most cells are there."""

    def judged(delimiter: str) -> tuple[int, int]:
        with text() as file:
            start = [cells for _, cells in islice(_records(file, delimiter), TITLES) if not isinstance(cells, Problem)]
        return max(((columns.known(cells), len(cells)) for cells in start), default=(0, 0))

    return max(DELIMITERS, key=judged)


class _Lines:
    """The lines of a file, given back where a row that began on one of them turned out not to end."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._ahead: deque[str] = deque()
        self._used: list[str] = []
        self.number = 0

    def row(self) -> Iterator[str]:
        """Give the lines of one row, up to as many as a row can have."""
        self.number += len(self._used)
        self._used = []
        length = 0
        while length <= RECORD_LIMIT and (line := self._ahead.popleft() if self._ahead else self._file.readline()):
            self._used.append(line)
            length += len(line)
            if len(line) > LINE_LIMIT:
                raise csv.Error
            yield line

    def give_back(self) -> None:
        """Let every line of this row but the first be read again."""
        self._ahead.extendleft(reversed(self._used[1:]))
        del self._used[1:]

    @property
    def ended(self) -> bool:
        """Whether the last row found no line."""
        return not self._used


def _records(file: IO[str], delimiter: str) -> Iterator[Line]:
    lines = _Lines(file)
    while True:
        cells: list[str] | Problem
        try:
            cells = next(csv.reader(lines.row(), delimiter=delimiter, strict=True), [])
        except csv.Error:
            lines.give_back()
            cells = Problem(Trouble.BROKEN_QUOTES)
        if lines.ended:
            return
        yield lines.number + 1, cells[:COLUMN_LIMIT] if isinstance(cells, list) else cells
