"""Carries a school's rows from one place to another: between databases of any kind, into a backup and out of one.

Whatever rows can be read from is a `Source`; filling a database from it is the same for all of them.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from storage import posts, schema
from storage.database import open_database
from storage.errors import StorageError
from storage.schema import Kind, Table, Untransferable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from storage.database import Database, Snapshot, Transaction

    Progress = Callable[[str, int, int], None]  # what is being done, how much of how much

PAGE = 500  # rows at a time


class NotEmpty(Untransferable):
    """The database to fill holds something already; `people` says how many people."""

    def __init__(self, rows: int, people: int) -> None:
        super().__init__(f"the database is not empty: it holds {rows:,} rows, {people:,} of them people")


@dataclass(frozen=True, slots=True)
class Holding:
    """What a source has of a table: how many rows, and the last number that was given out."""

    table: Table
    rows: int
    last: int | None


class Source(Protocol):
    """Where rows come from; may be read more than once."""

    @property
    def holdings(self) -> Sequence[Holding]:
        """The tables, each behind those that it points at."""

    def pages(self, table: Table) -> AsyncIterator[list[dict[str, Any]]]:
        """Go through the rows of a table; raises `Untransferable`."""


class DatabaseSource:
    """The tables of a database as they are at one moment."""

    def __init__(self, tx: Snapshot, holdings: Sequence[Holding]) -> None:
        self._tx = tx
        self.holdings = holdings

    @classmethod
    async def of(cls, tx: Snapshot) -> DatabaseSource:
        """Count what a snapshot holds."""
        tables = await schema.tables(tx)
        return cls(tx, [Holding(table, await _count(tx, table), await _last(tx, table)) for table in tables])

    async def pages(self, table: Table) -> AsyncIterator[list[dict[str, Any]]]:
        async for page in self._tx.pages(f"SELECT {table.names} FROM {table.name}", size=PAGE):
            yield [table.checked(row) for row in page]


async def tables_of_version(number: int) -> list[Table]:
    """Return the tables as the migrations up to a number make them."""
    with tempfile.TemporaryDirectory() as folder:
        database = await open_database(f"sqlite:///{folder}/empty.db", up_to=number)
        try:
            return await database.read(schema.tables)
        finally:
            await database.close()


async def occupied(tx: Transaction) -> NotEmpty | None:
    """Return what keeps a database from being filled, if anything does."""
    counts = {table.name: await _count(tx, table) for table in await schema.tables(tx)}
    return NotEmpty(sum(counts.values()), counts.get("people", 0)) if any(counts.values()) else None


async def move_in(
    target: Database, source: Source, progress: Progress, *, replace: bool = False
) -> Sequence[tuple[str, int, int]]:
    """Fill a database of the same version in one transaction, and make the search for posts anew.

    Returns each table with its rows here and there, which are equal. Raises `NotEmpty` unless what is there is to be
    replaced, and `Untransferable`; then nothing has changed.
    """

    async def work(tx: Transaction) -> Sequence[tuple[str, int, int]]:
        full = await occupied(tx)
        if full and not replace:
            raise full
        if full:
            for table in reversed(await schema.tables(tx)):
                await tx.run(f"DELETE FROM {table.name}")
        counts = await fill(tx, source, progress)
        total = {name: there for name, _, there in counts}["posts"]
        await posts.make_search_anew(tx, lambda done: progress("posts to be found", done, total))
        return counts

    return await target.transaction(work)


async def fill(tx: Transaction, source: Source, progress: Progress) -> Sequence[tuple[str, int, int]]:
    """Put every row of a source into a database whose tables are as the source's, and compare the counts."""
    if {each.table for each in source.holdings} != set(await schema.tables(tx)):
        raise Untransferable("the tables are not as this version of Shixi makes them; run `shixi migrate` first")
    done, counts = 0, []
    total = sum(each.rows for each in source.holdings)
    for holding in source.holdings:
        table = holding.table
        marks = ", ".join(f":{name}" for name, _ in table.columns)
        async for page in source.pages(table):
            _without_nul(tx, table, page)
            try:
                await tx.many(f"INSERT INTO {table.name} ({table.names}) VALUES ({marks})", page)
            except StorageError:
                raise
            except Exception as error:  # whatever the driver does not take, such as a number that is too large
                raise Untransferable(f"rows of {table.name} do not fit ({type(error).__name__})") from error
            progress("rows", done := done + len(page), total)
        await _go_on_from(tx, table, holding.last)
        counts.append((table.name, holding.rows, await _count(tx, table)))
        if counts[-1][1] != counts[-1][2]:
            raise Untransferable(f"{counts[-1][1]:,} rows of {table.name} became {counts[-1][2]:,}")
    return counts


def _without_nul(tx: Transaction, table: Table, page: Sequence[Mapping[str, Any]]) -> None:
    if tx.kind != "postgresql":
        return
    texts = [name for name, kind in table.columns if kind is Kind.TEXT]
    for row in page:
        for name in texts:
            if "\x00" in (row[name] or ""):
                raise Untransferable(f"{table.name}.{name} holds a NUL character, which PostgreSQL does not take")


async def _count(tx: Transaction, table: Table) -> int:
    row = await tx.one(f"SELECT count(*) AS n FROM {table.name}")
    return int(row["n"]) if row else 0


async def _last(tx: Transaction, table: Table) -> int | None:
    """Return the last number that a table gave out, also if its row is gone."""
    if table.counted is None:
        return None
    if tx.kind == "sqlite":
        row = await tx.one("SELECT seq AS last FROM sqlite_sequence WHERE name = :name", name=table.name)
    else:
        row = await tx.one(
            "SELECT pg_sequence_last_value(pg_get_serial_sequence(:name, :counted)::regclass) AS last",
            name=table.name,
            counted=table.counted,
        )
    return None if row is None else row["last"]


async def _go_on_from(tx: Transaction, table: Table, last: int | None) -> None:
    """Let a table give out the numbers behind `last`, since ids put in by hand do not move PostgreSQL's sequences."""
    before = await _last(tx, table)
    if not last or table.counted is None or (before is not None and before >= last):
        return  # a table whose only number is 0 (the template of a class that has chosen none) begins at 1
    if tx.kind == "postgresql":
        await tx.all(
            "SELECT setval(pg_get_serial_sequence(:name, :counted)::regclass, :last)",
            name=table.name,
            counted=table.counted,
            last=last,
        )
    elif before is None:
        await tx.run("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)", name=table.name, seq=last)
    else:
        await tx.run("UPDATE sqlite_sequence SET seq = :seq WHERE name = :name", name=table.name, seq=last)
