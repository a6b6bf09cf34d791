"""SQLite behind the door: one writer whose transactions share commits, and a reader that never waits for it.

A statement takes about 10 µs, a hop to a thread and back 90, so statements run where they are called. What may
wait for the disk or for another process runs on a thread: the begin of a change, its commit, long lists, snapshots.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TypeVar

from storage.errors import AlreadyExists, Conflict, StorageError, Unavailable
from storage.migrate import migrate
from storage.writer import Deferring, Writer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

    from storage.database import Snapshot, Transaction

T = TypeVar("T")

PRIVATE = 0o600
LONG = 100  # rows; changing more of them at once is done on a thread
CACHED_STATEMENTS = 1000
SECONDS_TO_WAIT = 10  # for another process that is writing
PAUSE = 0.02  # seconds between two looks at a lock


def _to_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _teach_types() -> None:
    sqlite3.register_adapter(datetime, _to_text)
    sqlite3.register_adapter(date, date.isoformat)
    sqlite3.register_converter("timestamptz", lambda raw: datetime.fromisoformat(raw.decode()))
    sqlite3.register_converter("date", lambda raw: date.fromisoformat(raw.decode()))
    sqlite3.register_converter("boolean", lambda raw: raw == b"1")


class SqliteTransaction(Deferring):
    """The statements of one unit on one connection."""

    kind = "sqlite"

    def __init__(self, connection: sqlite3.Connection, *, writes: bool = False) -> None:
        super().__init__(writes=writes)
        self._connection = connection

    async def one(self, sql: str, **parameters: Any) -> Mapping[str, Any] | None:
        rows = await self.all(sql, **parameters)
        return rows[0] if rows else None

    async def all(self, sql: str, **parameters: Any) -> list[Mapping[str, Any]]:
        await self.catch_up()
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise _translated(error) from error

    async def run(self, sql: str, **parameters: Any) -> int:
        await self.catch_up()
        try:
            return self._connection.execute(sql, parameters).rowcount
        except sqlite3.Error as error:
            raise _translated(error) from error

    async def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        await self.catch_up()
        values = list(rows)

        def change() -> None:
            self._connection.executemany(sql, values)  # its cursor ends here, before another thread has the statement

        try:
            if len(values) > LONG:
                await asyncio.to_thread(change)
            else:
                change()
        except sqlite3.Error as error:
            raise _translated(error) from error


class SqliteSnapshot(SqliteTransaction):
    """The same on a thread, for reads that may be long."""

    async def all(self, sql: str, **parameters: Any) -> list[Mapping[str, Any]]:
        try:
            return await asyncio.to_thread(lambda: self._connection.execute(sql, parameters).fetchall())
        except sqlite3.Error as error:
            raise _translated(error) from error

    async def pages(self, sql: str, *, size: int, **parameters: Any) -> AsyncIterator[list[Mapping[str, Any]]]:
        try:
            cursor = await asyncio.to_thread(self._connection.execute, sql, parameters)
            while rows := await asyncio.to_thread(cursor.fetchmany, size):
                yield rows
        except sqlite3.Error as error:
            raise _translated(error) from error


class SqliteWriting:
    """The connection that changes things; `storage.writer` groups what runs on it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")

    async def begin(self) -> SqliteTransaction:
        await self._run("BEGIN IMMEDIATE")
        return SqliteTransaction(self._connection, writes=True)

    async def commit(self) -> None:
        await self._run("COMMIT")

    async def rollback(self) -> None:
        if self._connection.in_transaction:
            await self._run("ROLLBACK")

    def close(self) -> None:
        self._thread.shutdown()
        self._connection.close()

    async def _run(self, sql: str) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.execute, sql)
        except sqlite3.Error as error:
            raise _translated(error) from error


class SqliteDatabase:
    """An SQLite file."""

    kind = "sqlite"

    def __init__(self, path: str, writing: sqlite3.Connection, reading: sqlite3.Connection) -> None:
        self._path = path
        self._reading = reading
        self._reader = SqliteTransaction(reading)
        self._writing = SqliteWriting(writing)
        self._writer = Writer(self._writing)

    @classmethod
    async def open(cls, path: str, *, up_to: int | None = None) -> SqliteDatabase:
        """Open (or create, readable by its owner only) the file, bring it up to date, start the writer."""
        _teach_types()
        opened: list[sqlite3.Connection] = []
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE))
            opened.append(await asyncio.to_thread(_connect, path))
            await migrate(SqliteTransaction(opened[0]), up_to=up_to)
            opened.append(await asyncio.to_thread(_connect, path, read_only=True))
        except (OSError, sqlite3.Error, StorageError) as error:
            for connection in opened:
                connection.close()
            raise error if isinstance(error, StorageError) else Unavailable(str(error)) from error
        return cls(path, *opened)

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self._writer.transaction(work)

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await work(self._reader)

    async def snapshot(self, work: Callable[[Snapshot], Awaitable[T]]) -> T:
        connection = await asyncio.to_thread(_connect, self._path, read_only=True)
        try:
            connection.execute("BEGIN")
            return await work(SqliteSnapshot(connection))
        finally:
            await asyncio.to_thread(connection.close)

    async def close(self) -> None:
        await self._writer.close()
        self._reading.close()
        self._writing.close()


def _connect(path: str, *, read_only: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        detect_types=sqlite3.PARSE_DECLTYPES,
        isolation_level=None,
        check_same_thread=False,  # one of them at a time: a commit is waited for before the next statement
        cached_statements=CACHED_STATEMENTS,
    )
    connection.row_factory = sqlite3.Row
    try:
        for pragma in (
            f"busy_timeout = {SECONDS_TO_WAIT * 1000}",
            "synchronous = FULL",
            "foreign_keys = ON",
            *(("query_only = ON",) if read_only else ()),
        ):
            connection.execute(f"PRAGMA {pragma}")
        _use_a_log(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _use_a_log(connection: sqlite3.Connection) -> None:
    """Write ahead; two that open a new file at once get "locked" from this one statement without any waiting."""
    until = monotonic() + SECONDS_TO_WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not isinstance(_translated(error), Unavailable) or monotonic() > until:
                raise
            sleep(PAUSE)
        else:
            return


def _translated(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorname", "")
    if code in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}:
        return AlreadyExists(str(error))
    if code.startswith("SQLITE_CONSTRAINT"):
        return Conflict(str(error))
    if code.startswith(("SQLITE_BUSY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_LOCKED", "SQLITE_CANTOPEN")):
        return Unavailable(str(error))
    return error
