"""One bot at a time: a second one on the same folder of files waits until the first has ended, however that came.

Two at once would take updates from each other and bring every message twice. The lock is the system's own, so it
ends with the process that holds it, also when that is killed. `storage.hold` keeps out bots on other machines.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NoReturn

from bot.errors import journal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

LOOK_EVERY = 0.5  # seconds

log = journal(__name__)


class AtWork(Exception):
    """Another process works with this folder, or with this database."""


def refuse_to_wait() -> NoReturn:
    """Raise `AtWork`."""
    raise AtWork


@asynccontextmanager
async def alone(folder: Path, *, waits: bool = True) -> AsyncIterator[None]:
    """Wait until no other process is in here with this folder, and keep it from the others.

    Raises `AtWork` instead of waiting where that is not wanted.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        if not _locked(handle):
            if not waits:
                raise AtWork
            log.warning("start.another", hint="another bot works with these files; this one waits for its end")
            while not _locked(handle):  # noqa: ASYNC110 - nothing tells when another process ends
                await asyncio.sleep(LOOK_EVERY)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
