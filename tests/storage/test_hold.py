"""One bot for one PostgreSQL database, wherever they run; on SQLite it is the folder of files that keeps others out."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from storage.database import open_database
from storage.errors import Unavailable
from storage.hold import Hold
from tests.databases import fresh

END_SESSION = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"


async def nothing(tx) -> None:
    await tx.run("UPDATE schools SET name = name")


@pytest.fixture
def address(tmp_path):
    return fresh("postgresql", tmp_path)


@pytest.fixture
async def held(address):
    """A database that a bot has, and its hold."""
    hold = Hold(lambda: pytest.fail("there is nobody to wait for"))
    database = await open_database(address, hold=hold)
    yield database, hold
    await database.close()


async def end_session(address: str) -> None:
    """Let the server end the session that holds the lock, as after a broken connection."""
    database = await open_database(address)
    await database.read(lambda tx: tx.all(END_SESSION))
    await database.close()


async def second(address: str) -> asyncio.Task:
    """Another bot that waits for the first to end."""
    told = asyncio.Event()
    waiting = asyncio.ensure_future(open_database(address, hold=Hold(told.set)))
    await asyncio.wait_for(told.wait(), 10)
    return waiting


async def test_a_second_bot_waits_for_the_first(address, held):
    """It is told that it waits, once, and begins when the first one closes the database."""
    waiting = await second(address)
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await held[0].close()
    other = await asyncio.wait_for(waiting, 10)
    await other.transaction(nothing)
    await other.close()


async def test_who_does_not_want_to_wait_need_not(address, held):
    """What is raised instead of waiting comes out, and nothing stays open."""

    def refuse() -> None:
        raise RuntimeError("somebody is at work")

    with pytest.raises(RuntimeError, match="at work"):
        await open_database(address, hold=Hold(refuse))
    await held[0].transaction(nothing)


async def test_a_lost_session_is_replaced(address, held):
    """With nobody else there the bot goes on with a new session, which keeps others out as the old one did."""
    database, _ = held
    await end_session(address)
    with contextlib.suppress(Unavailable):  # where the driver has not seen yet that the session has ended
        await database.transaction(nothing)
    await database.transaction(nothing)
    waiting = await second(address)
    waiting.cancel()


async def test_who_was_replaced_changes_nothing_more(address, held):
    """When another bot was faster, the first one is told and cannot write; it still does not hinder the other."""
    database, hold = held
    waiting = await second(address)
    await end_session(address)
    other = await asyncio.wait_for(waiting, 10)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await database.transaction(nothing)
    await asyncio.wait_for(hold.lost(), 10)
    await other.transaction(nothing)
    await other.close()
