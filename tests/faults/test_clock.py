"""The clock jumps back by three hours under load: nothing waits for it, nothing comes a second time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.databases import KINDS
from tests.faults.checks import check
from tests.faults.scale import much
from tests.faults.shift import Shift
from tests.faults.yard import FRIDAY, Yard, prepare_school, until

BACK = timedelta(hours=3)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_clock_that_jumps_back(kind, tmp_path):
    """What was due is still sent at once, and a reminder that was sent does not come again at its hour."""
    yard = await Yard.of_kind(kind, tmp_path)
    try:
        school, students = await prepare_school(yard, much(3, 12))
        await yard.bot.start()
        await yard.bot.works()
        shift = Shift(yard, school, students, "clock", move=60)

        async def reminded() -> bool:
            return await yard.count("outbox WHERE card = 'log_reminder' AND state = 'sent'") == len(students)

        async def jump() -> None:
            await until(reminded, "the reminders of Friday")
            for _ in range(much(1, 4)):
                await yard.move(seconds=-BACK.total_seconds())
                await asyncio.sleep(much(2, 10))

        await shift.run(jump())
        assert yard.clock() < FRIDAY - BACK / 2, "the clock was moved on, which hides what waits for it"
        await yard.move(seconds=BACK.total_seconds() + 600)
        await asyncio.sleep(2)
        await yard.rest()
        await check(shift)
    finally:
        await yard.close()
