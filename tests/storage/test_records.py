"""Everything kept about one person: whose each table is, and that nobody else's account is read with it."""

from __future__ import annotations

import pytest

from storage import records, schema
from storage.database import open_database
from tests.databases import KINDS
from tests.storage.whole import filled


async def test_of_every_table_it_is_decided_whose_it_is(database):
    """A new table is in `storage.records`: with the rows that are a person's, or with the reason why it is nobody's."""
    tables = {table.name for table in await database.read(schema.tables)}
    told = {record.table for record in records.RECORDS}
    assert tables == told | set(records.OF_NOBODY)
    assert set() == told & set(records.OF_NOBODY)
    names = [record.name for record in records.RECORDS]
    assert len(names) == len(set(names))


async def test_what_is_hidden_is_there(database):
    """A column that is left out, or renamed later, is noticed."""
    columns = {table.name: {name for name, _ in table.columns} for table in await database.read(schema.tables)}
    for record in records.RECORDS:
        assert set(record.hides) <= columns[record.table]


async def test_columns_that_point_at_people_are_found(database):
    """On either kind of database alike."""
    found = await database.read(lambda tx: schema.pointers_to(tx, "people"))
    assert {("students", "person_id"), ("placements", "mentor_id"), ("reviews", "reviewer_id")} <= found
    assert ("students", "class_id") not in found


@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_elses_account_is_read(kind, tmp_path):
    """Of a database that has rows everywhere each person gets their own, and other people only by their names."""
    database = await open_database(await filled(kind, tmp_path))
    try:

        async def work(tx):
            people = await tx.all("SELECT id, telegram_id FROM people ORDER BY id")
            sql = await records.statements(tx)
            named = await schema.pointers_to(tx, "people")
            tables = {record.name: record.table for record in records.RECORDS}
            found = set()
            for person in people:
                for name, statement in sql.items():
                    async for page in records.pages(tx, statement, person["id"]):
                        found.add(name)
                        for row in page:
                            at_people = [key for key in row if (tables[name], key) in named]
                            assert all(row[key] is None or isinstance(row[key], str) for key in at_people)
                            assert name == "person" or "telegram_id" not in row
                            assert name != "person" or row["telegram_id"] == person["telegram_id"]
            return set(sql) - found

        # Nobody did anything there to a record that is there; see tests.handlers.test_mydata.
        assert {"acts_about_me"} == await database.snapshot(work)
    finally:
        await database.close()
