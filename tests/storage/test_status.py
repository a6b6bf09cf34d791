"""What waits in the database is counted as it is, and without reading what does not wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import files, inbox, outbox, schedule, status
from storage.outbox import MANY, PARCEL, PERSONAL, REPLY, Outcome
from storage.status import Queue
from tests.storage.conftest import NOW

SOON, LATE = NOW + timedelta(minutes=1), NOW - timedelta(minutes=5)


async def seen(database):
    return await database.read(lambda tx: status.depths(tx, now=NOW))


async def test_nothing_waits_in_a_new_school(database):
    """Every count is zero, and nothing is the oldest."""
    nothing = await seen(database)
    assert {REPLY: Queue(), PERSONAL: Queue(), MANY: Queue(), PARCEL: Queue()} == nothing.outbox
    assert (0, Queue(), Queue(), 0) == (nothing.later, nothing.reminders, nothing.inbox, nothing.files)


async def test_the_newest_migration_is_read(database):
    """The proof that the database answers names the schema that it has."""
    newest = await database.read(lambda tx: tx.all("SELECT number FROM migrations"))
    assert max(row["number"] for row in newest) == await database.read(status.newest_migration)


async def test_messages_are_counted_by_priority_and_from_when_they_are_due(database, meet):
    """What is done with does not count, and what is held back counts apart."""
    ann = await meet()

    async def write(tx):
        for priority, due in ((PERSONAL, LATE), (PERSONAL, NOW), (MANY, NOW), (MANY, SOON), (REPLY, SOON)):
            await outbox.add(tx, ann.id, "note", now=NOW, priority=priority, due_at=due)
        await outbox.add(tx, ann.id, "note", 7, now=NOW)
        (sent,) = [letter for letter in await outbox.due(tx, now=NOW, limit=9) if letter.subject == 7]
        await outbox.close(tx, sent.id, Outcome.SENT, now=NOW)

    await database.transaction(write)
    depths = await seen(database)
    assert {REPLY: Queue(), PERSONAL: Queue(2, LATE), MANY: Queue(1, NOW), PARCEL: Queue()} == depths.outbox
    assert 2 == depths.later


async def test_reminders_are_late_once_their_time_has_come(database):
    """The oldest says how late they are."""

    async def write(tx):
        for subject, due in ((1, NOW), (2, LATE), (3, SOON)):
            await schedule.put(tx, "placement", subject, due)

    await database.transaction(write)
    assert Queue(2, LATE) == (await seen(database)).reminders


async def test_updates_wait_until_they_are_finished(database):
    """Tombstones do not count, nor what was set aside."""

    async def write(tx):
        await inbox.store(tx, [(1, "{}"), (2, "{}")], now=LATE)
        await inbox.store(tx, [(3, "{}"), (4, "{}")], now=NOW)
        await inbox.finish(tx, 1, now=NOW)
        await inbox.set_aside(tx, 3, failure="ABC123", now=NOW)

    await database.transaction(write)
    assert Queue(2, LATE) == (await seen(database)).inbox


async def test_files_wait_until_they_are_copied_or_given_up(database, meet):
    """A copy that is tried again later still waits."""
    ann = await meet()

    async def write(tx):
        made = [await files.add(tx, owner_id=ann.id, kind="photo", telegram_file_id=name, now=NOW) for name in "abcd"]
        await files.keep(tx, made[0], sha256="00", size=1)
        await files.try_again(tx, made[1], at=None)
        await files.try_again(tx, made[2], at=SOON)

    await database.transaction(write)
    assert 2 == (await seen(database)).files


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
async def test_no_count_walks_through_a_whole_table(database):
    """Every question is answered from an index of what waits, however much has been done before."""
    asked = []

    class Listening:
        def __init__(self, tx) -> None:
            self.tx = tx

        async def one(self, sql: str, **parameters):
            plan = await self.tx.all(f"EXPLAIN QUERY PLAN {sql}", **parameters)
            asked.extend((sql, row["detail"]) for row in plan)
            return await self.tx.one(sql, **parameters)

    async def look(tx):
        await status.newest_migration(Listening(tx))
        await status.depths(Listening(tx), now=NOW)

    await database.read(look)
    steps = [(sql, step) for sql, step in asked if step.startswith(("SCAN", "SEARCH"))]
    assert len(steps) > 8
    assert [] == [
        (sql, step)
        for sql, step in steps
        if "INDEX" not in step and "PRIMARY KEY" not in step and "migrations" not in sql
    ]
