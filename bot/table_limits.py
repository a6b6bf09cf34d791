"""What an imported file may hold at most, each with its reason, checked before and while it is read.

They are far above what a school's office saves, and low enough that no file takes over 300 MB of memory or two minutes.
How long one cell may be is a rule of the data: `domain.imports.CELL_LIMIT`.
"""

from __future__ import annotations

from dataclasses import dataclass

FILE_LIMIT = 20_000_000  # bytes; what a bot may fetch from Telegram as well
ROW_LIMIT = 50_000  # rows with something in them: the largest schools have 30,000 students
COLUMN_LIMIT = 200  # columns that are looked at; the headings must be among them
RECORD_LIMIT = 20_000  # characters of one row of a CSV; more is a quotation mark that nobody closed
LINE_LIMIT = 1_000_000  # characters of one line of a CSV, above which it is not even divided into cells
TEXT_LIMIT = 20_000_000  # characters in the cells of all rows together: as many as a CSV of the greatest size has

# Of a workbook, which is a zip of XML, small while it is packed and large when it is not:
UNZIPPED_LIMIT = 200_000_000  # bytes of all parts: ten times the file, as text packs
PARTS = 1_000  # a workbook has ten, and one for each sheet and picture
TOKEN = 2_000_000  # bytes of one tag with its attributes
DEPTH = 60  # elements inside each other
LAST_ROW = 1_048_576  # of a sheet (Excel's specifications and limits); a broken one may claim any number


@dataclass(frozen=True, slots=True)
class PartLimits:
    """What one part of a workbook may hold: elements and characters, in all and in each row or text of it."""

    elements: int
    text: int
    items: int = 0  # rows of a sheet, texts of the shared ones
    of_item: int = 0  # elements
    item_text: int = 0


# A sheet is read row by row: 50,000 rows of 20 filled cells of two elements, or as many empty ones as somebody has
# formatted by accident; 16,384 columns, each of up to four elements; a row of 200 columns with 4,000 characters.
SHEET = PartLimits(elements=2_000_000, text=100_000_000, items=200_000, of_item=70_000, item_text=1_000_000)
# Texts are held in memory: ten for each row, Excel's 32,767 characters each, and several elements in several fonts.
STRINGS = PartLimits(elements=2_000_000, text=30_000_000, items=500_000, of_item=10_000, item_text=40_000)
# Every other part is held in memory whole: styles (up to 65,490, Excel says), the list of sheets, and so on.
OTHER = PartLimits(elements=150_000, text=5_000_000)
