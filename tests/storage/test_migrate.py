"""Migrations: from empty and from every earlier version to the newest, in order, once."""

from __future__ import annotations

import asyncio
import re
import sqlite3

import aiosqlite
import pytest

from storage import migrate
from storage.database import open_database
from storage.sqlite import SqliteTransaction

NEWEST = migrate.migrations("sqlite")[-1].number
NUMBERS = [step.number for step in migrate.migrations("sqlite")]


async def schema(file) -> dict[str, str]:
    """The tables and indexes of a file."""
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    connection.close()
    return dict(rows)


async def bring(file, up_to: int | None = None) -> int:
    connection = await aiosqlite.connect(file, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        return await migrate.migrate(SqliteTransaction(connection), "sqlite", up_to=up_to)
    finally:
        await connection.close()


@pytest.mark.parametrize("earlier", [0, *NUMBERS])
async def test_every_earlier_version_comes_to_the_newest(tmp_path, earlier):
    """Wherever a database stands, it ends with the same tables as a fresh one."""
    await bring(tmp_path / "old.db", up_to=earlier)
    assert NEWEST == await bring(tmp_path / "old.db")
    await bring(tmp_path / "fresh.db")
    assert await schema(tmp_path / "fresh.db") == await schema(tmp_path / "old.db")


async def test_a_second_time_changes_nothing(tmp_path):
    """Each step is applied once."""
    for _ in range(2):
        assert NEWEST == await bring(tmp_path / "a.db")
    with sqlite3.connect(tmp_path / "a.db") as connection:
        applied = [number for (number,) in connection.execute("SELECT number FROM migrations ORDER BY number")]
    connection.close()
    assert NUMBERS == applied


async def test_several_programs_at_once(tmp_path):
    """Two that open the same new file at the same time both find it up to date."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    for database in await asyncio.gather(*(open_database(url) for _ in range(3))):
        await database.close()


def test_steps_are_numbered_without_gaps():
    """1, 2, 3 … for each dialect, with a name that says what it is for."""
    files = sorted(path.name for path in migrate.FOLDER.glob("*.sql"))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+(\.(sqlite|postgresql))?\.sql", name) for name in files), files
    assert list(range(1, NEWEST + 1)) == NUMBERS


def test_statements_are_whole():
    """No comment is left, nothing is empty, and no place for the dialect is unfilled."""
    for step in migrate.migrations("sqlite"):
        for statement in step.statements:
            assert statement
            assert "--" not in statement
            assert not re.search(r"\{\w", statement)
