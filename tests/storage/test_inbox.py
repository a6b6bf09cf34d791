"""The inbox: stored before Telegram forgets, applied in one commit with the effect, kept as a tombstone."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from storage import inbox
from storage.errors import AlreadyApplied
from tests.storage.conftest import NOW


async def store(database, *ids):
    return await database.transaction(lambda tx: inbox.store(tx, [(n, f'{{"update_id":{n}}}') for n in ids], now=NOW))


async def unfinished(database):
    return [item.update_id for item in await database.read(inbox.unfinished)]


async def test_only_new_updates_are_told(database):
    """A batch that repeats some updates gives those that were not there, in order."""
    assert [3, 4] == await store(database, 3, 4)
    assert [5] == await store(database, 3, 5, 4)
    assert [3, 4, 5] == await unfinished(database)


async def test_large_ids_fit(database):
    """Telegram's ids grow beyond 32 bits."""
    assert [2**40] == await store(database, 2**40)


async def test_the_effect_and_its_mark_are_one_commit(database):
    """If the effect fails, nothing says that it was made."""
    await store(database, 1)

    async def work(tx):
        await inbox.apply(tx, 1, "[]")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.transaction(work)
    (item,) = await database.read(inbox.unfinished)
    assert item.reply is None
    await database.transaction(lambda tx: inbox.apply(tx, 1, "[1]"))
    (item,) = await database.read(inbox.unfinished)
    assert "[1]" == item.reply
    assert "[1]" == await database.read(lambda tx: inbox.reply_of(tx, 1))


async def test_a_finished_update_stays_as_a_tombstone(database):
    """It is not handed on again, and a redelivery is not new."""
    await store(database, 1, 2)
    await database.transaction(lambda tx: inbox.finish(tx, 1, now=NOW))
    assert [2] == await unfinished(database)
    assert [] == await store(database, 1)


async def test_tombstones_below_an_offset_are_forgotten(database):
    """Unfinished and set-aside ones stay, and so do those that Telegram may send again."""
    await store(database, 1, 2, 3, 4)
    for number in (1, 4):
        await database.transaction(lambda tx, n=number: inbox.finish(tx, n, now=NOW))
    await database.transaction(lambda tx: inbox.set_aside(tx, 2, failure="ABC123", now=NOW))
    await database.transaction(lambda tx: inbox.forget(tx, below=4))
    rows = await database.read(lambda tx: tx.all("SELECT update_id FROM inbox ORDER BY update_id"))
    assert [2, 3, 4] == [row["update_id"] for row in rows]


async def test_failures_are_counted(database):
    """Each attempt counts one; of an update that is not there, none."""
    await store(database, 1)
    assert [1, 2] == [await database.transaction(lambda tx: inbox.fail(tx, 1)) for _ in range(2)]
    assert 0 == await database.transaction(lambda tx: inbox.fail(tx, 99))
    (item,) = await database.read(inbox.unfinished)
    assert 2 == item.attempts


async def test_what_is_set_aside_is_finished_with_its_failure(database):
    """The id under which the error is in the journal is kept with the update."""
    await store(database, 1)
    await database.transaction(lambda tx: inbox.set_aside(tx, 1, failure="ABC123", now=NOW))
    assert [] == await unfinished(database)
    row = await database.read(lambda tx: tx.one("SELECT failure, finished_at FROM inbox"))
    assert ("ABC123", NOW) == (row["failure"], row["finished_at"])


async def test_batches_at_the_same_time_store_each_update_once(database):
    """Two pollers by mistake do not double an update."""
    told = await asyncio.gather(*(store(database, *range(20)) for _ in range(4)))
    assert list(range(20)) == sorted(number for batch in told for number in batch)


async def test_an_effect_is_marked_once(database):
    """Whoever comes second is told, and leaves the first answer."""
    await store(database, 3)
    await database.transaction(lambda tx: inbox.apply(tx, 3, "first"))
    with pytest.raises(AlreadyApplied):
        await database.transaction(lambda tx: inbox.apply(tx, 3, "second"))
    assert "first" == await database.read(lambda tx: inbox.reply_of(tx, 3))


async def test_what_is_unfinished_is_read_in_pages(database):
    """Each page goes on behind the last, in order."""
    await store(database, *range(10, 15))
    pages = [
        [item.update_id for item in await database.read(partial(inbox.unfinished, after=after, limit=2))]
        for after in (-1, 11, 13, 14)
    ]
    assert [[10, 11], [12, 13], [14], []] == pages
