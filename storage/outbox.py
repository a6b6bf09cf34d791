"""The outbox: whatever goes to anyone but the actor is a row here, in the transaction of its cause."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from storage.database import placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from storage.database import Transaction

REPLY, PERSONAL, MANY = 0, 1, 2  # priorities: the lower goes first
PARCEL = 3  # files that are put together first: they go beside the others, and hold none of them up


class Manner(StrEnum):
    """How a card arrives: as a new message, or by editing the one that is there."""

    PUSH = "push"
    REFRESH = "refresh"


class Outcome(StrEnum):
    """What became of a row."""

    WAITING = "waiting"
    SENT = "sent"
    SETTLED = "settled"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Letter:
    """A row: a card and ids for a person, never a rendered text."""

    id: int
    person_id: int
    card: str
    subject: int
    args: dict[str, Any]
    manner: Manner
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class New:
    """A card for one person that is written together with others."""

    person_id: int
    card: str
    subject: int
    unique_key: str
    args: Mapping[str, str | int]


async def add(
    tx: Transaction,
    person_id: int,
    card: str,
    subject: int = 0,
    *,
    now: datetime,
    args: Mapping[str, str | int] | None = None,
    manner: Manner = Manner.PUSH,
    priority: int = PERSONAL,
    unique_key: str | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Write a row; with a `unique_key` that was used before nothing happens and False is returned."""
    return bool(
        await tx.run(
            """INSERT INTO outbox
                (person_id, card, subject, args, manner, priority, unique_key, state, due_at, created_at)
            VALUES (:person_id, :card, :subject, :args, :manner, :priority, :unique_key, 'waiting', :due_at, :now)
            ON CONFLICT (unique_key) DO NOTHING""",
            person_id=person_id,
            card=card,
            subject=subject,
            args=json.dumps(dict(args or {}), ensure_ascii=False),
            manner=manner.value,
            priority=priority,
            unique_key=unique_key,
            due_at=due_at or now,
            now=now,
        )
    )


async def add_many(
    tx: Transaction,
    person_ids: Iterable[int],
    card: str,
    subject: int,
    *,
    now: datetime,
    key: str,
    args: Mapping[str, str | int] | None = None,
) -> None:
    """Write the same card for many people, once for each: `key` and the person's id make the unique key."""
    dumped = json.dumps(dict(args or {}), ensure_ascii=False)
    await tx.many(
        f"""INSERT INTO outbox
            (person_id, card, subject, args, manner, priority, unique_key, state, due_at, created_at)
        VALUES (:person_id, :card, :subject, :args, 'push', {MANY}, :unique_key, 'waiting', :now, :now)
        ON CONFLICT (unique_key) DO NOTHING""",
        [
            {
                "person_id": person_id,
                "card": card,
                "subject": subject,
                "args": dumped,
                "unique_key": f"{key}:{person_id}",
                "now": now,
            }
            for person_id in person_ids
        ],
    )


async def add_each(tx: Transaction, letters: Iterable[New], *, now: datetime) -> None:
    """Write many cards at once, each to one person; of one whose unique key was used before nothing happens."""
    dumped: dict[tuple[tuple[str, str | int], ...], str] = {}
    rows = []
    for letter in letters:
        args = tuple(letter.args.items())
        if args not in dumped:
            dumped[args] = json.dumps(dict(args), ensure_ascii=False)
        rows.append(
            {
                "person_id": letter.person_id,
                "card": letter.card,
                "subject": letter.subject,
                "args": dumped[args],
                "unique_key": letter.unique_key,
                "now": now,
            }
        )
    await tx.many(
        f"""INSERT INTO outbox
            (person_id, card, subject, args, manner, priority, unique_key, state, due_at, created_at)
        VALUES (:person_id, :card, :subject, :args, 'push', {PERSONAL}, :unique_key, 'waiting', :now, :now)
        ON CONFLICT (unique_key) DO NOTHING""",
        rows,
    )


async def due(
    tx: Transaction, *, now: datetime, limit: int, but: Sequence[int] = (), parcels: bool = False
) -> list[Letter]:
    """List what may go now, by priority and age, leaving out the people named in `but`: letters, or else parcels.

    A row from a time that has not come yet was written before the clock jumped back, and does not wait for it.
    """
    names, held = placeholders("held", but)
    others = f"AND person_id NOT IN {names}" if but else ""
    which = f"priority = {PARCEL}" if parcels else f"priority < {PARCEL}"
    rows = await tx.all(
        f"""SELECT id, person_id, card, subject, args, manner, attempts, created_at FROM outbox
        WHERE state = 'waiting' AND {which} AND (due_at <= :now OR created_at > :now) {others}
        ORDER BY priority, due_at, id LIMIT :limit""",
        now=now,
        limit=limit,
        **(held if but else {}),
    )
    return [
        Letter(
            row["id"],
            row["person_id"],
            row["card"],
            row["subject"],
            json.loads(row["args"]),
            Manner(row["manner"]),
            row["attempts"],
            row["created_at"],
        )
        for row in rows
    ]


async def is_waiting(tx: Transaction, letter_id: int) -> bool:
    """Whether a row still has to go; it may have been settled since it was listed."""
    return bool(await tx.one("SELECT id FROM outbox WHERE id = :id AND state = 'waiting'", id=letter_id))


async def is_held(tx: Transaction, unique_key: str, *, now: datetime) -> bool:
    """Whether a row waits for a time that has not come yet."""
    sql = "SELECT id FROM outbox WHERE unique_key = :key AND state = 'waiting' AND due_at > :now"
    return bool(await tx.one(sql, key=unique_key, now=now))


async def hasten(tx: Transaction, unique_key: str, *, now: datetime) -> bool:
    """Let a row that is held back go now; False where it is gone already."""
    sql = "UPDATE outbox SET due_at = :now WHERE unique_key = :key AND state = 'waiting' AND due_at > :now"
    return bool(await tx.run(sql, key=unique_key, now=now))


async def take_back(tx: Transaction, unique_key: str, *, now: datetime) -> bool:
    """Undo a row that is held back, as if it had never been written; False where it is gone already."""
    sql = "DELETE FROM outbox WHERE unique_key = :key AND state = 'waiting' AND due_at > :now"
    return bool(await tx.run(sql, key=unique_key, now=now))


async def next_due(tx: Transaction) -> datetime | None:
    """Return when the next waiting row may go."""
    row = await tx.one("SELECT due_at FROM outbox WHERE state = 'waiting' ORDER BY due_at LIMIT 1")
    return row["due_at"] if row else None


async def close(
    tx: Transaction, letter_id: int, outcome: Outcome, *, now: datetime, failure: str | None = None
) -> None:
    """Record what became of a row."""
    await tx.run(
        "UPDATE outbox SET state = :state, done_at = :now, failure = :failure WHERE id = :id AND state = 'waiting'",
        state=outcome.value,
        now=now,
        failure=failure,
        id=letter_id,
    )


async def retry(
    tx: Transaction, letter_id: int, *, now: datetime, due_at: datetime, failure: str, counts: bool = True
) -> None:
    """Put a row off, which was written by `now` at the latest; a flood limit does not count as an attempt."""
    await tx.run(
        """UPDATE outbox SET due_at = :due_at, attempts = attempts + :more, failure = :failure,
            created_at = CASE WHEN created_at > :now THEN :now ELSE created_at END
        WHERE id = :id""",
        now=now,
        due_at=due_at,
        more=int(counts),
        failure=failure,
        id=letter_id,
    )


async def go_on(tx: Transaction, letter_id: int, args: Mapping[str, str | int]) -> None:
    """Note how far a row has come that goes in several messages; those that are there are not sent again."""
    await tx.run(
        "UPDATE outbox SET args = :args, attempts = 0 WHERE id = :id AND state = 'waiting'",
        args=json.dumps(dict(args), ensure_ascii=False),
        id=letter_id,
    )


async def settle_waiting(tx: Transaction, card: str, subject: int, *, now: datetime) -> int:
    """Let what still waits about a subject not go any more, and return how many rows that were."""
    return await tx.run(
        """UPDATE outbox SET state = 'settled', done_at = :now
        WHERE card = :card AND subject = :subject AND state = 'waiting'""",
        card=card,
        subject=subject,
        now=now,
    )


async def counts(tx: Transaction, card: str, subject: int) -> dict[Outcome, int]:
    """Count the rows of a card about a subject by what became of them; replies that were put off do not count."""
    rows = await tx.all(
        """SELECT state, count(*) AS n FROM outbox
        WHERE card = :card AND subject = :subject AND manner = 'push' AND priority > 0 GROUP BY state""",
        card=card,
        subject=subject,
    )
    return {Outcome(row["state"]): row["n"] for row in rows}
