"""A look into a workbook before it is read: what would take too much memory or time is refused unread.

Every part is unpacked and parsed once in small pieces, of which nothing is kept but counts. The program that reads the
workbook afterwards holds rows, texts and most parts in memory, so each has a limit of its own.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

from bot import table_limits as limits
from bot.tables import TableError
from bot.texts import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

_PIECE = 65_536  # bytes
_DIRECTORY = b"PK\x01\x02"  # how each entry of a zip's table of contents begins
_ITEMS = {"row", "si"}  # of a sheet, of the shared texts
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # in what ways a workbook is packed (ECMA-376, part 2)


class _TooMuch(Exception):
    """A part holds more than is read."""


class _Evil(Exception):
    """A part has what no workbook has: definitions of entities, say."""


def check_workbook(data: bytes) -> None:
    """Raise `TableError` where a file is no workbook, or one that holds too much."""
    if data.count(_DIRECTORY) > limits.PARTS:  # the zip module makes an object of each
        raise TableError(N_("import.bloated"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _check_sizes(parts.infolist())
            for part in parts.infolist():
                with parts.open(part) as file:
                    _Look(_limits_of(part.filename)).through(file)
    except _TooMuch:
        raise TableError(N_("import.bloated")) from None
    except (_Evil, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        raise TableError(N_("import.broken_workbook")) from None


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse what is no workbook or grows too big; the zip module gives no part more bytes than its header says."""
    if not any(info.filename == "[Content_Types].xml" for info in infos):
        raise TableError(N_("import.not_a_table"))
    if sum(info.file_size for info in infos) > limits.UNZIPPED_LIMIT:
        raise TableError(N_("import.zip_bomb"), limit=limits.UNZIPPED_LIMIT // 1_000_000)
    if any(info.compress_type not in _PACKED for info in infos):
        raise _Evil


def _limits_of(name: str) -> limits.PartLimits:
    """Return the limits of a part by its name, the same in Excel, WPS and LibreOffice."""
    name = name.lower()
    if name.startswith("xl/worksheets/"):
        return limits.SHEET
    return limits.STRINGS if name == "xl/sharedstrings.xml" else limits.OTHER


class _Look:
    """Counts what is in one part."""

    def __init__(self, most: limits.PartLimits) -> None:
        self._most = most
        self._depth = self._elements = self._outside = self._text = self._items = 0
        self._item_depth = 0  # of the row or text that is open
        self._item_elements = self._item_text = 0
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        parser.StartDoctypeDeclHandler = self._refuse

    def through(self, file: IO[bytes]) -> None:
        """Read a part to its end; raises `_TooMuch` or `_Evil`."""
        fed = 0
        while piece := file.read(_PIECE):
            fed += len(piece)
            try:
                self._parser.Parse(piece, False)  # noqa: FBT003 - whether it is the last one
            except expat.ExpatError:
                return  # a picture, or a broken part, over which its reader stumbles in the same place
            if fed - self._parser.CurrentByteIndex > limits.TOKEN:
                raise _TooMuch

    def _start(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._item_depth:
            self._item_elements += 1
        elif name.rpartition(" ")[2] in _ITEMS and self._most.items:
            self._items += 1
            self._item_depth, self._item_elements, self._item_text = self._depth, 0, 0
        else:
            self._outside += 1
        most = self._most
        if (
            self._depth > limits.DEPTH
            or self._elements > most.elements
            or self._items > most.items
            or self._item_elements > most.of_item
            or self._outside > limits.OTHER.elements
        ):
            raise _TooMuch

    def _end(self, _name: str) -> None:
        if self._depth == self._item_depth:
            self._item_depth = 0
        self._depth -= 1

    def _words(self, words: str) -> None:
        self._text += len(words)
        self._item_text += len(words)
        if self._text > self._most.text or (self._item_depth and self._item_text > self._most.item_text):
            raise _TooMuch

    def _refuse(self, *_declaration: object) -> None:
        raise _Evil
