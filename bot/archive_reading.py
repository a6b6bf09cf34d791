"""Reads a backup without trusting it: every byte is checked against the manifest before anybody acts on it.

The headers are read here and not by `tarfile`, since a backup has only plain files of known names and needs none of
what a tar can hold besides: links, devices, sparse files, long names, other compressions. Nothing in it is ever used
as a path; a file's place is made of its hash.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from bot.archive import (
    FILE,
    FORMAT,
    LARGEST_MANIFEST,
    MANIFEST,
    PART_SIZE,
    SEAL,
    TABLE_PART,
    ArchiveError,
    Manifest,
    sealed,
)
from storage.lines import decode
from storage.schema import Table, Untransferable
from storage.transfer import PAGE, Holding

BLOCK = tarfile.BLOCKSIZE
LARGEST_PART = 16 * PART_SIZE
PIECE = 2**20  # bytes of a file at a time
CUT = "The backup is cut off or damaged"
NEWER = "The backup was written by a newer version of Shixi; use that one to restore it."
EMPTY_HASH = "0" * 64  # in place of none


@dataclass(frozen=True, slots=True)
class Member:
    """Where something is in the archive."""

    start: int
    size: int


class Archive:
    """An open backup; a `Source` of rows, once `verify` has been through it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._end = os.fstat(file.fileno()).st_size
        self._members = dict(self._scan())
        self.manifest = self._manifest()
        self._tables = {each.name for each in self.manifest.tables}
        if len(self._tables) < len(self.manifest.tables):
            raise ArchiveError(f"{CUT}: its manifest names a table twice.")
        self._check_names()

    @property
    def holdings(self) -> list[Holding]:
        """The tables, in the order in which they were written."""
        return [Holding(each.table, each.rows, each.last) for each in self.manifest.tables]

    async def pages(self, table: Table) -> AsyncIterator[list[dict[str, Any]]]:
        page: list[dict[str, Any]] = []
        for line in self._lines(table.name):
            page.append(decode(table, line))
            if len(page) == PAGE:
                yield page
                page = []
        if page:
            yield page

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """Read a person's file, some bytes at a time."""
        return self._pieces(f"files/{sha256}")

    def verify(self, progress: Callable[[str, int, int], None]) -> None:
        """Go through everything once; raises `ArchiveError` where anything is not as the manifest says."""
        for entry in self.manifest.tables:
            whole, rows = hashlib.sha256(), 0
            for line in self._lines(entry.name):
                whole.update(line)
                rows += 1
                _check_row(entry.table, line)
                if not rows % PAGE:
                    progress("bytes checked", self._file.tell(), self._end)
            if (rows, whole.hexdigest()) != (entry.rows, entry.sha256):
                raise ArchiveError(f"{CUT}: the rows of {entry.name} are not those that were written.")
        for sha256 in self.manifest.files:
            content = hashlib.sha256()
            for piece in self.pieces(sha256):
                content.update(piece)
            if content.hexdigest() != sha256:
                raise ArchiveError(f"{CUT}: the file {sha256} is not what its name says.")
            progress("bytes checked", self._file.tell(), self._end)

    def _scan(self) -> Iterator[tuple[str, Member]]:
        """Read every header; raises `ArchiveError` for anything that no backup has."""
        position, names = 0, set()
        while (header := self._read(position, BLOCK)) != bytes(BLOCK):
            try:
                found = tarfile.TarInfo.frombuf(header, "ascii", "strict")
            except (tarfile.TarError, ValueError):
                raise ArchiveError(f"{CUT}." if position else "This is not a backup of Shixi.") from None
            start = position + BLOCK
            if found.type != tarfile.REGTYPE or not _known(found.name) or found.name in names:
                raise ArchiveError("This is not a backup of Shixi: it holds something that no backup has.")
            if not 0 <= found.size <= self._end - start:
                raise ArchiveError(f"{CUT}.")
            names.add(found.name)
            yield found.name, Member(start, found.size)
            position = start + -(-found.size // BLOCK) * BLOCK
        if self._end - position > tarfile.RECORDSIZE + BLOCK or any(self._read(position, self._end - position)):
            raise ArchiveError("This is not a backup of Shixi: something follows its end.")

    def _read(self, position: int, size: int) -> bytes:
        self._file.seek(position)
        content = self._file.read(size)
        if len(content) != size:
            raise ArchiveError(f"{CUT}." if position else "This is not a backup of Shixi.")
        return content

    def _manifest(self) -> Manifest:
        member = self._members.get(MANIFEST)
        if member is None or list(self._members)[-2:] != [MANIFEST, SEAL] or member.size > LARGEST_MANIFEST:
            raise ArchiveError(f"{CUT}: its manifest is not at its end.")
        text, seal = self._read(member.start, member.size), self._members[SEAL]
        if seal.size != len(sealed(text)) or self._read(seal.start, seal.size) != sealed(text):
            raise ArchiveError(f"{CUT}: its manifest is not the one that was written.")
        try:
            said = orjson.loads(text)
            if isinstance(said, dict) and said.get("shixi_backup") != FORMAT:
                raise ArchiveError(NEWER)
            return Manifest.model_validate(said)
        except ValueError:  # pydantic's and orjson's are of this kind
            raise ArchiveError(f"{CUT}: its manifest cannot be read.") from None

    def _check_names(self) -> None:
        """Compare what is there with what the manifest names, and look at the sizes of what is read in one piece."""
        files, parts = set(), dict.fromkeys(self._tables, 0)
        for name, member in self._members.items():
            if file := FILE.fullmatch(name):
                files.add(file[1])
            elif part := TABLE_PART.fullmatch(name):
                parts[part[1]] = parts.get(part[1], 0) + 1
                if int(part[2]) != parts[part[1]] or member.size > LARGEST_PART:
                    raise ArchiveError(f"{CUT}: a part of {part[1]} is missing or too large.")
        if files != set(self.manifest.files) or set(parts) != self._tables:
            raise ArchiveError(f"{CUT}: it does not hold what its manifest names.")

    def _lines(self, table: str) -> Iterator[bytes]:
        number = 1
        while (member := self._members.get(f"tables/{table}.{number:06}.jsonl")) is not None:
            yield from self._read(member.start, member.size).splitlines(keepends=True)
            number += 1

    def _pieces(self, name: str) -> Iterator[bytes]:
        member = self._members[name]
        for done in range(0, member.size, PIECE):
            yield self._read(member.start + done, min(PIECE, member.size - done))


def _check_row(table: Table, line: bytes) -> None:
    try:
        row = decode(table, line)
    except Untransferable as error:
        raise ArchiveError(f"{CUT}: {error}.") from error
    if table.name == "files" and not FILE.fullmatch(f"files/{row.get('sha256') or EMPTY_HASH}"):
        raise ArchiveError(f"{CUT}: a row of files names no file.")  # the bot makes a path of it


def _known(name: str) -> bool:
    return name in {MANIFEST, SEAL} or bool(TABLE_PART.fullmatch(name) or FILE.fullmatch(name))


def open_archive(path: Path) -> IO[bytes]:
    """Open the file of a backup; raises `ArchiveError`."""
    try:
        return path.open("rb")
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error.strerror}.") from None
