"""The inbox: every update from Telegram is here before Telegram may forget it, until it is done with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storage.errors import AlreadyApplied

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Item:
    """An update as stored: its raw JSON, and the reply where the effect is already committed.

    `tried` is False only while nobody, in no process, can have begun to make its effect.
    """

    update_id: int
    body: str
    reply: str | None
    attempts: int
    tried: bool = True


def _item(row: Mapping[str, Any]) -> Item:
    return Item(row["update_id"], row["body"], row["reply"], row["attempts"])


async def store(tx: Transaction, updates: Sequence[tuple[int, str]], *, now: datetime) -> list[int]:
    """Keep a batch of (update_id, raw JSON) and return the ids that were new."""
    if not updates:
        return []
    ids = [update_id for update_id, _ in updates]
    rows = await tx.all(
        "SELECT update_id FROM inbox WHERE update_id BETWEEN :first AND :last", first=min(ids), last=max(ids)
    )
    known = {row["update_id"] for row in rows}
    new = {update_id: body for update_id, body in updates if update_id not in known}
    await tx.many(
        "INSERT INTO inbox (update_id, body, received_at) VALUES (:update_id, :body, :now)",
        [{"update_id": update_id, "body": body, "now": now} for update_id, body in new.items()],
    )
    return list(new)


async def unfinished(tx: Transaction, *, after: int = -1, limit: int = 1000) -> list[Item]:
    """List what a stopped process left behind, in Telegram's order, from behind an id on."""
    rows = await tx.all(
        """SELECT update_id, body, reply, attempts FROM inbox
        WHERE finished_at IS NULL AND update_id > :after ORDER BY update_id LIMIT :limit""",
        after=after,
        limit=limit,
    )
    return [_item(row) for row in rows]


async def apply(tx: Transaction, update_id: int, reply: str, *, tried: bool = True) -> None:
    """Mark, in the transaction that makes the effect, that it is made and how it is answered.

    Raises `AlreadyApplied` where that is so already: the connection broke after the commit and before its answer. An
    update that was not `tried` cannot be, so its mark goes to the database with those of others.
    """
    sql = "UPDATE inbox SET reply = :reply WHERE update_id = :update_id AND reply IS NULL"
    if not tried:
        tx.later(sql, reply=reply, update_id=update_id)
    elif not await tx.run(sql, reply=reply, update_id=update_id):
        raise AlreadyApplied


async def finish(tx: Transaction, update_id: int, *, now: datetime) -> None:
    """Mark an update as answered; the row stays as a tombstone."""
    tx.later("UPDATE inbox SET finished_at = :now WHERE update_id = :update_id", now=now, update_id=update_id)


async def dismiss(tx: Transaction, update_ids: Iterable[int], *, now: datetime) -> None:
    """Be done with updates that are not handled at all; their rows stay as tombstones."""
    await tx.many(
        "UPDATE inbox SET finished_at = :now WHERE update_id = :update_id AND finished_at IS NULL",
        [{"update_id": update_id, "now": now} for update_id in update_ids],
    )


async def fail(tx: Transaction, update_id: int) -> int:
    """Count a failed attempt and return how many there were."""
    row = await tx.one(
        "UPDATE inbox SET attempts = attempts + 1 WHERE update_id = :update_id RETURNING attempts",
        update_id=update_id,
    )
    return int(row["attempts"]) if row else 0


async def reply_of(tx: Transaction, update_id: int) -> str | None:
    """Return the reply of an update whose effect is committed."""
    row = await tx.one("SELECT reply FROM inbox WHERE update_id = :update_id", update_id=update_id)
    return row["reply"] if row else None


async def set_aside(tx: Transaction, update_id: int, *, failure: str, now: datetime) -> None:
    """Give an update up, with the id under which the error is in the program's log."""
    await tx.run(
        "UPDATE inbox SET finished_at = :now, failure = :failure WHERE update_id = :update_id",
        now=now,
        failure=failure,
        update_id=update_id,
    )


async def forget_sender(tx: Transaction, telegram_id: int) -> None:
    """Empty what somebody sent and is done with; that it was is still known, for Telegram may bring it again."""
    rows = await tx.all("SELECT update_id, body FROM inbox WHERE finished_at IS NOT NULL AND body <> '{}'")
    for row in rows:
        if _is_from(json.loads(row["body"]), telegram_id):
            await tx.run(
                """UPDATE inbox SET body = '{}', reply = CASE WHEN reply IS NULL THEN NULL ELSE '{}' END
                WHERE update_id = :id""",
                id=row["update_id"],
            )


def _is_from(update: Mapping[str, Any], telegram_id: int) -> bool:
    parts = [part for part in update.values() if isinstance(part, dict)]
    return any(isinstance(sender := part.get("from"), dict) and sender.get("id") == telegram_id for part in parts)


async def forget(tx: Transaction, *, below: int) -> None:
    """Drop the tombstones of updates that Telegram can no longer send again; set-aside ones stay."""
    await tx.run(
        "DELETE FROM inbox WHERE update_id < :below AND finished_at IS NOT NULL AND failure IS NULL",
        below=below,
    )
