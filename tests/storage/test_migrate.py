"""Migrations: from empty and from every earlier version to the newest, in order, once."""

from __future__ import annotations

import asyncio
import re

import pytest

from storage import migrate
from storage.database import open_database
from tests.databases import KINDS, empty

NEWEST = migrate.migrations("sqlite")[-1].number
NUMBERS = [step.number for step in migrate.migrations("sqlite")]
SHAPE = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name",
    "postgresql": """SELECT table_name || '.' || column_name AS name, data_type || is_nullable || is_identity
            || COALESCE(column_default, '') AS sql FROM information_schema.columns WHERE table_schema = 'public'
        UNION SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace ORDER BY name""",
}


@pytest.fixture(params=KINDS)
def address(request, tmp_path) -> str:
    """Where a database without any table is."""
    return empty(request.param, tmp_path)


async def bring(url: str, up_to: int | None = None) -> dict[str, str]:
    """Bring a database up to date, or to a step, and return the shape that it has then."""
    database = await open_database(url, up_to=up_to)
    try:
        rows = await database.read(lambda tx: tx.all(SHAPE[tx.kind]))
        return {row["name"]: row["sql"] for row in rows}
    finally:
        await database.close()


@pytest.mark.parametrize("earlier", [0, *NUMBERS])
async def test_every_earlier_version_comes_to_the_newest(address, tmp_path, earlier):
    """Wherever a database stands, it ends with the same tables as a fresh one."""
    await bring(address, up_to=earlier)
    (tmp_path / "b").mkdir()
    fresh = await bring(empty(address.partition(":")[0], tmp_path / "b"))
    assert fresh == await bring(address)


async def test_a_second_time_changes_nothing(address):
    """Each step is applied once."""
    assert await bring(address) == await bring(address)
    database = await open_database(address)
    rows = await database.read(lambda tx: tx.all("SELECT number FROM migrations ORDER BY number"))
    await database.close()
    assert NUMBERS == [row["number"] for row in rows]


async def test_several_programs_at_once(address):
    """Those that open the same new database at the same time all find it up to date."""
    for database in await asyncio.gather(*(open_database(address) for _ in range(3))):
        await database.close()


@pytest.mark.parametrize("kind", KINDS)
def test_steps_are_numbered_without_gaps(kind):
    """1, 2, 3 … for each kind of database, with a name that says what it is for."""
    files = sorted(path.name for path in migrate.FOLDER.glob("*.sql"))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+(\.(sqlite|postgresql))?\.sql", name) for name in files), files
    assert list(range(1, NEWEST + 1)) == [step.number for step in migrate.migrations(kind)]


@pytest.mark.parametrize("kind", KINDS)
def test_statements_are_whole(kind):
    """No comment is left, nothing is empty, and no place for the dialect is unfilled."""
    for step in migrate.migrations(kind):
        for statement in step.statements:
            assert statement
            assert "--" not in statement
            assert not re.search(r"\{\w", statement)
