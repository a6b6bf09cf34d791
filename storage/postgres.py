"""PostgreSQL behind the door: one writer whose transactions share commits, and a few readers beside it.

Changes are serializable, as they are on SQLite, where there is one writer at a time: whatever a transaction has
checked still holds when it commits, also when another process writes. Where the database cannot promise that, it
asks for the change to be made again, and `storage.writer` does so.
"""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg

from storage.errors import Again, AlreadyExists, Conflict, StorageError, Unavailable
from storage.migrate import migrate
from storage.writer import Deferring, Writer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

    from storage.database import Snapshot, Transaction
    from storage.hold import Hold

T = TypeVar("T")

READERS = 6
SECONDS_TO_CONNECT = 10
SECONDS_TO_ANSWER = 120  # for a whole unit; one that takes longer is given up, and its connection with it
CACHED_STATEMENTS = 1000
_READ_ONLY = {"default_transaction_read_only": "on"}
# Seconds after which the server ends a session whose machine is gone, and with it what the session holds.
_NOTICED = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}

_PARAMETER = re.compile(r"'(?:[^']|'')*'|(?<!:):([a-z_][a-z0-9_]*)")
_GONE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # the server is being shut down or has crashed
    asyncpg.InsufficientResourcesError,  # disk full, too many connections
    asyncpg.PostgresSystemError,
    asyncpg.InternalClientError,  # the connection broke in the middle of an answer
)


@lru_cache(maxsize=4096)
def positional(sql: str) -> tuple[str, tuple[str, ...]]:
    """Turn `:name` into `$1` and return the names in their order.

    Each place gets a number of its own, so that one value may stand where the database wants different types.
    """
    names: list[str] = []

    def numbered(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        names.append(match[1])
        return f"${len(names)}"

    return _PARAMETER.sub(numbered, sql), tuple(names)


class PostgresTransaction(Deferring):
    """The statements of one unit on one connection."""

    kind = "postgresql"

    def __init__(self, connection: asyncpg.Connection[Any], *, writes: bool = False) -> None:
        super().__init__(writes=writes)
        self._connection = connection

    async def one(self, sql: str, **parameters: Any) -> Mapping[str, Any] | None:
        rows = await self.all(sql, **parameters)
        return rows[0] if rows else None

    async def all(self, sql: str, **parameters: Any) -> list[Mapping[str, Any]]:
        await self.catch_up()
        text, names = positional(sql)
        try:
            return await self._connection.fetch(text, *[parameters[name] for name in names])
        except Exception as error:
            raise _translated(error, self._connection) from error

    async def run(self, sql: str, **parameters: Any) -> int:
        await self.catch_up()
        text, names = positional(sql)
        try:
            said = await self._connection.execute(text, *[parameters[name] for name in names])
        except Exception as error:
            raise _translated(error, self._connection) from error
        count = said.rpartition(" ")[2]  # "UPDATE 3", "INSERT 0 1", but "CREATE TABLE"
        return int(count) if count.isdigit() else 0

    async def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        await self.catch_up()
        text, names = positional(sql)
        try:
            await self._connection.executemany(text, [[row[name] for name in names] for row in rows])
        except Exception as error:
            raise _translated(error, self._connection) from error


class PostgresSnapshot(PostgresTransaction):
    """The same within one repeatable read."""

    async def pages(self, sql: str, *, size: int, **parameters: Any) -> AsyncIterator[list[Mapping[str, Any]]]:
        text, names = positional(sql)
        try:
            cursor = await self._connection.cursor(text, *[parameters[name] for name in names])
            while rows := await cursor.fetch(size):
                yield list(rows)
        except Exception as error:
            raise _translated(error, self._connection) from error


class PostgresWriting:
    """The connection that changes things; opened again when it was lost."""

    def __init__(self, url: str, connection: asyncpg.Connection[Any], hold: Hold | None = None) -> None:
        self._url = url
        self._connection = connection
        self._hold = hold
        self._given_up: asyncio.TimerHandle | None = None

    async def begin(self) -> PostgresTransaction:
        if self._connection.is_closed():
            self._connection = await self._connect_again()
        self._given_up = _give_up_later(self._connection)
        tx = PostgresTransaction(self._connection, writes=True)
        await tx.run("BEGIN ISOLATION LEVEL SERIALIZABLE")
        return tx

    async def commit(self) -> None:
        await PostgresTransaction(self._connection).run("COMMIT")
        self._end_waiting()

    async def rollback(self) -> None:
        self._end_waiting()
        if self._connection.is_closed() or not self._connection.is_in_transaction():
            return
        try:
            await PostgresTransaction(self._connection).run("ROLLBACK")
        except StorageError:
            self._connection.terminate()

    async def close(self) -> None:
        await _hang_up(self._connection)

    async def _connect_again(self) -> asyncpg.Connection[Any]:
        connection = await _connect(self._url, settings=_NOTICED)
        if self._hold is not None:
            try:
                await self._hold.take_again(PostgresTransaction(connection))
            except BaseException:
                await _hang_up(connection)
                raise
        return connection

    def _end_waiting(self) -> None:
        if self._given_up is not None:
            self._given_up.cancel()
            self._given_up = None


class PostgresDatabase:
    """A database of a PostgreSQL server."""

    kind = "postgresql"

    def __init__(self, url: str, writing: asyncpg.Connection[Any], hold: Hold | None = None) -> None:
        self._url = url
        self._writing = PostgresWriting(url, writing, hold)
        self._writer = Writer(self._writing)
        self._readers: asyncio.LifoQueue[asyncpg.Connection[Any] | None] = asyncio.LifoQueue()
        for _ in range(READERS):
            self._readers.put_nowait(None)

    @classmethod
    async def open(cls, url: str, *, up_to: int | None = None, hold: Hold | None = None) -> PostgresDatabase:
        """Connect, bring the database up to date, start the writer; raises `Unavailable`."""
        connection = await _connect(url, settings=_NOTICED)
        try:
            if hold is not None:
                await hold.take(PostgresTransaction(connection))
            await migrate(PostgresTransaction(connection), up_to=up_to)
        except BaseException:
            await _hang_up(connection)
            raise
        return cls(url, connection, hold)

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self._writer.transaction(work)

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        reader = await self._readers.get()
        try:
            if reader is None or reader.is_closed():
                reader = None
                reader = await _connect(self._url, settings=_READ_ONLY)
            given_up = _give_up_later(reader)
            try:
                return await work(PostgresTransaction(reader))
            finally:
                given_up.cancel()
        finally:
            self._readers.put_nowait(reader)

    async def snapshot(self, work: Callable[[Snapshot], Awaitable[T]]) -> T:
        connection = await _connect(self._url, settings=_READ_ONLY)
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return await work(PostgresSnapshot(connection))
        finally:
            await _hang_up(connection)

    async def close(self) -> None:
        await self._writer.close()
        await self._writing.close()
        while not self._readers.empty():
            if (reader := self._readers.get_nowait()) is not None:
                await _hang_up(reader)


async def _connect(url: str, settings: Mapping[str, str] | None = None) -> asyncpg.Connection[Any]:
    try:
        return await asyncpg.connect(
            url,
            timeout=SECONDS_TO_CONNECT,
            statement_cache_size=CACHED_STATEMENTS,
            server_settings={"application_name": "shixi", "jit": "off", **(settings or {})},
        )
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Unavailable(str(error) or type(error).__name__) from error


def _give_up_later(connection: asyncpg.Connection[Any]) -> asyncio.TimerHandle:
    """End a connection whose server does not answer any more; a timer a unit costs less than one a statement."""
    return asyncio.get_running_loop().call_later(SECONDS_TO_ANSWER, connection.terminate)


async def _hang_up(connection: asyncpg.Connection[Any]) -> None:
    try:
        await connection.close(timeout=SECONDS_TO_CONNECT)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()


def _translated(error: Exception, connection: asyncpg.Connection[Any]) -> Exception:
    if isinstance(error, asyncpg.UniqueViolationError):
        return AlreadyExists(str(error))
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return Conflict(str(error))
    if isinstance(error, (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)):
        return Again(str(error))
    if isinstance(error, _GONE) or connection.is_closed():
        return Unavailable(str(error) or type(error).__name__)
    return error
