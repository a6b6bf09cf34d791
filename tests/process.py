"""The bot as a real process, which a test can kill at any moment and start again."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from copy import copy
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
        self._said_before = 0

    def twin(self, **settings: str) -> BotProcess:
        """The same bot once more, with a log of its own."""
        twin = copy(self)
        twin.log_file, twin.process = self.log_file.with_suffix(".twin.log"), None
        twin.environment = self.environment | {f"SHIXI_{name.upper()}": value for name, value in settings.items()}
        return twin

    async def start(self) -> None:
        """Start the process; it needs about a second until it polls."""
        with self.log_file.open("ab") as log:
            self._said_before = log.tell()
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

    async def works(self, seconds: float = 60) -> None:
        """Wait until the process that was started last says that it runs."""
        async with asyncio.timeout(seconds):
            while b"event=running" not in self._said():
                assert self.process.returncode is None, self.log()[-5000:]
                await asyncio.sleep(0.02)

    def _said(self) -> bytes:
        with self.log_file.open("rb") as log:
            log.seek(self._said_before)
            return log.read()

    def limit_files(self, size: int | None) -> None:
        """Let no file of the process grow beyond a size in bytes, as on a full disk; None lifts that again."""
        _, most = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (most if size is None else size, most))

    def most_memory(self) -> int:
        """The most memory that the process has had so far, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) // 1024

    def freeze(self) -> None:
        """Let it stand still, as on a machine that hangs."""
        self.process.send_signal(signal.SIGSTOP)

    async def thaw(self) -> int:
        """Let it go on, and return the status with which it ends."""
        self.process.send_signal(signal.SIGCONT)
        return await asyncio.wait_for(self.process.wait(), timeout=30)

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
