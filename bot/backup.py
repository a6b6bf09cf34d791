"""A school into one file, out of it again, and from one database into another: what the three commands do."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.archive import ArchiveError, ArchiveWriter, Manifest, is_intact, new_file, on_disk
from bot.archive_reading import NEWER, Archive, open_archive
from bot.files import PRIVATE_FILE, PRIVATE_FOLDER, path_of
from storage import files, schema, transfer
from storage.database import Database, open_database
from storage.errors import BadDatabaseUrl, StorageError
from storage.migrate import migrations
from storage.schema import Untransferable
from storage.transfer import DatabaseSource, Source

if TYPE_CHECKING:
    from bot.config import Basics
    from storage.database import Snapshot
    from storage.hold import Hold
    from storage.transfer import Progress

Counts = Sequence[tuple[str, int, int]]  # each table with its rows at the source and at the target

UNTOUCHED = 0  # the migration up to which a database is brought that is only looked at
WRITTEN = "they are written sqlite:////absolute/path.db or postgresql://user:password@host/name"


async def back_up(settings: Basics, path: Path, now: datetime, progress: Progress) -> Manifest:
    """Write the database as it is at this moment, and people's files, into a new file."""
    with new_file(path) as file:
        archive = ArchiveWriter(file, now)

        async def work(tx: Snapshot) -> tuple[int, list[str]]:
            version, source = await _source(tx)
            if {each.table for each in source.holdings} != set(await transfer.tables_of_version(version)):
                raise Untransferable("its tables are not as Shixi makes them; run `shixi migrate` first")
            total, done = sum(each.rows for each in source.holdings), 0

            def advance(rows: int) -> None:
                nonlocal done
                progress("rows", done := done + rows, total)

            for holding in source.holdings:
                await archive.add_table(source, holding, advance)
            return version, sorted({sha256 for _, sha256 in await files.kept(tx)})

        async with _looked_at(settings.database_url) as database:
            version, hashes = await database.snapshot(work)
        for number, sha256 in enumerate(hashes, 1):
            archive.add_file(path_of(settings.files, sha256), sha256)
            progress("files", number, len(hashes))
        return archive.finish(version)


async def restore(
    settings: Basics, path: Path, progress: Progress, *, replace: bool, hold: Hold | None = None
) -> Manifest:
    """Put a backup into the database and the folder of the settings, with a `hold` only where no bot has it.

    Raises `ArchiveError` where it is not whole, `Untransferable` where it does not fit or the database is in use.
    """
    with open_archive(path) as file:
        archive = Archive(file)
        version = archive.manifest.schema_version
        if version > _newest():
            raise ArchiveError(NEWER)
        if version < 1 or {each.table for each in archive.holdings} != set(await transfer.tables_of_version(version)):
            raise ArchiveError("This is not a backup of Shixi: it holds other tables.")
        archive.verify(progress)
        if not replace:
            await _refuse_if_occupied(settings.database_url)

        async def move(source: Source) -> Counts:
            return await transfer.move_in(database, source, progress, replace=replace)

        async with _opened(settings.database_url, hold=hold) as database:
            with _files_put(archive, settings.files, progress):
                await _with_rows(archive, move, progress)
        return archive.manifest


async def copy_database(origin: str, target: str, progress: Progress) -> Counts:
    """Copy the database as it is at this moment into an empty one, and return the compared counts."""

    async def work(tx: Snapshot) -> Counts:
        version, source = await _source(tx)
        if version != _newest():
            raise Untransferable("it is of another version; run `shixi migrate` on it first")
        async with _opened(target, called="the database to copy to") as into:
            return await transfer.move_in(into, source, progress)

    async with _looked_at(origin, "the database to copy from") as database:
        return await database.snapshot(work)


def _newest() -> int:
    return migrations("sqlite")[-1].number


async def _source(tx: Snapshot) -> tuple[int, DatabaseSource]:
    version = await schema.version(tx)
    if version == 0:
        raise Untransferable("the database holds no school yet, not even the tables for one")
    if version > _newest():
        raise Untransferable("the database is of a newer version of Shixi; use that one")
    return version, await DatabaseSource.of(tx)


@asynccontextmanager
async def _looked_at(url: str, called: str = "the database") -> AsyncIterator[Database]:
    """Open a database that must be there, and leave it as it is."""
    scheme, _, path = url.partition("://")
    if scheme == "sqlite" and not _is_there(path[1:]):
        raise Untransferable(f"{called} is not there")
    async with _opened(url, UNTOUCHED, called) as database:
        yield database


@asynccontextmanager
async def _opened(
    url: str, up_to: int | None = None, called: str = "the database", hold: Hold | None = None
) -> AsyncIterator[Database]:
    try:
        database = await open_database(url, up_to=up_to, hold=hold)
    except BadDatabaseUrl:
        raise Untransferable(f"{called} is not given by a URL; {WRITTEN}") from None
    except StorageError as error:
        raise Untransferable(f"{called} cannot be opened: {error or type(error).__name__}") from error
    try:
        yield database
    finally:
        await database.close()


def _is_there(path: str) -> bool:
    return Path(path).is_file()


async def _refuse_if_occupied(url: str) -> None:
    """Raise `NotEmpty` before anything is done, also before a database of an earlier version is brought up to date."""
    async with _opened(url, UNTOUCHED) as database:
        if full := await database.read(transfer.occupied):
            raise full


async def _with_rows(archive: Archive, move: Callable[[Source], Awaitable[Counts]], progress: Progress) -> Counts:
    """Move the rows of a backup as this version has them, those of an earlier one by way of a database of that one."""
    version = archive.manifest.schema_version
    if version == _newest():
        return await move(archive)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/earlier.db"
        async with _opened(url, version) as earlier:
            await earlier.transaction(lambda tx: transfer.fill(tx, archive, progress))

        async def work(tx: Snapshot) -> Counts:
            return await move(await DatabaseSource.of(tx))

        async with _opened(url) as present:
            return await present.snapshot(work)


@contextmanager
def _files_put(archive: Archive, folder: Path, progress: Progress) -> Iterator[None]:
    """Put people's files into the folder; whatever fails after that takes them out again."""
    put: list[Path] = []
    hashes = archive.manifest.files
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    try:
        for number, sha256 in enumerate(hashes, 1):
            path = path_of(folder, sha256)
            if not is_intact(path, sha256):
                if not path.exists():  # one that was damaged is mended for good
                    put.append(path)
                _put(path, archive.pieces(sha256))
            progress("files", number, len(hashes))
        yield
    except BaseException:
        for path in put:
            path.unlink(missing_ok=True)
        raise


def _put(path: Path, pieces: Iterator[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, PRIVATE_FILE), "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    on_disk(path.parent)
