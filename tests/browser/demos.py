"""`shixi demo` as a newcomer starts it, on a free port and in a folder of its own."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bot.programs import start_shixi

READY = 60  # seconds
END = 20  # seconds


@dataclass
class Demo:
    """A demo that is ready."""

    process: asyncio.subprocess.Process
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The page."""
        return f"http://127.0.0.1:{self.port}/"

    async def kill_bot(self) -> None:
        """End the bot as a power cut does, and wait until the demo has noticed."""
        for pid in _children(self.process.pid):
            os.kill(pid, signal.SIGKILL)
        await asyncio.wait_for(self.process.stdout.readline(), END)

    def complaints(self) -> list[str]:
        """What the bot wrote down as an error."""
        journal = self.folder / "data" / "demo" / str(self.port) / "bot.log"
        lines = journal.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if re.search(r"level=(error|critical)|Traceback|Warning:", line)]


def _free_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


@asynccontextmanager
async def run_demo(folder: Path, code: str, *words: str) -> AsyncIterator[Demo]:
    """Start a demo in a language, wait until it is ready, end it with Ctrl-C."""
    port = _free_port()
    process = await start_shixi(
        "demo", "--port", str(port), "--language", code, *words, folder=folder, LC_ALL="C.UTF-8"
    )
    try:
        await asyncio.wait_for(_ready(process), READY)
        demo = Demo(process, folder, port)
        yield demo
        process.send_signal(signal.SIGINT)
        _output, errors = await asyncio.wait_for(process.communicate(), END)
        assert (0, "") == (process.returncode, errors.decode()), errors.decode()
        assert [] == demo.complaints(), "\n".join(demo.complaints())
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _ready(process: asyncio.subprocess.Process) -> None:
    while line := await process.stdout.readline():
        if b"http://127.0.0.1" in line:
            await process.stdout.readline()  # where the data lie
            return
    raise AssertionError((await process.stderr.read()).decode())


def _children(pid: int) -> list[int]:
    if Path("/proc/self/stat").exists():  # where `ps` may not be installed
        rows = [_parentage(entry) for entry in Path("/proc").glob("[0-9]*")]
    else:
        listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], stdout=subprocess.PIPE, check=True)
        rows = [line.split() for line in listing.stdout.decode().splitlines()]
    return [int(child) for child, parent in rows if int(parent) == pid]


def _parentage(entry: Path) -> tuple[str, str]:
    try:
        return entry.name, (entry / "stat").read_text().rpartition(")")[2].split()[1]
    except OSError:  # it has ended meanwhile
        return entry.name, "0"
