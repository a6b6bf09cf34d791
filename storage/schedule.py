"""The schedule: when each thing that is reminded of has to be looked at next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing to look at: `kind` names the rule, `subject` the record."""

    kind: str
    subject: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """Things of one kind that are due, the oldest first: all that the schedule has from the first on, so many."""

    kind: str
    entries: tuple[Entry, ...]

    @property
    def bounds(self) -> dict[str, Any]:
        """The parameters of `BATCH`."""
        first = self.entries[0]
        return {
            "kind": self.kind,
            "first_due": first.due_at,
            "first_subject": first.subject,
            "size": len(self.entries),
        }


# The subjects of a batch as a table, to be joined with others in one text for every batch; only in the transaction that
# took it. The limit tells PostgreSQL that they are few, where it cannot know and would read other tables whole.
BATCH = """(SELECT subject FROM schedule WHERE kind = :kind AND (due_at, subject) >= (:first_due, :first_subject)
    ORDER BY due_at, subject LIMIT :size) b"""


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


async def advance(tx: Transaction, batch: Batch, following: Mapping[int, datetime | None]) -> None:
    """Set when each thing that was looked at is looked at next; None takes it off the schedule.

    What somebody else has looked at, or has had planned anew, since the batch was taken stays as it is. Neighbours that
    go on at the same time, as a whole class does, are one change.
    """
    where = "WHERE kind = :kind AND due_at = :due_at AND subject >= :first AND subject <= :last"
    changes: list[dict[str, Any]] = []
    ends: list[dict[str, Any]] = []
    for (due_at, at), run in groupby(batch.entries, lambda entry: (entry.due_at, following[entry.subject])):
        subjects = [entry.subject for entry in run]
        its = {"kind": batch.kind, "due_at": due_at, "first": subjects[0], "last": subjects[-1]}
        if at is None:
            ends.append(its)
        else:
            changes.append(its | {"following": at})
    if changes:
        await tx.many(f"UPDATE schedule SET due_at = :following {where}", changes)
    if ends:
        await tx.many(f"DELETE FROM schedule {where}", ends)


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


async def take(tx: Transaction, kind: str, *, now: datetime, limit: int) -> Batch | None:
    """Take what is due of a kind, the oldest first; None where nothing is."""
    rows = await tx.all(
        """SELECT subject, due_at FROM schedule WHERE kind = :kind AND due_at <= :now
        ORDER BY due_at, subject LIMIT :limit""",
        kind=kind,
        now=now,
        limit=limit,
    )
    return Batch(kind, tuple(Entry(kind, row["subject"], row["due_at"]) for row in rows)) if rows else None


async def next_due(tx: Transaction) -> datetime | None:
    """Return when the next thing is due."""
    row = await tx.one("SELECT due_at FROM schedule ORDER BY due_at LIMIT 1")
    return row["due_at"] if row else None
