"""The one file that a backup is: a plain tar that holds the tables as lines of JSON, people's files, and a manifest.

    tables/people.000001.jsonl   some rows of a table, each a list
    files/<sha256>               a file that somebody sent
    manifest.json                what must be there, with the hash of each table
    manifest.sha256              the last: the hash of the manifest, as sha256sum writes it

It can be unpacked and read with everyday tools. This module writes it; `bot.archive_reading` trusts nothing in it.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict

from bot.files import PRIVATE_FILE
from storage.lines import encode
from storage.schema import Kind, Table
from storage.transfer import Holding, Source

FORMAT = 1
MANIFEST, SEAL = "manifest.json", "manifest.sha256"
TABLE_PART = re.compile(r"tables/([a-z][a-z0-9_]*)\.([0-9]{6})\.jsonl")
FILE = re.compile(r"files/([0-9a-f]{64})")
PART_SIZE = 4 * 2**20  # bytes of a table in one member, and so in memory
LARGEST_MANIFEST = 64 * 2**20  # bytes: nearly a million files


class ArchiveError(Exception):
    """A backup cannot be written or read; the text is one sentence."""


class TableEntry(BaseModel):
    """What the manifest says of a table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    columns: tuple[tuple[str, Kind], ...]
    counted: str | None
    rows: int
    last: int | None
    sha256: str

    @property
    def table(self) -> Table:
        """The table as the storage knows it."""
        return Table(self.name, self.columns, self.counted)


class Manifest(BaseModel):
    """What a backup holds; `missing` are files that rows name but the folder did not have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shixi_backup: int = FORMAT
    schema_version: int
    made_at: datetime
    tables: tuple[TableEntry, ...]
    files: tuple[str, ...]
    missing: tuple[str, ...]


class ArchiveWriter:
    """Writes one member after the other; nothing is held in memory but a part of a table."""

    def __init__(self, file: IO[bytes], made_at: datetime) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115 - see finish
        self._made_at = made_at
        self._tables: list[TableEntry] = []
        self._files: list[str] = []
        self._missing: list[str] = []

    async def add_table(self, source: Source, holding: Holding, progress: Callable[[int], None]) -> None:
        """Write the rows of a table, in as many parts as it takes."""
        whole, part = hashlib.sha256(), bytearray()
        rows = number = 0
        async for page in source.pages(holding.table):
            for row in page:
                part += encode(holding.table, row)
            rows += len(page)
            if len(part) >= PART_SIZE:
                number += 1
                whole.update(part)
                self._add_part(holding.table, number, part)
                part.clear()
            progress(len(page))
        if part:
            whole.update(part)
            self._add_part(holding.table, number + 1, part)
        table = holding.table
        self._tables.append(
            TableEntry(
                name=table.name,
                columns=table.columns,
                counted=table.counted,
                rows=rows,
                last=holding.last,
                sha256=whole.hexdigest(),
            )
        )

    def add_file(self, path: Path, sha256: str) -> bool:
        """Write a person's file; False where it is not there, or is not what its name says any more."""
        if not FILE.fullmatch(f"files/{sha256}") or not is_intact(path, sha256):
            self._missing.append(sha256)
            return False
        with path.open("rb") as file:
            self._add(f"files/{sha256}", file, os.fstat(file.fileno()).st_size)
        self._files.append(sha256)
        return True

    def finish(self, schema_version: int) -> Manifest:
        """Write the manifest and the end."""
        manifest = Manifest(
            schema_version=schema_version,
            made_at=self._made_at,
            tables=tuple(self._tables),
            files=tuple(self._files),
            missing=tuple(self._missing),
        )
        text = manifest.model_dump_json(indent=1).encode()
        if len(text) > LARGEST_MANIFEST:
            raise ArchiveError("There are too many files for one backup.")
        self._add(MANIFEST, io.BytesIO(text), len(text))
        self._add(SEAL, io.BytesIO(seal := sealed(text)), len(seal))
        self._tar.close()
        return manifest

    def _add_part(self, table: Table, number: int, lines: bytearray) -> None:
        self._add(f"tables/{table.name}.{number:06}.jsonl", io.BytesIO(lines), len(lines))

    def _add(self, name: str, content: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, PRIVATE_FILE, int(self._made_at.timestamp())
        self._tar.addfile(member, content)


def sealed(manifest: bytes) -> bytes:
    """Return what `manifest.sha256` holds for a manifest."""
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n".encode()


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that only its owner can read, and that has its name only when it is whole and on disk.

    Raises `ArchiveError` where there is one of that name.
    """
    part = path.with_name(f"{path.name}.part")
    if path.exists():
        raise ArchiveError(f"{path} is there already; a backup never overwrites another.")
    try:
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE)
    except FileExistsError:
        raise ArchiveError(f"{part} is there: another backup is being made, or one was cut off; remove it.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            raise ArchiveError(f"{path} is there already; a backup never overwrites another.")
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    on_disk(path.parent)


def on_disk(folder: Path) -> None:
    """Put the names in a folder on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_intact(path: Path, sha256: str) -> bool:
    """Whether a person's file is there and is what its name says."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False
