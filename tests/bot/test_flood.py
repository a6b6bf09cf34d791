"""Telegram's own limits, not the generous ones of the other tests: nothing comes twice, everything comes."""

from __future__ import annotations

import pytest

from simulator.server import Limits, Simulator
from storage import outbox
from tests.conftest import MovedClock, World, settings_for
from tests.people import make_school


@pytest.fixture
async def strict(tmp_path):
    """A world with a small burst for each chat, and a bot that does not hold back by itself."""
    clock = MovedClock()
    simulator = Simulator(clock=clock, limits=Limits(per_second=1000, per_chat_burst=4, per_chat_per_second=4))
    await simulator.start()
    world = World(simulator, settings_for(simulator.url, tmp_path), clock)
    try:
        await world.start()
        yield world
    finally:
        await world.close()


async def test_a_flood_limit_in_the_middle_of_a_long_card_repeats_no_part(strict):
    """Cards of three messages each arrive whole and once, though the limit is met again and again."""
    school = await make_school(strict)
    long = "\n".join(f"line {number} " + "x" * 60 for number in range(110))

    async def write(tx):
        for number in range(3):
            await tx.run(
                """INSERT INTO announcements (school_id, author_id, text, state, created_at)
                VALUES (:school, :author, :text, 'sent', :now)""",
                school=school.id,
                author=school.coordinator.id,
                text=f"number {number}\n{long}",
                now=strict.clock(),
            )
            await tx.run(
                "INSERT INTO announcement_recipients (announcement_id, person_id) VALUES (:id, :person)",
                id=number + 1,
                person=school.mentor.id,
            )
            await outbox.add(tx, school.mentor.id, "announcement", number + 1, now=strict.clock())

    before = len(await school.mentor.from_bot())
    await strict.database.transaction(write)
    await strict.telegram.post(f"chats/{school.mentor.phone.id}/text", text="/help")
    for _ in range(600):
        waiting = await strict.database.read(outbox.next_due)
        if waiting is None:
            break
        strict.clock.now = max(strict.clock.now, waiting)
        strict.program.outbox.wake()
        await strict.settle(seconds=60)
    texts = [message.get("text", "") for message in (await school.mentor.from_bot())[before:]]
    for number in range(3):
        assert 1 == sum(f"number {number}\n" in text for text in texts)
    assert 3 == sum("line 109 " in text for text in texts)
