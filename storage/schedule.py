"""The schedule: when each thing that is reminded of has to be looked at next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing to look at: `kind` names the rule, `subject` the record."""

    kind: str
    subject: int
    due_at: datetime


async def put(tx: Transaction, kind: str, subject: int, due_at: datetime | None) -> None:
    """Have a thing looked at by then at the latest; now means to plan it anew, None takes it off the schedule.

    What was due before and is not done yet, because a tick is late, stays due since then.
    """
    if due_at is None:
        await tx.run("DELETE FROM schedule WHERE kind = :kind AND subject = :subject", kind=kind, subject=subject)
        return
    await tx.run(
        """INSERT INTO schedule (kind, subject, due_at) VALUES (:kind, :subject, :due_at)
        ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at WHERE excluded.due_at < schedule.due_at""",
        kind=kind,
        subject=subject,
        due_at=due_at,
    )


async def advance(tx: Transaction, entry: Entry, following: datetime | None) -> None:
    """Set when a thing that was looked at is looked at next; None takes it off the schedule."""
    if following is None:
        await put(tx, entry.kind, entry.subject, None)
        return
    await tx.run(
        "UPDATE schedule SET due_at = :due_at WHERE kind = :kind AND subject = :subject",
        due_at=following,
        kind=entry.kind,
        subject=entry.subject,
    )


async def replan_person(tx: Transaction, person_id: int, now: datetime) -> None:
    """Have everything that one person is reminded of planned anew, after a change of their time zone or time."""
    theirs = await tx.all(
        """SELECT 'placement' AS kind, pl.id AS subject FROM placements pl
            JOIN students s ON s.id = pl.student_id WHERE s.person_id = :person
        UNION SELECT 'mentor', m.person_id FROM mentors m WHERE m.person_id = :person AND m.suspended_at IS NULL
        UNION SELECT 'coordinator', c.person_id FROM coordinators c
            WHERE c.person_id = :person AND c.suspended_at IS NULL""",
        person=person_id,
    )
    for row in theirs:
        await put(tx, row["kind"], row["subject"], now)


async def due(tx: Transaction, *, now: datetime, limit: int) -> list[Entry]:
    """List what is due, the oldest first."""
    rows = await tx.all(
        "SELECT kind, subject, due_at FROM schedule WHERE due_at <= :now ORDER BY due_at LIMIT :limit",
        now=now,
        limit=limit,
    )
    return [Entry(row["kind"], row["subject"], row["due_at"]) for row in rows]


async def still_due(tx: Transaction, entry: Entry) -> bool:
    """Whether nobody has looked at it since it was listed."""
    row = await tx.one(
        "SELECT 1 AS there FROM schedule WHERE kind = :kind AND subject = :subject AND due_at = :due_at",
        kind=entry.kind,
        subject=entry.subject,
        due_at=entry.due_at,
    )
    return row is not None


async def next_due(tx: Transaction) -> datetime | None:
    """Return when the next thing is due."""
    row = await tx.one("SELECT due_at FROM schedule ORDER BY due_at LIMIT 1")
    return row["due_at"] if row else None
