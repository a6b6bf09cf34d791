"""The simulated Telegram as one object: start it, hand its address to a bot, act on it, stop it."""

import asyncio
import contextlib
import logging
from pathlib import Path

from aiohttp import web

from simulator import page
from simulator.api import Api, not_found
from simulator.calls import Calls
from simulator.clock import Clock, FileClock
from simulator.control import Control
from simulator.control.live import Live
from simulator.faults import Faults
from simulator.feed import Feed
from simulator.files import MAX_UPLOAD
from simulator.guard import guard
from simulator.limits import Limits
from simulator.presence import Presence
from simulator.state import World
from simulator.webhook import Pushers, is_loopback

__all__ = ["Limits", "Simulator", "serve"]

_log = logging.getLogger(__name__)


class Simulator:
    """A local Bot API server with its control API; it listens on a loopback address only."""

    def __init__(
        self,
        clock: Clock | None = None,
        limits: Limits | None = None,
        bot_username: str = "shixi_bot",
        *,
        clock_file: Path | None = None,
        first_update_id: int | None = None,
    ) -> None:
        self.world = World(clock or FileClock(clock_file), limits or Limits(), bot_username, first_update_id)
        self.calls = Calls()
        self.faults = Faults()
        self._live = Live(self.world, self.faults, Presence())
        self.feed = Feed(self._live.look)
        self.world.changed = self.world.acted = self.feed.chat_changed
        self.calls.added = self.feed.call_added
        self.url = ""
        self._pushers = Pushers(self.world.clock)
        self._runner: web.AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises ValueError for an address that others could reach."""
        if not is_loopback(host):
            raise ValueError(f"The simulator listens on this machine only (127.0.0.1, ::1, localhost), not on {host}.")
        runner = web.AppRunner(self._app(), access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        self._runner = runner
        address = runner.addresses[0]
        self.url = f"http://{f'[{address[0]}]' if ':' in address[0] else address[0]}:{address[1]}"

    async def stop(self) -> None:
        """Let polls that wait answer, then close; calling it twice does no harm."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        for bot in self.world.all_bots():
            bot.queue.release_poller()
        await self.feed.close()
        await self._pushers.stop()
        await runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=MAX_UPLOAD + 2**20, middlewares=[guard])
        page.register(app)
        Control(self.world, self.calls, self.faults, self._live, self.feed).register(app)
        api = Api(self.world, self.calls, self.faults, self._pushers, self._live.presence)
        app.router.add_get("/file/bot{token}/{path:.+}", api.download)
        for verb in ("GET", "POST"):
            app.router.add_route(verb, "/bot{token:[^/]*}/{method:[^/]+}", api.serve)
        app.router.add_route("*", "/{rest:.*}", not_found)
        return app


async def serve(host: str, port: int, clock_file: Path | None = None) -> None:
    """Run a simulator until cancelled; for the command line."""
    simulator = Simulator(clock_file=clock_file)
    await simulator.start(host, port)
    _log.info("Simulated Telegram at %s (control API under /sim)", simulator.url)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
    finally:
        await simulator.stop()
