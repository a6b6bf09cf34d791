"""The two schools, built once for all tests of a module that leave every row as it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from simulator.server import Simulator
from tests.authority import records
from tests.authority.school import Place, build
from tests.conftest import GENEROUS, MovedClock, World, settings_for

SHARED = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.usefixtures("nothing_stays"),
    # Each test starts with pytest's own filters, while the bot, which has set its filter, runs through all of them.
    pytest.mark.filterwarnings("ignore:Please use 'Bot"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    clock = MovedClock()
    simulator = Simulator(clock=clock, limits=GENEROUS)
    await simulator.start()
    world = World(simulator, settings_for(simulator.url, Path(tmp_path_factory.mktemp("school"))), clock)
    try:
        await world.start()
        yield await build(world)
    finally:
        await world.close()


@pytest_asyncio.fixture(loop_scope="module")
async def nothing_stays(place: Place) -> AsyncIterator[None]:
    """Each test leaves every row as it found it."""
    yield
    await records.put_back(place.world.database, place.rows)
