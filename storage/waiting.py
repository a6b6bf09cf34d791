"""Waiting: who has a student's log just now, how long their answers take, and what is marked when it is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from domain.reminders import Reader
from domain.waiting import ANSWERS_COUNTED, GIVE_UP, TERMS
from storage import logs, people, placements
from storage.database import placeholders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.placements import Placement
    from storage.database import Transaction


_SINCE = "COALESCE(l.school_since, l.submitted_at)"  # since when whoever has a log has had it


def _waited(name: str) -> str:
    return "(" + " OR ".join(f"(c.answer_days = {days} AND {_SINCE} <= :{name}_{days})" for days in TERMS) + ")"


# Whether a log has waited for its class's term, and for so long that its coordinators hear of it: conditions about
# `l` and `c` that need the parameters of `terms`.
OVERDUE, GIVEN_UP = _waited("overdue"), _waited("given_up")


def terms(now: datetime) -> dict[str, datetime]:
    """Return the parameters of OVERDUE and GIVEN_UP."""
    overdue = {f"overdue_{days}": now - timedelta(days=days) for days in TERMS}
    return overdue | {f"given_up_{days}": now - timedelta(days=days) - GIVE_UP for days in TERMS}


@dataclass(frozen=True, slots=True)
class Answerer:
    """The mentor who answers the logs of a placement."""

    name: str
    reader: Reader


async def answerer(tx: Transaction, placement: Placement, *, today: date) -> Answerer | None:
    """Find the mentor who answers a student's logs now; None where that is up to the coordinators."""
    row = await tx.one(
        f"""SELECT p.id, p.name, p.time_zone, p.reminder_time, p.digest_days, p.stopped_at
        FROM placements pl JOIN students s ON s.id = pl.student_id JOIN classes c ON c.id = s.class_id
        JOIN people p ON p.id = {placements.ANSWERS}
        WHERE pl.id = :id AND {placements.MENTOR_ANSWERS}""",
        id=placement.id,
        since=today - logs.MENTOR_READS_ON,
    )
    if row is None:
        return None
    at = time.fromisoformat(row["reminder_time"]) if row["reminder_time"] else None
    reader = Reader(
        row["id"], ZoneInfo(row["time_zone"]), at, row["stopped_at"] is not None, people.as_weekdays(row["digest_days"])
    )
    return Answerer(row["name"], reader)


async def latest_waits(tx: Transaction, person_id: int) -> list[timedelta]:
    """List how long a reviewer's newest answers took, each from the submission that it answers."""
    rows = await tx.all(
        """SELECT r.submitted_at, rv.created_at FROM reviews rv JOIN revisions r ON r.id = rv.revision_id
        WHERE rv.reviewer_id = :person AND rv.decision <> 'reopened' ORDER BY rv.id DESC LIMIT :newest""",
        person=person_id,
        newest=ANSWERS_COUNTED,
    )
    return [row["created_at"] - row["submitted_at"] for row in rows]


async def pushed_to(tx: Transaction, person_id: int, cards: Sequence[str], *, since: datetime) -> list[datetime]:
    """List when some of these cards about all that waits were written to somebody, since a moment."""
    names, values = placeholders("card", cards)
    rows = await tx.all(
        f"""SELECT created_at FROM outbox WHERE card IN {names} AND subject = :person AND person_id = :person
        AND created_at >= :since""",
        **values,
        person=person_id,
        since=since,
    )
    return [row["created_at"] for row in rows]


async def tell_coordinators(tx: Transaction, log_id: int, *, now: datetime) -> bool:
    """Put a log that waits before the coordinators of its class, once; they hear of it at their next check."""
    return bool(
        await tx.run(
            """UPDATE logs SET escalated_at = :now
            WHERE id = :id AND state = 'submitted' AND escalated_at IS NULL""",
            id=log_id,
            now=now,
        )
    )
