"""The world of a test: a simulated Telegram, the whole bot with a fresh database, a clock that only tests move."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.app import Program, start
from bot.config import Settings
from bot.schedule import tick
from simulator.server import Limits, Simulator
from storage import outbox
from tests.browser.found import (  # noqa: F401 - hooks of pytest
    pytest_collection_modifyitems,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from tests.databases import fresh
from tests.phones import Phone, Telegram

KIND = os.environ.get("SHIXI_TEST_KIND", "sqlite")  # of the database on which the rooms are tried
TOKEN = "123456:test-token"
MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


class MovedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class World:
    """One bot, one Telegram, and phones for whoever is needed."""

    def __init__(self, simulator: Simulator, settings: Settings, clock: MovedClock) -> None:
        self.simulator = simulator
        self.settings = settings
        self.clock = clock
        self.program: Program | None = None
        self._running: asyncio.Task[None] | None = None
        self._session = aiohttp.ClientSession()
        self.telegram = Telegram(simulator.url, self._session)

    @property
    def house(self):
        return self.program.house

    @property
    def database(self):
        return self.program.house.database

    async def start(self) -> None:
        """Start the bot."""
        self.program = await start(self.settings, self.clock)
        self._running = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:  # without the schedule: tests tick
            group.create_task(self.program.intake.run())
            group.create_task(self.program.outbox.run())
            group.create_task(self.program.parcels.run())
            group.create_task(self.program.files.run())
            group.create_task(self.program.status.run())

    async def stop(self) -> None:
        """Stop the bot; its database stays."""
        self._running.cancel()
        try:
            await self._running
        except asyncio.CancelledError:
            pass
        await self.program.close()

    async def restart(self) -> None:
        """Stop the bot and start it again on the same database."""
        await self.stop()
        await self.start()

    async def close(self) -> None:
        if self._running is not None:
            await self.stop()
        await self._session.close()
        await self.simulator.stop()

    async def settle(self, seconds: float = 20) -> None:
        """Wait until every update is handled and everything that is due is sent."""
        deadline = asyncio.get_running_loop().time() + seconds
        quiet = 0
        while quiet < 2:
            if self._running is not None and self._running.done():
                self._running.result()
            assert asyncio.get_running_loop().time() < deadline, "the bot does not come to rest"
            status = await self.telegram.get("status")
            sending = self.program.outbox.busy or self.program.parcels.busy
            busy = status["pending_updates"] or self.program.intake.busy or sending
            quiet = 0 if busy or await self._due() else quiet + 1
            await asyncio.sleep(0.002)

    async def _due(self) -> bool:
        async def look(tx):
            due = [await outbox.due(tx, now=self.clock(), limit=1, parcels=parcels) for parcels in (False, True)]
            return any(due)

        return await self.database.read(look)

    async def phone(self, name: str, language: str = "en") -> Phone:
        """A new person."""
        return await self.telegram.add_phone(name, language, self.settle)

    async def move(self, to: datetime | None = None, **by: float) -> None:
        """Move the clock and tick once, as the schedule would."""
        self.clock.now = to or self.clock.now + timedelta(**by)
        await self.tick()

    async def tick(self) -> None:
        await tick(self.house)
        self.program.outbox.wake()
        self.program.parcels.wake()
        await self.settle()


def settings_for(simulator_url: str, folder: Path, **more: object) -> Settings:
    """The settings of a bot under test: no waiting between messages, a fresh database."""
    return Settings.model_validate(
        {
            "token": TOKEN,
            "api_url": simulator_url,
            "database_url": fresh(KIND, folder),
            "files": folder / "files",
            "messages_per_second": 10_000,
            "chat_messages_per_second": 10_000,
            "person_updates_per_second": 10_000,
            "poll_seconds": 2,
        }
        | more
    )


GENEROUS = Limits(per_second=1_000_000, per_chat_burst=1_000_000, per_chat_per_second=1_000_000)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    clock = MovedClock()
    simulator = Simulator(clock=clock, limits=GENEROUS)
    await simulator.start()
    world = World(simulator, settings_for(simulator.url, tmp_path), clock)
    try:
        await world.start()
        yield world
    finally:
        await world.close()
