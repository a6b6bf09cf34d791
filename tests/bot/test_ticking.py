"""The schedule ticks for as long as the program runs, whatever becomes of a tick and of the clock."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot import schedule
from storage.errors import Unavailable


async def test_ticks_go_on(world, monkeypatch):
    """After an error of ours, a database that is away and a clock that jumped back the next tick comes as ever."""
    outcomes = iter([RuntimeError("a rule"), Unavailable("the database"), 1, 0, 1])
    planned = asyncio.Semaphore(0)

    async def tick(_house) -> int:
        world.clock.now -= timedelta(hours=1)
        outcome = next(outcomes, 0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(schedule, "tick", tick)
    monkeypatch.setattr(schedule, "SECONDS", 0.001)
    ticking = asyncio.create_task(schedule.keep_ticking(world.house, planned.release))
    async with asyncio.timeout(5):
        await planned.acquire()
        await planned.acquire()
    assert not ticking.done()
    ticking.cancel()
