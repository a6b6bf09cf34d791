"""Killed again and again in the middle of a round: nothing is lost, nothing is done twice, everyone gets everything."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.databases import KINDS
from tests.faults.checks import check
from tests.faults.scale import dice, much
from tests.faults.shift import Shift
from tests.faults.yard import Yard, prepare_school

KILLS = much(12, 200)
STUDENTS = much(8, 80)


@pytest.fixture(params=KINDS)
async def yard(request, tmp_path):
    yard = await Yard.of_kind(request.param, tmp_path)
    yield yard
    await yard.close()


async def kill_again_and_again(yard: Yard, chance: random.Random) -> None:
    """Kill the bot at random moments of its work, which lasts no longer than its start, and start it again."""
    now = asyncio.get_running_loop().time
    for _ in range(KILLS):
        began = now()
        await yard.bot.works()
        await asyncio.sleep(chance.uniform(0, now() - began))
        await yard.kill()
        await yard.bot.start()


@pytest.mark.timeout(3000)
async def test_kills_lose_nothing_and_repeat_nothing(yard):
    """Logs, withdrawals, reviews, reminders and announcements survive; each exists once and reaches everyone."""
    school, students = await prepare_school(yard, STUDENTS)
    shift = Shift(yard, school, students, "kills")
    await yard.bot.start()
    await shift.run(kill_again_and_again(yard, dice("kills")))
    await check(shift)
