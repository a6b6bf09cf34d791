"""The program as its operator starts it: a process of its own, with nothing of this process's settings."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAE-secret_of_a_bot-0123456789abcdefg"


def environment(folder: Path, **settings: str | None) -> dict[str, str]:
    """A bare environment with the settings of a bot whose data is in `folder`; None leaves one out."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    given = {
        "SHIXI_TOKEN": TOKEN,
        "SHIXI_DATABASE_URL": f"sqlite:///{folder / 'shixi.db'}",
        "SHIXI_FILES": str(folder / "files"),
        "SHIXI_POLL_SECONDS": "1",
        **settings,
    }
    told = {name: value for name, value in given.items() if value is not None}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error::ResourceWarning"} | told


@dataclass
class Ended:
    """What a finished program left."""

    status: int
    output: str
    errors: str

    @property
    def said(self) -> str:
        return self.output + self.errors


async def shixi(*arguments: str, folder: Path, seconds: float = 30, umask: int = -1, **settings: str | None) -> Ended:
    """Run a command to its end."""
    process = await start_shixi(*arguments, folder=folder, umask=umask, **settings)
    output, errors = await asyncio.wait_for(process.communicate(), seconds)
    return Ended(process.returncode, output.decode(), errors.decode())


async def says(process: asyncio.subprocess.Process, words: str, seconds: float = 30) -> str:
    """Wait until a running program's journal holds some words, and return what it said so far."""
    said = ""

    async def read() -> None:
        nonlocal said
        while words not in said:
            line = (await process.stderr.readline()).decode()
            assert line, f"the program ended:\n{said}"
            said += line

    await asyncio.wait_for(read(), seconds)
    return said


async def start_shixi(
    *arguments: str, folder: Path, umask: int = -1, **settings: str | None
) -> asyncio.subprocess.Process:
    """Start a command and leave it running; by itself with the umask of this process."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=environment(folder, **settings),
        umask=umask,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
