"""Excel workbooks: the first sheet as lines of text, whatever the cells were to Excel."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import openpyxl
from openpyxl import DEFUSEDXML
from openpyxl.workbook import Workbook

from bot.table_limits import COLUMN_LIMIT, LAST_ROW
from bot.tables import Line, TableError
from bot.texts import N_
from bot.unpacking import check_workbook

EXACT = 10**15  # Excel keeps 15 digits of a number
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_ZEROS = re.compile(r"0{2,24}")


def workbook_lines(data: bytes) -> Iterator[Line]:
    """Return the lines of the first sheet; raises `TableError`, also while they are read."""
    if not DEFUSEDXML:
        raise RuntimeError("openpyxl does not use defusedxml: it is not installed, or OPENPYXL_DEFUSEDXML forbids it")
    check_workbook(data)
    return _lines(data)


def _lines(data: bytes) -> Iterator[Line]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles, which nobody asked for
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for number, row in enumerate(islice(_rows_of(book), LAST_ROW), 1):
                yield number, [_text(cell) for cell in row[:COLUMN_LIMIT]]
    except TableError:
        raise
    except Exception:  # noqa: BLE001 - whatever openpyxl stumbles over in a broken workbook: KeyError, ParseError, …
        raise TableError(N_("import.broken_workbook")) from None


def _rows_of(book: Workbook) -> Iterator[Sequence[Any]]:
    if not book.worksheets:
        raise TableError(N_("import.not_a_table"))
    sheet: Any = book.worksheets[0]
    sheet.reset_dimensions()  # many programs write wrong ones
    return iter(sheet.iter_rows())


def _text(cell: Any) -> str:
    """Return a cell as text: numbers without ".0", dates as ISO writes them, Excel's errors as nothing."""
    value = cell.value
    if value is None or (cell.data_type == "e" or value in ERRORS):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number(value: float, number_format: str) -> str:
    if abs(value) >= EXACT or value % 1:
        return repr(value)
    return f"{int(value):0{len(number_format)}d}" if _ZEROS.fullmatch(number_format) else str(int(value))
