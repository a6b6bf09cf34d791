"""Phrases of a reviewer's own: only they see the list; what they chose of it belongs to the remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.remarks import Phrase
from storage.database import found
from storage.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Transaction


async def of_person(tx: Transaction, person_id: int) -> list[Phrase]:
    """List a person's phrases, the oldest first."""
    rows = await tx.all(
        "SELECT id, text FROM phrases WHERE person_id = :person AND dropped_at IS NULL ORDER BY id", person=person_id
    )
    return [Phrase(row["id"], row["text"]) for row in rows]


async def get(tx: Transaction, phrase_id: int, person_id: int) -> Phrase:
    """Read a phrase of a person's; raises `NotFound`, and `Conflict` where it was deleted."""
    row = found(
        await tx.one(
            "SELECT id, text, dropped_at FROM phrases WHERE id = :id AND person_id = :person",
            id=phrase_id,
            person=person_id,
        )
    )
    if row["dropped_at"] is not None:
        raise Conflict
    return Phrase(row["id"], row["text"])


async def add(tx: Transaction, person_id: int, text: str, *, now: datetime) -> Phrase:
    """Keep a phrase and return it, which is the one that is there where the words are the same."""
    await tx.run(
        "UPDATE phrases SET dropped_at = NULL WHERE person_id = :person AND text = :text", person=person_id, text=text
    )
    await _forget_dropped(tx, person_id)
    await tx.run(
        """INSERT INTO phrases (person_id, text, created_at) VALUES (:person, :text, :now)
        ON CONFLICT (person_id, text) DO NOTHING""",
        person=person_id,
        text=text,
        now=now,
    )
    row = await tx.one("SELECT id FROM phrases WHERE person_id = :person AND text = :text", person=person_id, text=text)
    return Phrase(found(row)["id"], text)


async def drop(tx: Transaction, phrase: Phrase, person_id: int, *, now: datetime) -> None:
    """Delete a phrase, which can be taken back until the next change."""
    await _forget_dropped(tx, person_id)
    await tx.run("UPDATE phrases SET dropped_at = :now WHERE id = :id", id=phrase.id, now=now)


async def take_back(tx: Transaction, phrase_id: int, person_id: int) -> None:
    """Keep a phrase that was deleted just now; raises `NotFound`, and `Conflict` where it was not."""
    found(await tx.one("SELECT id FROM phrases WHERE id = :id AND person_id = :person", id=phrase_id, person=person_id))
    if not await tx.run("UPDATE phrases SET dropped_at = NULL WHERE id = :id AND dropped_at IS NOT NULL", id=phrase_id):
        raise Conflict


async def _forget_dropped(tx: Transaction, person_id: int) -> None:
    await tx.run("DELETE FROM phrases WHERE person_id = :person AND dropped_at IS NOT NULL", person=person_id)
