"""The database is away under load: PostgreSQL is stopped, killed and started, the disk under SQLite is full; a bot on
another machine takes PostgreSQL over."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.faults.checks import check
from tests.faults.scale import dice, much
from tests.faults.server import Server
from tests.faults.shift import Shift
from tests.faults.yard import Yard, prepare_school, until

TIMES = much(2, 12)
ROOM = 64 * 1024  # bytes: a few commits, after which the log of changes finds no room
STUDENTS = much(3, 20)
STOPPED = 1  # the status of a bot that another one has replaced


async def work_through(yard: Yard, what: str, trouble) -> None:
    school, students = await prepare_school(yard, STUDENTS)
    await yard.bot.start()
    await yard.bot.works()
    shift = Shift(yard, school, students, what)
    await shift.run(trouble(yard, dice(what)))
    await check(shift)


async def fill_the_disk(yard: Yard, chance: random.Random) -> None:
    """Let no file of the bot grow any more for a while, again and again."""
    for _ in range(TIMES):
        await asyncio.sleep(chance.uniform(0.5, 2))
        yard.bot.limit_files(ROOM + yard.bot.log_file.stat().st_size)
        await asyncio.sleep(chance.uniform(1, 4))
        yard.bot.limit_files(None)


@pytest.mark.timeout(600)
async def test_a_full_disk_loses_and_repeats_nothing(tmp_path):
    """What cannot be written is not confirmed; what was sent meanwhile is written down when there is room again."""
    yard = await Yard.of_kind("sqlite", tmp_path)
    try:
        await work_through(yard, "full disk", fill_the_disk)
        assert "Unavailable" in yard.bot.log()
    finally:
        await yard.close()


@pytest.mark.timeout(600)
async def test_postgresql_may_be_restarted(tmp_path):
    """Stopped in an orderly way or killed, the bot waits for it and goes on by itself."""
    server = Server()

    async def restart(yard: Yard, chance: random.Random) -> None:
        for number in range(TIMES):
            await asyncio.sleep(chance.uniform(0.5, 2))
            await asyncio.to_thread(server.kill if number % 2 else server.stop)
            await asyncio.sleep(chance.uniform(0.2, 3))
            await asyncio.to_thread(server.start)

    yard = await Yard.open(tmp_path, server.url)
    try:
        await work_through(yard, "restarts", restart)
        assert "Unavailable" in yard.bot.log()
    finally:
        await yard.close()
        server.close()


@pytest.mark.timeout(600)
async def test_a_bot_on_another_machine_takes_over(tmp_path):
    """It waits while the first one works, goes on where that hangs, and the first one ends when it wakes up."""
    yard = await Yard.of_kind("postgresql", tmp_path)
    first = yard.bot

    async def waits() -> bool:
        return "event=start.another" in yard.bot.log()

    async def hang(yard: Yard, chance: random.Random) -> None:
        yard.bot = first.twin(files=str(tmp_path / "elsewhere"))
        await yard.bot.start()
        await until(waits, "the second bot to wait")
        await asyncio.sleep(chance.uniform(1, much(2, 20)))
        assert "event=running" not in yard.bot.log()
        await yard.freeze(first)
        await yard.rows("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        await yard.bot.works()
        await asyncio.sleep(chance.uniform(0.5, 2))
        yard.interrupted.update(member.phone.id for member in everybody)  # it brings what it read before it knew
        assert STOPPED == await first.thaw()
        assert "Another bot has taken over" in first.log()

    try:
        school, students = await prepare_school(yard, STUDENTS)
        everybody = (*students, school.mentor, school.coordinator)
        await yard.bot.start()
        await yard.bot.works()
        shift = Shift(yard, school, students, "take over")
        await shift.run(hang(yard, dice("take over")))
        await check(shift)
    finally:
        await first.kill()
        await yard.close()
