"""Whole databases: one with a few rows in every table, and everything that one holds, to be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storage import transfer
from storage.database import Database, open_database
from storage.transfer import DatabaseSource
from tests.databases import fresh
from tests.storage.test_earlier import FIXTURES, load


def nothing_said(*_: object) -> None:
    """Progress that nobody looks at."""


async def filled(kind: str, folder: Path) -> str:
    """The URL of a database of a kind that has rows in every table."""
    url = load(FIXTURES[-1], folder / "everything.db")
    if kind == "sqlite":
        await (await open_database(url)).close()
        return url
    target = fresh(kind, folder)
    database = await open_database(target)
    await copy(url, database)
    await database.close()
    return target


async def copy(url: str, target: Database, **options: bool) -> Any:
    """Copy everything from a URL into an open database."""
    source = await open_database(url)

    async def work(tx):
        return await transfer.move_in(target, await DatabaseSource.of(tx), nothing_said, **options)

    try:
        return await source.snapshot(work)
    finally:
        await source.close()


async def everything(url: str) -> dict[str, Any]:
    """Every row of every table, and the last number that each has given out; only SQLite knows 0."""
    database = await open_database(url)

    async def work(tx):
        source = await DatabaseSource.of(tx)
        found: dict[str, Any] = {each.table.name: [] for each in source.holdings}
        for each in source.holdings:
            async for page in source.pages(each.table):
                found[each.table.name] += page
            found[each.table.name].sort(key=lambda row: str(list(row.values())[:3]))
        return found | {"last": {each.table.name: each.last or None for each in source.holdings}}

    try:
        return await database.snapshot(work)
    finally:
        await database.close()
