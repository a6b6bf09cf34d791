"""A person's records as ZIP files: the rows for programs, a page for people, and the files that they sent.

Whatever is written goes into a file without a name that only this process can read and that is gone when it is
closed, or when the process dies. Reading and packing happens on threads, a page of rows or a file at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import orjson

from bot.files import PRIVATE_FILE, PRIVATE_FOLDER, path_of
from domain.records import Rows
from storage import records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from domain.files import StoredFile
    from storage.database import Snapshot

DATA, PAGE, FILES = "data.json", "page.html", "files"
CHUNK = 1 << 20  # bytes of a file that are in memory at once
ROOM = 400  # bytes that an entry takes beside its content, at most: our names are short
LISTED = 5000  # rows of a record that the page can show; whoever has more finds them in the data
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}")
_ENDINGS = {"photo": ".jpg", "voice": ".ogg"}


def name_of(file_id: int, kind: str, name: str) -> str:
    """Return what a file is called in the parcel: by its number, since its own name is whatever its sender liked."""
    ending = Path(name).suffix
    return f"{FILES}/{file_id:06}{_ENDINGS.get(kind) or (ending if _ENDING.fullmatch(ending) else '')}"


class Parcel:
    """One ZIP that is being written, in a private temporary file in `folder`."""

    def __init__(self, folder: Path, made_at: datetime) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        self.file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - it is closed when it has been sent
        self._zip = ZipFile(self.file, "w")
        self._time = made_at.timetuple()[:6]

    @property
    def size(self) -> int:
        """How many bytes there are by now."""
        return self.file.tell()

    async def add_rows(self, tx: Snapshot, person_id: int, folder: Path, made_at: datetime) -> Rows:
        """Write every row that is a person's as JSON, and return those that the page shows."""
        rows, separator = Rows(), b""
        with self._zip.open(self._entry(DATA, ZIP_DEFLATED), "w", force_zip64=True) as entry:
            entry.write(b'{"made_at":' + orjson.dumps(made_at) + b',"records":{')
            for name, sql in (await records.statements(tx)).items():
                await asyncio.to_thread(entry.write, separator + orjson.dumps(name) + b":[")
                shown: list[Mapping[str, Any]] = []
                count = 0
                async for page in records.pages(tx, sql, person_id):
                    if name in records.FILES:
                        page = await asyncio.to_thread(_with_place, page, folder)  # noqa: PLW2901
                    await asyncio.to_thread(_write, entry, page, first=not count)
                    shown += page[: max(LISTED - count, 0)]
                    count += len(page)
                await asyncio.to_thread(entry.write, b"]")
                rows.shown[name], rows.counts[name], separator = shown, count, b",\n"
            entry.write(b"}}\n")
        return rows

    async def add_page(self, html: str) -> None:
        """Write the page."""
        await asyncio.to_thread(self._zip.writestr, self._entry(PAGE, ZIP_DEFLATED), html.encode())

    async def add_files(self, found: Sequence[StoredFile], folder: Path) -> None:
        """Copy files as they are, since photos and recordings are packed already."""
        for file in found:
            await asyncio.to_thread(self._copy, path_of(folder, file.sha256 or ""), file)

    def _copy(self, path: Path, file: StoredFile) -> None:
        entry = self._entry(name_of(file.id, file.kind, file.name), ZIP_STORED)
        with path.open("rb") as source, self._zip.open(entry, "w") as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)

    async def finish(self) -> IO[bytes]:
        """Write the end and return the file."""
        await asyncio.to_thread(self._zip.close)
        await asyncio.to_thread(self.file.flush)
        return self.file

    def close(self) -> None:
        """Let the file go, finished or not; once more does no harm."""
        with contextlib.suppress(ValueError, OSError):  # what is left unfinished goes with it
            self._zip.close()
        self.file.close()

    def _entry(self, name: str, method: int) -> ZipInfo:
        entry = ZipInfo(name, self._time)
        entry.compress_type, entry.external_attr = method, PRIVATE_FILE << 16
        return entry


def _write(entry: IO[bytes], page: Sequence[Mapping[str, Any]], *, first: bool) -> None:
    lines = b",\n".join(orjson.dumps(row) for row in page)
    entry.write(lines if first else b",\n" + lines)


def _with_place(page: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Add to each file where it is in the parcel; nothing where its copy is not in the folder."""
    return [row | {"in_parcel": _place(row, folder)} for row in page]


def _place(row: Mapping[str, Any], folder: Path) -> str | None:
    there = row["sha256"] is not None and path_of(folder, row["sha256"]).is_file()
    return name_of(row["id"], row["kind"], row["name"]) if there else None


def there_of(found: Sequence[StoredFile], folder: Path) -> list[StoredFile]:
    """Return the files whose copy is in the folder."""
    return [file for file in found if file.sha256 and path_of(folder, file.sha256).is_file()]


def cut(files: Sequence[StoredFile], begun: int, limit: int) -> list[list[StoredFile]]:
    """Divide files over parcels of at most `limit` bytes, into the first of which `begun` bytes have gone already."""
    parcels: list[list[StoredFile]] = [[]]
    size = begun + ROOM
    for file in files:
        takes = file.size + ROOM
        if size + takes > limit and (parcels[-1] or size > ROOM):
            parcels.append([])
            size = ROOM
        parcels[-1].append(file)
        size += takes
    return parcels
