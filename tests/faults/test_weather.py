"""Telegram's weather: floods, errors, time-outs after a message was sent, cut connections, a second poller."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.conftest import TOKEN
from tests.databases import KINDS
from tests.faults.checks import check
from tests.faults.scale import dice, much
from tests.faults.shift import Shift
from tests.faults.yard import Yard, prepare_school

CHANGES = much(9, 90)
STUDENTS = much(4, 40)
# What the next calls meet. `timeout` and `disconnect` spoil the answer to a call that had its effect.
WEATHER = (
    {"error": "429", "retry_after": 1},
    {"error": "429", "retry_after": 2, "method": "sendMessage"},
    {"error": "500"},
    {"error": "502"},
    {"error": "timeout", "seconds": 1.0, "method": "sendMessage"},
    {"error": "disconnect"},
    {"error": "disconnect", "method": "sendMessage"},
    {"error": "disconnect", "execute": False, "method": "editMessageText"},
    {"error": "slow", "seconds": 0.7},
)


@pytest.fixture(params=KINDS)
async def yard(request, tmp_path):
    yard = await Yard.of_kind(request.param, tmp_path)
    yield yard
    await yard.close()


async def storm(yard: Yard, chance: random.Random) -> None:
    """Let the weather change again and again, each kind of it in turn."""
    for number in range(CHANGES):
        await asyncio.sleep(chance.uniform(0.1, 0.5))
        await yard.telegram.post("faults", times=None, **WEATHER[number % len(WEATHER)])
        await asyncio.sleep(chance.uniform(0.2, 1.2))
        await yard.telegram.delete("faults")


@pytest.mark.timeout(1800)
async def test_a_storm_loses_nothing(yard):
    """When it is over everything was done once and has arrived, twice at most where no answer told that it had."""
    school, students = await prepare_school(yard, STUDENTS)
    await yard.bot.start()
    await yard.bot.works()
    shift = Shift(yard, school, students, "storm")
    hung = much(3.0, 3600.0)  # seconds; at length it is the bot that gives the call up
    await yard.telegram.post("faults", error="timeout", method="sendMessage", seconds=hung)
    await shift.run(storm(yard, dice("storm")))
    await check(shift)


async def poll_beside(yard: Yard, seconds: float) -> int:
    """Poll with the bot's token, as somebody does who tries something out, and return how often that worked."""
    answered, until_then = 0, asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < until_then:
        address = f"{yard.simulator.url}/bot{TOKEN}/getUpdates"
        async with yard.session.post(address, json={"timeout": 1, "limit": 1}) as response:
            answered += response.status == 200
        await asyncio.sleep(0.3)
    return answered


async def start_twin(yard: Yard, seconds: float) -> None:
    """Start the bot a second time; it waits until the first has ended, however that comes, and takes its place."""
    first, yard.bot = yard.bot, yard.bot.twin()
    await yard.bot.start()
    await asyncio.sleep(seconds)
    assert "event=running" not in yard.bot.log()
    await yard.kill(first)
    await yard.bot.works()


async def test_a_second_poller_takes_nothing_away(yard):
    """Neither somebody else who polls with the token, nor a second bot on the same database, loses or repeats."""
    school, students = await prepare_school(yard, 3)
    await yard.bot.start()
    await yard.bot.works()
    shift = Shift(yard, school, students, "pollers")
    first = yard.bot

    async def pollers() -> None:
        assert await poll_beside(yard, much(3.0, 20.0)) > 0
        await start_twin(yard, much(2.0, 10.0))

    await shift.run(pollers())
    await check(shift)
    assert "event=intake.conflict" in first.log()
