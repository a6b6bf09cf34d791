"""What an administrator's tools ask the running bot, on this machine only: alive, ready, and its figures.

`/healthz` says that the program turns, `/readyz` whether database, Bot API and schedule work, `/metrics` everything
that can be counted, for Prometheus. None of it holds a text, a name or the token. What has to be read for an answer
is read once for all who ask within a few seconds.
"""

from __future__ import annotations

import asyncio
import os
import socket
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import aiohttp
import orjson
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.config import SettingsError
from bot.errors import journal
from storage import status

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.config import Address
    from bot.house import House

PATIENCE = 2.0  # seconds that the database may take for an answer
GRACE = 15.0  # seconds that an answer to getUpdates may be late, behind the time that it may wait
TICKS_LATE = 150.0  # seconds without a tick; there is one every minute
READY_FOR, FIGURES_FOR = 1.0, 3.0  # seconds for which an answer is given again
PROGRAM = "shixi"

log = journal(__name__)

T = TypeVar("T")


class Fresh(Generic[T]):
    """A value that is made anew when it is asked for and too old; all who ask meanwhile wait for the same one."""

    def __init__(self, make: Callable[[], Awaitable[T]], seconds: float) -> None:
        self._make = make
        self._seconds = seconds
        self._until = 0.0
        self._lock = asyncio.Lock()
        self._value: T

    async def get(self) -> T:
        """Return the value."""
        async with self._lock:
            if monotonic() >= self._until:
                self._value = await self._make()
                self._until = monotonic() + self._seconds
            return self._value


class StatusServer:
    """Answers on the port of SHIXI_STATUS_PORT; does nothing where none is set."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._started = monotonic()
        self._parts = Fresh(self._look, READY_FOR)
        self._figures = Fresh(self._count, FIGURES_FOR)

    async def run(self) -> None:
        """Serve until cancelled; raises `SettingsError` where the port cannot be opened."""
        address = self._house.settings.status_port
        if address is None:
            return
        application = web.Application()
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/readyz", self._readyz)
        application.router.add_get("/metrics", self._metrics)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, address.host, address.port).start()
            log.info("status.open", host=address.host, port=address.port)
            await asyncio.Event().wait()
        except OSError as error:
            raise _closed(address, error) from None
        finally:
            await runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        return _json({"alive": True, "program": PROGRAM, "seconds": round(monotonic() - self._started, 1)})

    async def _readyz(self, _request: web.Request) -> web.Response:
        parts = await self._parts.get()
        ready = all(part["ready"] for part in parts.values())
        return _json({"ready": ready, **parts}, status=200 if ready else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=await self._figures.get(), headers={"Content-Type": CONTENT_TYPE_LATEST, **_UNCACHED})

    async def _look(self) -> dict[str, dict[str, Any]]:
        """Look at each part: the database answers, Telegram has, what it gave is stored, the schedule has ticked."""
        metrics, poll = self._house.metrics, self._house.settings.poll_seconds + GRACE
        return {
            "database": await self._database(),
            "bot_api": _in_time(metrics.polled.age, poll),
            "intake": _in_time(metrics.taken.age, poll),
            "schedule": _in_time(metrics.ticked.age, TICKS_LATE),
        }

    async def _database(self) -> dict[str, Any]:
        kind = {"kind": self._house.settings.database_kind}
        try:
            async with asyncio.timeout(PATIENCE):
                return {"ready": True, **kind, "migration": await self._house.database.read(status.newest_migration)}
        except Exception as error:  # noqa: BLE001 - whatever it is, the database does not answer
            return {"ready": False, **kind, "error": type(error).__name__}

    async def _count(self) -> bytes:
        """Bring the gauges up to date and write everything down."""
        now, metrics = self._house.clock(), self._house.metrics
        parts = await self._parts.get()
        depths = None
        if parts["database"]["ready"]:
            try:
                async with asyncio.timeout(PATIENCE):
                    depths = await self._house.database.read(lambda tx: status.depths(tx, now=now))
            except Exception as error:  # noqa: BLE001 - the other figures are still worth having
                log.warning("status.database", error=type(error).__name__)
        ready = {name: bool(part["ready"]) for name, part in parts.items()}
        metrics.waiting.parts(ready, polled=metrics.polled, ticked=metrics.ticked)
        metrics.waiting.depths(depths, now)
        return generate_latest(metrics.registry)


async def look_at_port(address: Address) -> str:
    """Say whether the port is free or a bot answers there; raises `SettingsError` where something else has it."""
    try:
        ensure_free(address)
    except SettingsError:
        if await _is_ours(address):
            return f"{address} answers: a bot is running there"
        raise
    return f"{address} is free"


def ensure_free(address: Address) -> None:
    """Raise `SettingsError` where the port cannot be opened."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does, after a restart
        try:
            probe.bind(tuple(address))
            probe.listen()
        except OSError as error:
            raise _closed(address, error) from None


async def _is_ours(address: Address) -> bool:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
            session.get(f"http://{address}/healthz") as response,
        ):
            said = orjson.loads(await response.read())
    except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError):
        return False
    return isinstance(said, dict) and said.get("program") == PROGRAM


def _closed(address: Address, error: OSError) -> SettingsError:
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return SettingsError(f"SHIXI_STATUS_PORT cannot be opened at {address}: {reason[:1].lower()}{reason[1:]}")


def _in_time(seconds: float, limit: float) -> dict[str, Any]:
    return {"ready": seconds <= limit, "seconds": round(seconds, 1), "limit": limit}


_UNCACHED = {"Cache-Control": "no-store"}


def _json(said: dict[str, Any], status: int = 200) -> web.Response:
    body = orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)
    return web.Response(body=body, status=status, content_type="application/json", headers=_UNCACHED)
