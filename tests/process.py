"""The bot as a real process, which a test can kill at any moment and start again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.conftest import TOKEN

ROOT = Path(__file__).parent.parent


class BotProcess:
    """`python -m bot run` on a database file and a simulator."""

    def __init__(self, folder: Path, api_url: str, **settings: str) -> None:
        self.folder = folder
        self.log_file = folder / "bot.log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SHIXI_")},
            "PYTHONWARNINGS": "default",
            "SHIXI_TOKEN": TOKEN,
            "SHIXI_API_URL": api_url,
            "SHIXI_DATABASE_URL": f"sqlite:///{folder / 'shixi.db'}",
            "SHIXI_FILES": str(folder / "files"),
            "SHIXI_POLL_SECONDS": "2",
            **{f"SHIXI_{name.upper()}": value for name, value in settings.items()},
        }
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the process; it needs about a second until it polls."""
        with self.log_file.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                cwd=self.folder,
                env={**self.environment, "PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """End it as a power cut does."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """End it as an administrator does."""
        await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(number)
            await asyncio.wait_for(self.process.wait(), timeout=15)

    def log(self) -> str:
        """Return everything that the process wrote."""
        return self.log_file.read_text(encoding="utf-8") if self.log_file.exists() else ""
