"""A simulator for each test, with a clock that the test moves and a small client for both of its APIs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from simulator.server import Limits, Simulator

TOKEN = "7000000001:TESTtoken_of-the-simulator"
WIDE = Limits(per_second=1e6, per_chat_burst=1e6, per_chat_per_second=1e6)
Json = dict[str, Any]


@dataclass
class TestClock:
    __test__ = False
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 16, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def move(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class Client:
    """Calls both APIs; `bot` and `sim` return JSON, `refused` the description of a refusal."""

    sim_object: Simulator
    http: aiohttp.ClientSession
    token: str = TOKEN

    async def raw(self, method: str, **parameters: Any) -> tuple[int, Json]:
        url = f"{self.sim_object.url}/bot{self.token}/{method}"
        async with self.http.post(url, json=parameters) as answer:
            return answer.status, await answer.json()

    async def bot(self, method: str, **parameters: Any) -> Any:
        status, body = await self.raw(method, **parameters)
        assert (200, True) == (status, body["ok"]), body
        return body["result"]

    async def refused(self, method: str, **parameters: Any) -> str:
        status, body = await self.raw(method, **parameters)
        assert not body["ok"], body
        assert status == body["error_code"]
        return body["description"]

    async def sim(self, path: str, verb: str = "POST", status: int = 200, **data: Any) -> Any:
        url = f"{self.sim_object.url}/sim/{path}"
        async with self.http.request(verb, url, json=data if verb == "POST" else None) as answer:
            body = await answer.json()
            assert status == answer.status, body
            return body

    async def see(self, path: str) -> Any:
        return await self.sim(path, verb="GET")

    async def person(self, *, started: bool = True, **fields: Any) -> int:
        user = await self.sim("users", **{"first_name": "Lin", "language_code": "zh-hans", **fields})
        if started:
            await self.sim(f"chats/{user['id']}/text", text="/start")
        return user["id"]

    async def updates(self, offset: int = 0, **parameters: Any) -> list[Json]:
        return await self.bot("getUpdates", offset=offset, **parameters)

    async def until_polling(self) -> None:
        await until(self._polls)

    async def _polls(self) -> bool:
        return (await self.see("status"))["polling"]

    async def last_update(self) -> Json:
        return (await self.updates(-1))[0]


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so, five seconds at most."""
    async with asyncio.timeout(5):
        while not await true():  # noqa: ASYNC110 - what it waits for is behind HTTP
            await asyncio.sleep(0.01)


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
async def simulator(clock: TestClock) -> AsyncIterator[Simulator]:
    sim = Simulator(clock=clock, limits=WIDE)
    await sim.start()
    yield sim
    await sim.stop()


@pytest.fixture
async def client(simulator: Simulator) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        yield Client(simulator, http)


@pytest.fixture
async def ptb(simulator: Simulator) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{simulator.url}/bot", base_file_url=f"{simulator.url}/file/bot") as bot:
        yield bot
