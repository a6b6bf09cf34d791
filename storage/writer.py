"""One writer for a database: transactions that come at the same time share a commit, and each has its own fate.

A group in which one transaction fails is rolled back, and its members run again one by one. That is why a
transaction may run twice, and why nothing in it may have an effect outside the database.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from storage.database import Transaction, enter_transaction, leave_transaction, outside_transaction
from storage.errors import Again, StorageError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

T = TypeVar("T")

GROUP = 64  # transactions that share one commit at most
GATHER = 0.002  # seconds that a group waits for more, after one of several: a commit costs more than its statements
TRIES = 20  # of a group that the database asks to repeat, since another process changed what it read
PAUSE = 0.005  # seconds before the second try, a little more before each further one

Waiting: TypeAlias = "tuple[Callable[[Transaction], Awaitable[Any]], asyncio.Future[Any]]"


class Deferring(ABC):
    """The part of a transaction that puts changes off to its end.

    They lie in layers: within one, equal statements are run together. A change that would come before an earlier one of
    its own unit, or that is about a `person` about whom another unit has put something off, begins a new layer.
    """

    def __init__(self, *, writes: bool) -> None:
        self._writes = writes
        self._layers: list[dict[str, list[Mapping[str, Any]]]] = []  # for each statement the values to run it with
        self._begin_layer()
        self._owes = False  # this unit has put something off
        self._failure: BaseException | None = None

    def _begin_layer(self) -> None:
        self._layers.append({})
        self._about: set[Any] = set()  # the people of this unit in this layer, and those of the units before
        self._about_before: set[Any] = set()
        self._place = 0  # of this unit's last change in this layer

    def later(self, sql: str, **parameters: Any) -> None:
        """Run a change at the end, or before the same unit runs another statement."""
        if not self._writes:
            raise RuntimeError("a change in a read-only unit")
        person, layer = parameters.get("person"), self._layers[-1]
        place = list(layer).index(sql) if sql in layer else len(layer)
        if place < self._place or (person is not None and person in self._about_before):
            self._begin_layer()
            place = 0
        self._layers[-1].setdefault(sql, []).append(parameters)
        self._about.add(person)
        self._place, self._owes = place, True

    def end_unit(self) -> None:
        """Leave what the unit has put off to the end of the group; raises what went wrong where the unit hid it."""
        if self._failure is not None:
            raise self._failure
        self._about_before |= self._about
        self._about, self._place, self._owes = set(), 0, False

    async def catch_up(self, *, at_the_end: bool = False) -> None:
        """Make what was put off, if the unit that runs now, or any at the end, has put something off."""
        if not self._owes and not at_the_end:
            return
        layers, self._layers, self._owes = self._layers, [], False
        self._begin_layer()
        try:
            for layer in layers:
                for sql, rows in layer.items():
                    await self.many(sql, rows)
        except BaseException as error:
            self._failure = error
            raise

    @abstractmethod
    async def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run one change for each set of parameters."""


class Changing(Transaction, Protocol):
    """A transaction under way whose units put changes off."""

    def end_unit(self) -> None:
        """See `Deferring`."""

    async def catch_up(self, *, at_the_end: bool = False) -> None:
        """See `Deferring`."""


class Connection(Protocol):
    """What a driver does around a group."""

    async def begin(self) -> Changing:
        """Begin; raises `Unavailable`."""

    async def commit(self) -> None:
        """Put everything since `begin` on disk; raises `Again` or `Unavailable`."""

    async def rollback(self) -> None:
        """Undo everything since `begin`, if anything is open."""


class Writer:
    """Takes transactions in order and makes them in groups, until it is closed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: asyncio.Queue[Waiting | None] = asyncio.Queue()
        self._writing = asyncio.get_running_loop().create_task(self._write(), name="writer")

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Have a transaction made and wait until it is on disk."""
        outside_transaction("a transaction")  # it would wait for itself
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((work, future))
        return await future

    async def close(self) -> None:
        """Make what waits, then end."""
        self._waiting.put_nowait(None)
        await self._writing

    async def _write(self) -> None:
        enter_transaction()
        group: list[Waiting] = []
        while (first := await self._waiting.get()) is not None:
            if len(group) > 1 and self._waiting.qsize() < GROUP:
                await asyncio.sleep(GATHER)
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
                        future.set_exception(
                            error if isinstance(error, StorageError) else Unavailable(type(error).__name__)
                        )
        leave_transaction()

    async def _commit(self, group: list[Waiting]) -> None:
        try:
            results = await self._made(group)
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to whoever asked for the change
            if len(group) > 1 and not isinstance(error, Unavailable):
                for single in group:
                    await self._commit([single])
                return
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(group, results, strict=True):
            if not future.done():
                future.set_result(result)

    async def _made(self, group: list[Waiting]) -> list[Any]:
        for attempt in range(1, TRIES + 1):
            try:
                return await self._once(group)
            except Again:
                if attempt == TRIES:
                    raise
                await asyncio.sleep(PAUSE * attempt)
        raise AssertionError  # the last attempt returns or raises

    async def _once(self, group: list[Waiting]) -> list[Any]:
        try:
            tx = await self._connection.begin()
            results = []
            for work, _ in group:
                results.append(await work(tx))
                tx.end_unit()
            await tx.catch_up(at_the_end=True)
            await self._connection.commit()
        except BaseException:
            await self._connection.rollback()
            raise
        return results
