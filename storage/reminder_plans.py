"""Plans of reminders: what a whole batch of due ones depends on, and what becomes of it, each in one statement."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from storage import outbox, placements
from storage.database import placeholders
from storage.schedule import BATCH
from storage.waiting import GIVEN_UP, OVERDUE, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.database import Transaction
    from storage.outbox import New
    from storage.schedule import Batch

# Where the logs of people are that wait. CROSS JOIN keeps SQLite on this way, which touches what is theirs; without
# statistics it would begin at all logs that wait anywhere.
_OF_MENTOR = """placements pl JOIN students s ON s.id = pl.student_id JOIN classes c ON c.id = s.class_id
    CROSS JOIN logs l"""
_OF_COORDINATOR = """class_coordinators cc JOIN classes c ON c.id = cc.class_id
    JOIN coordinators k ON k.person_id = cc.person_id AND k.school_id = c.school_id AND k.suspended_at IS NULL
    CROSS JOIN students s CROSS JOIN placements pl CROSS JOIN logs l"""
_WAITS_FOR_MENTOR = f"""{placements.FOR_ANSWERER} AND pl.ends_on >= :since AND l.placement_id = pl.id
    AND l.state = 'submitted' AND l.submitted_at <= :until AND l.school_since IS NULL"""
_WAITS_FOR_COORDINATOR = """cc.person_id = :person AND s.class_id = c.id AND pl.student_id = s.id
    AND l.placement_id = pl.id AND l.state = 'submitted' AND l.submitted_at <= :until"""


def _of_batch(condition: str) -> str:
    """Make a condition about one person one about all of a batch, so that who may see what is said in one place."""
    return condition.replace(":person", "b.subject")


# --- students ---------------------------------------------------------------------------------------------------


async def handed_in(tx: Transaction, batch: Batch, weeks: Iterable[date]) -> set[tuple[int, date]]:
    """Read which logs of placements that are due are past their draft, by placement and week, among these weeks."""
    among = sorted(weeks)
    rows = await tx.all(
        f"""SELECT l.placement_id, l.week FROM {BATCH} JOIN logs l ON l.placement_id = b.subject
        WHERE l.week >= :first_week AND l.week <= :last_week AND l.state <> 'draft'""",
        **batch.bounds,
        first_week=among[0],
        last_week=among[-1],
    )
    return {(row["placement_id"], row["week"]) for row in rows}


async def answers(tx: Transaction, batch: Batch, since: datetime) -> dict[int, list[datetime]]:
    """Read when the students of placements that are due got answers to their logs since a moment, by placement."""
    rows = await tx.all(
        f"""SELECT l.placement_id, rv.created_at FROM {BATCH} JOIN logs l ON l.placement_id = b.subject
        JOIN reviews rv ON rv.log_id = l.id WHERE rv.created_at >= :since""",
        **batch.bounds,
        since=since,
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for row in rows:
        found[row["placement_id"]].append(row["created_at"])
    return found


# --- mentors and coordinators -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pile:
    """Logs of one mentor in placements that end on one day; `fresh` where one is old that nobody was reminded of."""

    person_id: int
    ends_on: date
    fresh: bool


async def piles(tx: Transaction, batch: Batch, *, now: datetime, since: date) -> list[Pile]:
    """List what waits for the mentors of a batch, in placements that end since a day.

    It is old if it has waited for its class's term. One row stands for many logs, however long they were left alone.
    """
    rows = await tx.all(
        f"""SELECT b.subject, pl.ends_on,
            max(CASE WHEN l.nudged_at IS NULL AND {OVERDUE} THEN 1 ELSE 0 END) AS fresh
        FROM {BATCH} CROSS JOIN {_OF_MENTOR}
        WHERE {_of_batch(_WAITS_FOR_MENTOR)} GROUP BY b.subject, pl.ends_on""",
        **batch.bounds,
        until=now,
        since=since,
        **terms(now),
    )
    return [Pile(row["subject"], row["ends_on"], bool(row["fresh"])) for row in rows]


async def escalations(tx: Transaction, batch: Batch, *, now: datetime) -> dict[int, list[datetime | None]]:
    """Read when it was told of the logs that nobody answers in the classes of each coordinator.

    None stands for logs of which no coordinator has heard.
    """
    rows = await tx.all(
        f"""SELECT DISTINCT b.subject, l.escalated_at FROM {BATCH} CROSS JOIN {_OF_COORDINATOR}
        WHERE {_of_batch(_WAITS_FOR_COORDINATOR)} AND (l.escalated_at IS NOT NULL OR {GIVEN_UP})""",
        **batch.bounds,
        until=now,
        **terms(now),
    )
    found: dict[int, list[datetime | None]] = defaultdict(list)
    for row in rows:
        found[row["subject"]].append(row["escalated_at"])
    return found


async def arrivals(tx: Transaction, batch: Batch, *, now: datetime) -> dict[int, list[datetime | None]]:
    """Read when it was told of the logs that have come to their second stage in the classes of each coordinator.

    None stands for logs of which no coordinator has heard.
    """
    rows = await tx.all(
        f"""SELECT DISTINCT b.subject, l.nudged_at FROM {BATCH} CROSS JOIN {_OF_COORDINATOR}
        WHERE {_of_batch(_WAITS_FOR_COORDINATOR)} AND l.school_since IS NOT NULL""",
        **batch.bounds,
        until=now,
    )
    found: dict[int, list[datetime | None]] = defaultdict(list)
    for row in rows:
        found[row["subject"]].append(row["nudged_at"])
    return found


async def mark_arrived(tx: Transaction, readers: Sequence[tuple[int, datetime]], *, now: datetime) -> None:
    """Record that coordinators, each at a check, were told of what mentors had passed on; the first one counts."""
    if readers:
        await tx.many(
            f"""UPDATE logs SET nudged_at = :at WHERE id IN (
                SELECT l.id FROM {_OF_COORDINATOR}
                WHERE {_WAITS_FOR_COORDINATOR} AND l.school_since IS NOT NULL AND l.nudged_at IS NULL)""",
            [{"person": id_, "at": at, "until": now} for id_, at in readers],
        )


async def mark_nudged(tx: Transaction, readers: Sequence[tuple[int, date]], *, now: datetime) -> None:
    """Record that mentors were reminded of what has waited for too long; each with the day as for `piles`."""
    if readers:
        await tx.many(
            f"""UPDATE logs SET nudged_at = :now WHERE id IN (
                SELECT l.id FROM {_OF_MENTOR}
                WHERE {_WAITS_FOR_MENTOR} AND l.nudged_at IS NULL AND {OVERDUE})""",
            [{"person": id_, "since": since, "until": now, "now": now, **terms(now)} for id_, since in readers],
        )


async def mark_escalated(tx: Transaction, readers: Sequence[tuple[int, datetime]], *, now: datetime) -> None:
    """Record that coordinators, each at a check, heard of what waited; the first who hears of a log is recorded."""
    if readers:
        await tx.many(
            f"""UPDATE logs SET escalated_at = :at WHERE id IN (
                SELECT l.id FROM {_OF_COORDINATOR}
                WHERE {_WAITS_FOR_COORDINATOR} AND l.escalated_at IS NULL AND {GIVEN_UP})""",
            [{"person": id_, "at": at, "until": now, **terms(now)} for id_, at in readers],
        )


async def pushes(
    tx: Transaction, batch: Batch, cards: Sequence[str], since: datetime
) -> dict[int, list[tuple[str, datetime]]]:
    """Read what of these cards was written to each person of a batch since a moment: its unique key, and when."""
    names, values = placeholders("card", cards)
    rows = await tx.all(
        f"""SELECT o.person_id, o.unique_key, o.created_at FROM {BATCH}
        JOIN outbox o ON o.card IN {names} AND o.subject = b.subject AND o.person_id = b.subject
        WHERE o.created_at >= :since""",
        **batch.bounds,
        **values,
        since=since,
    )
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for row in rows:
        found[row["person_id"]].append((row["unique_key"], row["created_at"]))
    return found


# --- all --------------------------------------------------------------------------------------------------------


async def push(tx: Transaction, batch: Batch, letters: Sequence[New], cards: Sequence[str], *, now: datetime) -> None:
    """Write reminders, each once; what of these cards still waits for the same reader about the same does not go.

    After an outage of Telegram only the newest reminder goes. A reminder that was written before changes nothing.
    """
    if not letters:
        return
    keys = {(letter.person_id, letter.subject): letter.unique_key for letter in letters}
    older = [
        {"id": row["id"], "key": keys[row["person_id"], row["subject"]], "now": now}
        for row in await _waiting(tx, batch, cards)
        if (row["person_id"], row["subject"]) in keys
    ]
    if older:
        await tx.many(
            """UPDATE outbox SET state = 'settled', done_at = :now WHERE id = :id AND state = 'waiting'
            AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.unique_key = :key)""",
            older,
        )
    await outbox.add_each(tx, letters, now=now)


async def _waiting(tx: Transaction, batch: Batch, cards: Sequence[str]) -> list[Any]:
    names, values = placeholders("card", cards)
    return await tx.all(
        f"""SELECT o.id, o.person_id, o.subject FROM {BATCH}
        JOIN outbox o ON o.card IN {names} AND o.subject = b.subject AND o.state = 'waiting'""",
        **batch.bounds,
        **values,
    )
