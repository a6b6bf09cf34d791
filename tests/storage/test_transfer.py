"""Carrying a school over: every row arrives, of every kind, into every kind of database, or nothing does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from domain.people import Language
from storage import lines, migrate, people, schema, search, transfer
from storage.database import open_database
from storage.schema import Kind, Table, Untransferable
from storage.transfer import DatabaseSource, NotEmpty
from tests.databases import KINDS, empty, fresh
from tests.storage.test_earlier import FIXTURES, load
from tests.storage.whole import copy, everything, filled, nothing_said

PAIRS = [(here, there) for here in KINDS for there in KINDS]
EMPTIED = "DELETE FROM log_files"


@pytest.fixture(params=PAIRS, ids="-".join)
async def moved(request, tmp_path):
    """A full database of each kind, and a fresh one of each kind that is open."""
    here, there = request.param
    (tmp_path / "there").mkdir()
    origin, target = await filled(here, tmp_path), fresh(there, tmp_path / "there")
    database = await open_database(target)
    yield origin, target, database
    await database.close()


async def test_every_row_of_every_table_arrives(moved):
    """The copy is equal, its counts are told, and the ids that were given out are not given out again."""
    origin, target, database = moved
    counts = await copy(origin, database)
    whole = await everything(origin)
    assert whole == await everything(target)
    assert {name: (len(rows), len(rows)) for name, rows in whole.items() if name != "last"} == {
        name: (here, there) for name, here, there in counts
    }
    assert 10 == whole["last"]["people"]
    newcomer = await database.transaction(
        lambda tx: people.meet(tx, telegram_id=77, name="New", language=Language.ENGLISH, time_zone="UTC", now=NOW)
    )
    assert 11 == newcomer.id


NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)


async def test_posts_are_found_in_the_copy(moved):
    """What posts are found by is made anew in the other database's own way."""
    origin, _, database = moved
    await copy(origin, database)

    async def found(tx):
        source, matches, _, asked = search.matching(tx, "一年级")
        return await tx.all(f"SELECT p.id FROM {source} WHERE TRUE {matches}", **asked)

    assert [1] == [row["id"] for row in await database.read(found)]


async def test_a_database_that_holds_something_is_left_alone(moved):
    """Unless it is to be replaced; then everything in it goes."""
    origin, target, database = moved
    await database.transaction(
        lambda tx: people.meet(tx, telegram_id=7, name="Old", language=Language.ENGLISH, time_zone="UTC", now=NOW)
    )
    before = await everything(target)
    with pytest.raises(NotEmpty, match="holds 1 rows, 1 of them people"):
        await copy(origin, database)
    assert before == await everything(target)
    await copy(origin, database, replace=True)
    assert await everything(origin) == await everything(target)


class Broken:
    """A source whose last table cannot be read."""

    def __init__(self, whole: DatabaseSource) -> None:
        self.holdings = whole.holdings
        self._whole = whole

    async def pages(self, table):
        if table == self.holdings[-1].table:
            raise Untransferable("the disk is gone")
        async for page in self._whole.pages(table):
            yield page


class Short(Broken):
    """A source that gives fewer rows than it says."""

    async def pages(self, table):
        async for page in self._whole.pages(table):
            yield page[1:]


@pytest.mark.parametrize(("kind_of_source", "words"), [(Broken, "the disk is gone"), (Short, "3 rows of .* became 2")])
async def test_what_breaks_off_changes_nothing(moved, kind_of_source, words):
    """All of it is one transaction, which counts before it commits."""
    origin, target, database = moved
    before = await everything(target)
    source = await open_database(origin)

    async def work(tx):
        return await transfer.move_in(database, kind_of_source(await DatabaseSource.of(tx)), nothing_said)

    with pytest.raises(Untransferable, match=words):
        await source.snapshot(work)
    await source.close()
    assert {**before, "last": None} == {**await everything(target), "last": None}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_copy_is_of_one_moment(tmp_path, kind):
    """What is written while it is being read is not in it, in no table."""
    origin = await filled(kind, tmp_path)
    before = await everything(origin)
    (tmp_path / "there").mkdir()
    target = fresh("sqlite", tmp_path / "there")
    database, source = await open_database(target), await open_database(origin)

    async def work(tx):
        whole = await DatabaseSource.of(tx)
        await source.transaction(lambda other: other.run(EMPTIED))
        return await transfer.move_in(database, whole, nothing_said)

    await source.snapshot(work)
    await database.close()
    await source.close()
    assert before == await everything(target)
    assert [] == (await everything(origin))["log_files"]


async def test_a_kind_of_table_that_is_not_known_is_refused(database):
    """Nothing is left out silently."""
    await database.transaction(lambda tx: tx.run("CREATE TABLE pictures (content NUMERIC)"))
    with pytest.raises(Untransferable, match=r"pictures\.content is of a kind that cannot be copied"):
        await database.read(schema.tables)


async def test_tables_of_another_shape_are_refused(moved):
    """A column more on either side, and nothing is copied."""
    origin, _, database = moved
    await database.transaction(lambda tx: tx.run("ALTER TABLE cards ADD COLUMN colour TEXT"))
    with pytest.raises(Untransferable, match="run `shixi migrate` first"):
        await copy(origin, database)


async def test_both_kinds_have_the_same_tables(tmp_path):
    """Column by column, each behind what it points at; and they are those of the migrations."""
    found = {}
    for kind in KINDS:
        database = await open_database(fresh(kind, tmp_path))
        found[kind] = await database.read(schema.tables)
        await database.close()
    assert found["sqlite"] == found["postgresql"]
    statements = [text for step in migrate.migrations("sqlite") for text in step.statements]
    made = re.findall(r"^CREATE TABLE (\w+) \(", "\n".join(statements), re.MULTILINE)
    assert set(made) == {table.name for table in found["sqlite"]}
    place = {table.name: number for number, table in enumerate(found["sqlite"])}
    for text in statements:
        if child := re.match(r"CREATE TABLE (\w+) \(", text):
            assert all(place[parent] < place[child[1]] for parent in re.findall(r"REFERENCES (\w+)", text))


async def test_a_sign_that_postgresql_does_not_take(tmp_path):
    """It is said where it is, and nothing is copied."""
    origin, target = await filled("sqlite", tmp_path), fresh("postgresql", tmp_path)
    source, database = await open_database(origin), await open_database(target)
    await source.transaction(lambda tx: tx.run("UPDATE schools SET name = :name WHERE id = 1", name="a\x00b"))
    await source.close()
    with pytest.raises(Untransferable, match=r"schools\.name holds a NUL character"):
        await copy(origin, database)
    assert None is await database.read(transfer.occupied)
    await database.close()


@pytest.mark.parametrize("number", sorted({int(path.name[:4]) for path in FIXTURES}))
async def test_postgresql_comes_to_the_newest_from_every_version_too(tmp_path, number):
    """With every row: a database of that version is filled with what SQLite's holds, and brought up to date."""
    fixture = max(path for path in FIXTURES if path.name.startswith(f"{number:04}_"))
    url, target = load(fixture, tmp_path / "old.db"), empty("postgresql", tmp_path)
    source, earlier = await open_database(url, up_to=number), await open_database(target, up_to=number)

    async def work(tx):
        whole = await DatabaseSource.of(tx)
        await earlier.transaction(lambda other: transfer.fill(other, whole, nothing_said))

    await source.snapshot(work)
    await source.close()
    await earlier.close()
    assert await everything(url) == await everything(target)


THINGS = Table("things", tuple((kind.value, kind) for kind in Kind), None)
ROW = {
    "int": -(2**63),
    "float": 0.1 + 0.2,
    "text": 'a "quote"\n\\ 🙂 一\u2028\x00',
    "bool": False,
    "time": datetime(2026, 11, 16, 1, 0, 0, 1000, tzinfo=UTC),
    "date": date(2026, 11, 16),
}


@pytest.mark.parametrize("row", [ROW, dict.fromkeys(ROW), ROW | {"float": -0.0, "bool": True, "text": ""}])
def test_a_row_is_the_same_after_its_line(row):
    """Every kind of value, and nothing; in one line."""
    line = lines.encode(THINGS, row)
    assert 1 == line.count(b"\n")
    read = lines.decode(THINGS, line)
    assert repr(row) == repr(read)


def test_a_zone_is_no_difference():
    """A moment stays the same moment."""
    moment = ROW["time"].astimezone(timezone(timedelta(hours=8)))
    assert ROW == lines.decode(THINGS, lines.encode(THINGS, ROW | {"time": moment}))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[1]",
        b'[1, 1.0, "a", true, "2026-11-16T01:00:00+00:00", "2026-11-16", 1]',
        b'["1", 1.0, "a", true, "2026-11-16T01:00:00+00:00", "2026-11-16"]',
        b'[true, 1.0, "a", true, "2026-11-16T01:00:00+00:00", "2026-11-16"]',
        b'[9223372036854775808, 1.0, "a", true, "2026-11-16T01:00:00+00:00", "2026-11-16"]',
        b'[1, NaN, "a", true, "2026-11-16T01:00:00+00:00", "2026-11-16"]',
        b'[1, 1e999, "a", true, "2026-11-16T01:00:00+00:00", "2026-11-16"]',
        b'[1, 1.0, 5, true, "2026-11-16T01:00:00+00:00", "2026-11-16"]',
        b'[1, 1.0, "\\ud800", true, "2026-11-16T01:00:00+00:00", "2026-11-16"]',
        b'[1, 1.0, "a", 1, "2026-11-16T01:00:00+00:00", "2026-11-16"]',
        b'[1, 1.0, "a", true, "2026-11-16T01:00:00", "2026-11-16"]',
        b'[1, 1.0, "a", true, 5, "2026-11-16"]',
        b'[1, 1.0, "a", true, "2026-11-16T01:00:00+00:00", "tomorrow"]',
    ],
)
def test_a_line_that_is_no_row_is_refused(line):
    """Never guessed at."""
    with pytest.raises(Untransferable, match="things"):
        lines.decode(THINGS, line)


@pytest.mark.parametrize("value", [{"float": float("nan")}, {"int": "5"}, {"text": 5}, {"bool": 1}, {"int": 2**63}])
def test_a_value_of_another_kind_is_not_written(value):
    """SQLite keeps whatever it is given; a backup says where that is."""
    name = next(iter(value))
    with pytest.raises(Untransferable, match=rf"things\.{name} holds something"):
        THINGS.checked(ROW | value)


def test_a_whole_number_of_hours_is_a_float():
    """As SQLite may hold it."""
    checked = replace(THINGS, columns=(("float", Kind.FLOAT),)).checked({"float": 8})
    assert "8.0" == repr(checked["float"])


async def test_many_rows_again_and_again(database):
    """Each page is its own change of many rows; one is over before the next one begins."""
    await database.transaction(lambda tx: tx.run("CREATE TABLE numbers (n BIGINT, words TEXT)"))
    pages = [[{"n": page * 500 + row, "words": "x" * 500} for row in range(500)] for page in range(200)]

    async def work(tx):
        for page in pages:
            await tx.many("INSERT INTO numbers (n, words) VALUES (:n, :words)", page)

    await database.transaction(work)
    rows = await database.read(lambda tx: tx.all("SELECT count(DISTINCT n) AS n FROM numbers"))
    assert 100_000 == rows[0]["n"]
