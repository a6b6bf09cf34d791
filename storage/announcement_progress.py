"""What becomes of an announcement that was sent: counted, acknowledged once by each reader, reminded of, stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from domain.announcements import Announcement, Progress, progress_slot
from storage import outbox
from storage.announcements import AGAIN_CARD, AUTHORS_CARD, READERS_CARD
from storage.database import found
from storage.outbox import Manner, Outcome

if TYPE_CHECKING:
    from storage.database import Transaction

_COPIES = """FROM outbox o
    JOIN announcement_recipients r ON r.announcement_id = o.subject AND r.person_id = o.person_id
    WHERE o.card = 'announcement' AND o.subject = :id AND o.manner = 'push' AND o.priority > 0 """
_OPEN = "AND o.state = 'sent' AND r.acknowledged_at IS NULL "
_UNREACHED = "AND o.state IN ('failed', 'stopped') "


async def acknowledge(tx: Transaction, its: Announcement, person_id: int, *, now: datetime) -> bool:
    """Record that a reader has read it; False where that is known already."""
    changed = await tx.run(
        """UPDATE announcement_recipients SET acknowledged_at = :now
        WHERE announcement_id = :id AND person_id = :person AND acknowledged_at IS NULL""",
        now=now,
        id=its.id,
        person=person_id,
    )
    if changed:
        await announce_progress(tx, its.id, now)
    return bool(changed)


async def progress(tx: Transaction, announcement_id: int) -> Progress:
    """Count the copies of an announcement by what became of them."""
    by = await outbox.counts(tx, READERS_CARD, announcement_id)
    row = await tx.one(
        """SELECT count(*) AS n FROM announcement_recipients
        WHERE announcement_id = :id AND acknowledged_at IS NOT NULL""",
        id=announcement_id,
    )
    return Progress(
        total=sum(by.values()),
        waiting=by.get(Outcome.WAITING, 0),
        sent=by.get(Outcome.SENT, 0),
        acknowledged=found(row)["n"],
        failed=by.get(Outcome.FAILED, 0),
        stopped=by.get(Outcome.STOPPED, 0),
        halted=by.get(Outcome.SETTLED, 0),
    )


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody an announcement was for; `class_name` is empty for who is no student."""

    person_id: int
    name: str
    class_name: str
    outcome: Outcome


async def recipients(
    tx: Transaction, announcement_id: int, *, unreached: bool, limit: int, offset: int
) -> tuple[list[Recipient], int]:
    """List a page of those who have not acknowledged it, or could not be reached, by class and name; and how many."""
    which = _UNREACHED if unreached else _OPEN
    rows = await tx.all(
        f"""SELECT x.person_id, x.state, p.name, s.name AS student, c.name AS class_name
        FROM (SELECT r.person_id, o.state {_COPIES} {which}) x
        JOIN people p ON p.id = x.person_id
        LEFT JOIN students s ON s.person_id = p.id LEFT JOIN classes c ON c.id = s.class_id
        ORDER BY COALESCE(c.name, ''), p.name, p.id LIMIT :limit OFFSET :offset""",
        id=announcement_id,
        limit=limit,
        offset=offset,
    )
    row = await tx.one(f"SELECT count(*) AS n {_COPIES} {which}", id=announcement_id)
    people = [
        Recipient(row["person_id"], row["student"] or row["name"], row["class_name"] or "", Outcome(row["state"]))
        for row in rows
    ]
    return people, found(row)["n"]


async def halt(tx: Transaction, its: Announcement, *, now: datetime) -> int:
    """Stop the sending: what still waits does not go any more. Returns how many copies that were."""
    await outbox.settle_waiting(tx, AGAIN_CARD, its.id, now=now)
    return await outbox.settle_waiting(tx, READERS_CARD, its.id, now=now)


async def remind(tx: Transaction, its: Announcement, *, day: date, now: datetime) -> int:
    """Bring it once more to whoever has it and has not acknowledged it, once on a day; returns to how many."""
    rows = await tx.all(f"SELECT r.person_id {_COPIES} {_OPEN}", id=its.id)
    before = sum((await outbox.counts(tx, AGAIN_CARD, its.id)).values())
    key = f"{AGAIN_CARD}:{its.id}:{day}"
    await outbox.add_many(tx, [row["person_id"] for row in rows], AGAIN_CARD, its.id, now=now, key=key)
    return sum((await outbox.counts(tx, AGAIN_CARD, its.id)).values()) - before


async def announce_progress(tx: Transaction, announcement_id: int, now: datetime) -> None:
    """Have the author's card drawn anew soon, at most once in each span of `PROGRESS_EVERY`.

    It is called in the transaction of whatever changes the numbers, so the last change is always shown.
    """
    slot, due_at = progress_slot(now)
    row = await tx.one("SELECT author_id FROM announcements WHERE id = :id", id=announcement_id)
    await outbox.add(
        tx,
        found(row)["author_id"],
        AUTHORS_CARD,
        announcement_id,
        now=now,
        due_at=due_at,
        manner=Manner.REFRESH,
        unique_key=f"announcement_progress:{announcement_id}:{slot}",
    )
