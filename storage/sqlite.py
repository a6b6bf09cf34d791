"""SQLite behind the door: one writer whose transactions share commits, and readers that never wait for it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import aiosqlite

from storage.database import enter_transaction, leave_transaction, outside_transaction
from storage.errors import AlreadyExists, Conflict, StorageError, Unavailable
from storage.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from storage.database import Transaction

T = TypeVar("T")

READERS = 3
GROUP = 64  # transactions that share one commit at most
PRIVATE = 0o600


def _to_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _teach_types() -> None:
    sqlite3.register_adapter(datetime, _to_text)
    sqlite3.register_adapter(date, date.isoformat)
    sqlite3.register_converter("timestamptz", lambda raw: datetime.fromisoformat(raw.decode()))
    sqlite3.register_converter("date", lambda raw: date.fromisoformat(raw.decode()))
    sqlite3.register_converter("boolean", lambda raw: raw == b"1")


class SqliteTransaction:
    """The statements of one unit on one connection."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def one(self, sql: str, **parameters: Any) -> Mapping[str, Any] | None:
        rows = await self.all(sql, **parameters)
        return rows[0] if rows else None

    async def all(self, sql: str, **parameters: Any) -> list[Mapping[str, Any]]:
        try:
            return list(await self._connection.execute_fetchall(sql, parameters))  # type: ignore[arg-type]
        except sqlite3.Error as error:
            raise _translated(error) from error

    async def run(self, sql: str, **parameters: Any) -> int:
        try:
            async with self._connection.execute(sql, parameters) as cursor:
                return cursor.rowcount
        except sqlite3.Error as error:
            raise _translated(error) from error

    async def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        try:
            async with self._connection.executemany(sql, list(rows)):
                pass
        except sqlite3.Error as error:
            raise _translated(error) from error


class SqliteDatabase:
    """An SQLite file. Writes go one group at a time through one connection, reads through a few others."""

    def __init__(self, writer: aiosqlite.Connection, readers: list[aiosqlite.Connection]) -> None:
        self._writer = writer
        self._all_readers = readers
        self._readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        for reader in readers:
            self._readers.put_nowait(reader)
        self._waiting: asyncio.Queue[tuple[Callable[[Transaction], Awaitable[Any]], asyncio.Future[Any]] | None]
        self._waiting = asyncio.Queue()
        self._writing = asyncio.get_running_loop().create_task(self._write(), name="sqlite-writer")

    @classmethod
    async def open(cls, path: str) -> SqliteDatabase:
        """Open (or create, readable by its owner only) the file, bring it up to date, start the writer."""
        _teach_types()
        opened: list[aiosqlite.Connection] = []
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE))
            opened.append(await _connect(path))
            await migrate(SqliteTransaction(opened[0]), "sqlite")
            for _ in range(READERS):
                opened.append(await _connect(path, read_only=True))  # noqa: PERF401 - closed if the next one fails
        except (OSError, sqlite3.Error, StorageError) as error:
            for connection in opened:
                await connection.close()
            raise error if isinstance(error, StorageError) else Unavailable(str(error)) from error
        return cls(opened[0], opened[1:])

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        outside_transaction("a transaction")  # it would wait for itself
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((work, future))
        return await future

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        reader = await self._readers.get()
        try:
            return await work(SqliteTransaction(reader))
        finally:
            self._readers.put_nowait(reader)

    async def close(self) -> None:
        self._waiting.put_nowait(None)
        await self._writing
        for connection in (*self._all_readers, self._writer):
            await connection.close()

    async def _write(self) -> None:
        enter_transaction()
        while (first := await self._waiting.get()) is not None:
            group = [first]
            while len(group) < GROUP and not self._waiting.empty():
                following = self._waiting.get_nowait()
                if following is None:
                    self._waiting.put_nowait(None)
                    break
                group.append(following)
            try:
                await self._commit(group)
            except Exception as error:  # noqa: BLE001 - the writer must live on; whoever waits is told
                for _, future in group:
                    if not future.done():
                        future.set_exception(error if isinstance(error, StorageError) else Unavailable(str(error)))
        leave_transaction()

    async def _commit(self, group: list[tuple[Callable[[Transaction], Awaitable[Any]], asyncio.Future[Any]]]) -> None:
        results: list[Any] = []
        tx = SqliteTransaction(self._writer)
        try:
            await tx.run("BEGIN IMMEDIATE")
            for work, _ in group:
                results.append(await work(tx))
            await tx.run("COMMIT")
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to whoever asked for the change
            if self._writer.in_transaction:
                await tx.run("ROLLBACK")
            if len(group) > 1:
                for single in group:
                    await self._commit([single])
            elif not group[0][1].done():
                group[0][1].set_exception(error)
            return
        for (_, future), result in zip(group, results, strict=True):
            if not future.done():
                future.set_result(result)


async def _connect(path: str, *, read_only: bool = False) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, detect_types=sqlite3.PARSE_DECLTYPES, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        for pragma in (
            "busy_timeout = 10000",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            *(("query_only = ON",) if read_only else ()),
        ):
            await connection.execute_fetchall(f"PRAGMA {pragma}")
    except sqlite3.Error:
        await connection.close()
        raise
    return connection


def _translated(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorname", "")
    if code in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}:
        return AlreadyExists(str(error))
    if code.startswith("SQLITE_CONSTRAINT"):
        return Conflict(str(error))
    if code.startswith(("SQLITE_BUSY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_LOCKED", "SQLITE_CANTOPEN")):
        return Unavailable(str(error))
    return error
