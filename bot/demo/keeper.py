"""The keeper of the demo's bot: starts its process, starts it again when it ends, and ends it with the demo."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import bot
from bot.demo.live import BEGIN
from bot.demo.stage import settings_of

LOG = "bot.log"
PAUSE = 1.0  # seconds before it is started again
STEADY = 10.0  # a bot that lived for so long is started again at once
PATIENCE = 8.0  # seconds for its end


class Keeper:
    """One bot process at a time."""

    def __init__(self, folder: Path, api_url: str, ended: Callable[[int], None]) -> None:
        self._folder = folder
        self._api_url = api_url
        self._ended = ended
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process that runs now."""
        return self._process.pid if self._process else None

    async def warm(self) -> None:
        """Start a process that waits for its turn."""
        with (self._folder / LOG).open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot.demo.live",
                cwd=self._folder,
                env=self._environment(),
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is the demo's; it tells the bot
            )

    def _environment(self) -> dict[str, str]:
        """Return this environment with the demo's settings instead of anybody's own."""
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("SHIXI_")}
        ours = {f"SHIXI_{name.upper()}": value for name, value in settings_of(self._folder, self._api_url).items()}
        source = str(Path(bot.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (source, kept.get("PYTHONPATH"))))
        return kept | ours | {"PYTHONPATH": path}

    async def keep(self) -> None:
        """Give the bot its turn, and start it again whenever it ends."""
        while True:
            began = time.monotonic()
            if self._process is None:
                await self.warm()
            status = await self._live()
            self._ended(status)
            if time.monotonic() - began < STEADY:
                await asyncio.sleep(PAUSE)

    async def _live(self) -> int:
        process = self._process
        if process is None or process.stdin is None:
            raise RuntimeError("no process was started")
        with suppress(ConnectionError):
            process.stdin.write(BEGIN)
            await process.stdin.drain()
        status = await process.wait()
        self._process = None
        return status

    async def stop(self) -> None:
        """End the process, kindly at first."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), PATIENCE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
