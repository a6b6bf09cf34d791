"""What waits in the database, counted for whoever watches the program; each count goes through an index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storage.database import found
from storage.outbox import MANY, PARCEL, PERSONAL, REPLY

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Queue:
    """How many rows wait, and since when the oldest does; None where none waits."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Depths:
    """Everything that waits. The outbox is told apart by priority; `later` is what is not due yet."""

    outbox: dict[int, Queue]
    later: int
    reminders: Queue
    inbox: Queue
    files: int


async def newest_migration(tx: Transaction) -> int:
    """Read the number of the newest migration: a cheap proof that the database answers."""
    row = await tx.one("SELECT number FROM migrations ORDER BY number DESC LIMIT 1")
    return int(found(row)["number"])


async def depths(tx: Transaction, *, now: datetime) -> Depths:
    """Count what waits, and what of it is due."""
    return Depths(
        outbox={priority: await _letters(tx, priority, now) for priority in (REPLY, PERSONAL, MANY, PARCEL)},
        later=await _count(tx, "outbox WHERE state = 'waiting' AND due_at > :now", now=now),
        reminders=await _reminders(tx, now),
        inbox=await _updates(tx),
        files=await _count(tx, "files WHERE next_try_at IS NOT NULL"),
    )


async def _letters(tx: Transaction, priority: int, now: datetime) -> Queue:
    due = "outbox WHERE state = 'waiting' AND priority = :priority AND due_at <= :now"
    oldest = await tx.one(f"SELECT due_at FROM {due} ORDER BY due_at LIMIT 1", priority=priority, now=now)
    return Queue(await _count(tx, due, priority=priority, now=now), oldest["due_at"] if oldest else None)


async def _reminders(tx: Transaction, now: datetime) -> Queue:
    due = "schedule WHERE due_at <= :now"
    oldest = await tx.one(f"SELECT due_at FROM {due} ORDER BY due_at LIMIT 1", now=now)
    return Queue(await _count(tx, due, now=now), oldest["due_at"] if oldest else None)


async def _updates(tx: Transaction) -> Queue:
    unfinished = "inbox WHERE finished_at IS NULL"
    oldest = await tx.one(f"SELECT received_at FROM {unfinished} ORDER BY update_id LIMIT 1")
    return Queue(await _count(tx, unfinished), oldest["received_at"] if oldest else None)


async def _count(tx: Transaction, what: str, **parameters: Any) -> int:
    return int(found(await tx.one(f"SELECT count(*) AS n FROM {what}", **parameters))["n"])
