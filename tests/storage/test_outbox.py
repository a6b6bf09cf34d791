"""The outbox's rows: once for each cause, in order, put off, recorded."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage import outbox
from storage.outbox import Manner, Outcome
from tests.storage.conftest import NOW


async def add(database, person, card="note", subject=1, **more):
    return await database.transaction(lambda tx: outbox.add(tx, person.id, card, subject, **{"now": NOW, **more}))


async def due(database, now=NOW, **more):
    return await database.read(lambda tx: outbox.due(tx, now=now, **{"limit": 50, **more}))


async def test_a_row_is_a_card_and_ids(database, meet):
    """It comes back as it was written."""
    ann = await meet()
    assert await add(database, ann, "review", 17, args={"week": "2026-11-16", "n": 3}, manner=Manner.REFRESH)
    (letter,) = await due(database)
    assert (ann.id, "review", 17, {"week": "2026-11-16", "n": 3}, Manner.REFRESH, 0, NOW) == (
        letter.person_id, letter.card, letter.subject, letter.args, letter.manner, letter.attempts, letter.created_at,
    )  # fmt: skip


async def test_a_key_is_used_once(database, meet):
    """Also when it is tried at the same time, and also after the row has gone."""
    ann = await meet()
    added = await asyncio.gather(*(add(database, ann, unique_key="k") for _ in range(8)))
    assert 1 == sum(added)
    (letter,) = await due(database)
    await database.transaction(lambda tx: outbox.close(tx, letter.id, Outcome.SENT, now=NOW))
    assert not await add(database, ann, unique_key="k")
    assert await add(database, ann)
    assert await add(database, ann)


async def test_what_is_due_comes_by_priority_and_age(database, meet):
    """Replies first, then the older ones; what is due later is not listed."""
    ann = await meet()
    await add(database, ann, subject=1, priority=outbox.MANY, due_at=NOW - timedelta(hours=1))
    await add(database, ann, subject=2)
    await add(database, ann, subject=3, due_at=NOW - timedelta(minutes=1))
    await add(database, ann, subject=4, priority=outbox.REPLY)
    await add(database, ann, subject=5, due_at=NOW + timedelta(milliseconds=1))
    assert [4, 3, 2, 1] == [letter.subject for letter in await due(database)]
    assert [4, 3] == [letter.subject for letter in await due(database, limit=2)]
    assert 5 in [letter.subject for letter in await due(database, NOW + timedelta(seconds=1))]


async def test_people_can_be_left_out(database, meet):
    """Those to whom something is on its way wait."""
    ann, bob = await meet(1), await meet(2, "Bob")
    await add(database, ann)
    await add(database, bob)
    assert [bob.id] == [letter.person_id for letter in await due(database, but=[ann.id, 99])]


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.SETTLED, Outcome.FAILED, Outcome.STOPPED])
async def test_a_closed_row_stays_closed(database, meet, outcome):
    """It is not due any more, and what became of it is not changed again."""
    ann = await meet()
    await add(database, ann)
    (letter,) = await due(database)
    await database.transaction(lambda tx: outbox.close(tx, letter.id, outcome, now=NOW, failure="F"))
    await database.transaction(lambda tx: outbox.close(tx, letter.id, Outcome.SENT, now=NOW))
    assert [] == await due(database)
    row = await database.read(lambda tx: tx.one("SELECT state, failure, done_at FROM outbox"))
    assert (outcome.value, "F", NOW) == (row["state"], row["failure"], row["done_at"])
    assert not await database.read(lambda tx: outbox.is_waiting(tx, letter.id))


async def test_a_row_is_put_off(database, meet):
    """An attempt counts, a flood limit does not."""
    ann = await meet()
    await add(database, ann)
    (letter,) = await due(database)
    later = NOW + timedelta(minutes=1)
    await database.transaction(lambda tx: outbox.retry(tx, letter.id, now=NOW, due_at=later, failure="x"))
    await database.transaction(lambda tx: outbox.retry(tx, letter.id, now=NOW, due_at=later, failure="x", counts=False))
    assert [] == await due(database)
    (letter,) = await due(database, later)
    assert 1 == letter.attempts
    assert later == await database.read(outbox.next_due)


async def test_nothing_is_due_in_an_empty_outbox(database):
    """There is no next time."""
    assert None is await database.read(outbox.next_due)


async def test_outcomes_are_counted(database, meet):
    """For a broadcast: how many wait, were sent, failed; refreshed cards and replies do not count."""
    people = [await meet(n, f"P{n}") for n in range(1, 6)]
    for person in people:
        await add(database, person, "announcement", 3, priority=outbox.MANY)
    await add(database, people[0], "announcement", 3, manner=Manner.REFRESH)
    await add(database, people[0], "announcement", 4)
    letters = [letter for letter in await due(database) if letter.subject == 3 and letter.manner is Manner.PUSH]
    for letter, outcome in zip(letters, (Outcome.SENT, Outcome.SENT, Outcome.FAILED, Outcome.STOPPED), strict=False):
        await database.transaction(lambda tx, i=letter.id, o=outcome: outbox.close(tx, i, o, now=NOW))
    counted = await database.read(lambda tx: outbox.counts(tx, "announcement", 3))
    assert {Outcome.SENT: 2, Outcome.FAILED: 1, Outcome.STOPPED: 1, Outcome.WAITING: 1} == counted


async def test_many_get_one_each(database, meet):
    """The same card for many people is one row each, however often it is written."""
    people = [await meet(n, f"P{n}") for n in range(1, 4)]
    for _ in range(2):
        await database.transaction(
            lambda tx: outbox.add_many(tx, [p.id for p in people], "announcement", 3, now=NOW, key="announcement:3")
        )
    assert sorted(p.id for p in people) == sorted(letter.person_id for letter in await due(database))


async def test_what_waits_can_be_settled(database, meet):
    """A cancelled broadcast stops where it is."""
    ann, bob = await meet(1), await meet(2, "Bob")
    await add(database, ann, "announcement", 3)
    await add(database, bob, "announcement", 3)
    (first, *_rest) = await due(database)
    await database.transaction(lambda tx: outbox.close(tx, first.id, Outcome.SENT, now=NOW))
    assert 1 == await database.transaction(lambda tx: outbox.settle_waiting(tx, "announcement", 3, now=NOW))
    assert [] == await due(database)


async def test_a_row_from_the_future_does_not_wait_for_it(database, meet):
    """When the clock jumps back, what was written before goes now; put off again, it waits as everything does."""
    ann = await meet()
    ahead = NOW + timedelta(hours=3)
    await database.transaction(lambda tx: outbox.add(tx, ann.id, "note", 1, now=ahead, due_at=ahead))
    (letter,) = await due(database)
    later = NOW + timedelta(minutes=1)
    await database.transaction(lambda tx: outbox.retry(tx, letter.id, now=NOW, due_at=later, failure="x"))
    assert [] == await due(database)
    assert [letter.id] == [letter.id for letter in await due(database, later)]
