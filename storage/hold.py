"""Keeps a PostgreSQL database to one bot: a second one, on whatever machine, waits until the first has ended.

The lock belongs to the session that changes the database, so no bot changes it without the lock, and ends with that
session, however that came. SQLite's database is on one machine, where `bot.alone` keeps the others out.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from storage.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Transaction

LOOK_EVERY = 0.5  # seconds
_LOCK = 5_137_482_902  # any number, the same in every process, and not the one of the migrations


class Hold:
    """One bot's hold on its database; `waits` is called once where another has it, and may raise instead of waiting."""

    def __init__(self, waits: Callable[[], None]) -> None:
        self._waits = waits
        self._lost = asyncio.Event()

    async def take(self, tx: Transaction) -> None:
        """Wait until no other bot has the database, and keep it from the others."""
        if await _taken(tx):
            return
        self._waits()
        while not await _taken(tx):  # noqa: ASYNC110 - nothing tells when another session ends
            await asyncio.sleep(LOOK_EVERY)

    async def take_again(self, tx: Transaction) -> None:
        """Take it for a session in place of one that was lost; raises `Unavailable` where another bot was faster."""
        if not await _taken(tx):
            self._lost.set()
            raise Unavailable("another bot works with this database")

    async def lost(self) -> None:
        """Wait until another bot has the database: what this one knows of it may not be so any more."""
        await self._lost.wait()


async def _taken(tx: Transaction) -> bool:
    row = await tx.one(f"SELECT pg_try_advisory_lock({_LOCK}) AS taken")
    return bool(row and row["taken"])
