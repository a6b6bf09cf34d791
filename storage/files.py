"""Files that people sent: known by Telegram's id at once, and by SHA-256 when the copy is in the folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.files import StoredFile
from storage.database import found, new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from storage.database import Transaction


COLUMNS = "f.id, f.owner_id, f.kind, f.telegram_file_id, f.name, f.mime_type, f.size, f.sha256, f.attempts"


def as_file(row: Mapping[str, Any]) -> StoredFile:
    """Make the record of a row."""
    return StoredFile(
        row["id"],
        row["owner_id"],
        row["kind"],
        row["telegram_file_id"],
        row["name"],
        row["mime_type"],
        row["size"],
        row["sha256"],
        row["attempts"],
    )


async def add(
    tx: Transaction,
    *,
    owner_id: int,
    kind: str,
    telegram_file_id: str,
    name: str = "",
    mime_type: str = "",
    size: int = 0,
    now: datetime,
) -> int:
    """Record a file that a person sent, to be copied soon, and return its id."""
    return await new_id(
        tx,
        """INSERT INTO files (owner_id, kind, telegram_file_id, name, mime_type, size, next_try_at, created_at)
        VALUES (:owner_id, :kind, :telegram_file_id, :name, :mime_type, :size, :now, :now) RETURNING id""",
        owner_id=owner_id,
        kind=kind,
        telegram_file_id=telegram_file_id,
        name=name,
        mime_type=mime_type,
        size=size,
        now=now,
    )


async def get(tx: Transaction, file_id: int) -> StoredFile:
    """Read a file; whoever calls has already checked that the reader may see what it belongs to."""
    return as_file(found(await tx.one(f"SELECT {COLUMNS} FROM files f WHERE f.id = :id", id=file_id)))


async def to_fetch(tx: Transaction, *, now: datetime, limit: int) -> list[StoredFile]:
    """List the files whose copy is to be fetched now."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM files f WHERE f.next_try_at <= :now ORDER BY f.next_try_at LIMIT :limit",
        now=now,
        limit=limit,
    )
    return [as_file(row) for row in rows]


async def keep(tx: Transaction, file_id: int, *, sha256: str, size: int) -> None:
    """Record that the copy is in the folder; where the file is gone meanwhile, that the copy may go too."""
    if not await tx.run(
        "UPDATE files SET sha256 = :sha256, size = :size, next_try_at = NULL WHERE id = :id",
        sha256=sha256,
        size=size,
        id=file_id,
    ):
        await note_stale(tx, [sha256])


async def try_again(tx: Transaction, file_id: int, *, at: datetime | None) -> None:
    """Count a failed attempt; None gives the copy up, and Telegram's own is all there is."""
    await tx.run("UPDATE files SET attempts = attempts + 1, next_try_at = :at WHERE id = :id", at=at, id=file_id)


async def kept(tx: Transaction) -> list[tuple[int, str]]:
    """List the files whose copy must be in the folder, each with its SHA-256."""
    rows = await tx.all("SELECT id, sha256 FROM files WHERE sha256 IS NOT NULL ORDER BY id")
    return [(row["id"], row["sha256"]) for row in rows]


async def note_stale(tx: Transaction, hashes: Iterable[str]) -> None:
    """Record that copies may leave the folder, if no other file has them."""
    await tx.many(
        "INSERT INTO stale_copies (sha256) VALUES (:sha256) ON CONFLICT (sha256) DO NOTHING",
        [{"sha256": sha256} for sha256 in hashes],
    )


async def stale_copies(tx: Transaction, *, limit: int) -> list[tuple[str, bool]]:
    """List copies of files that are gone, each with whether another file has it too and so needs it."""
    rows = await tx.all(
        """SELECT c.sha256, EXISTS (SELECT 1 FROM files f WHERE f.sha256 = c.sha256) AS needed
        FROM stale_copies c ORDER BY c.sha256 LIMIT :limit""",
        limit=limit,
    )
    return [(row["sha256"], bool(row["needed"])) for row in rows]


async def done_with_copy(tx: Transaction, sha256: str) -> None:
    """Record that a copy is out of the folder, or that it stays."""
    await tx.run("DELETE FROM stale_copies WHERE sha256 = :sha256", sha256=sha256)
