"""Moments: what a placed student sent outside every form, kept until it is put into a log or dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from storage.database import found, new_id
from storage.errors import Conflict

if TYPE_CHECKING:
    from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Moment:
    """A text of a week; `state` is offered, kept or dropped."""

    id: int
    placement_id: int
    week: date
    text: str
    state: str


async def offer(tx: Transaction, *, placement_id: int, week: date, text: str, now: datetime) -> int:
    """Keep a moment that the student is asked about, and return its id."""
    return await new_id(
        tx,
        """INSERT INTO moments (placement_id, week, text, state, created_at)
        VALUES (:placement, :week, :text, 'offered', :now) RETURNING id""",
        placement=placement_id,
        week=week,
        text=text,
        now=now,
    )


async def for_student(tx: Transaction, moment_id: int, person_id: int) -> Moment:
    """Read a student's own moment; raises `NotFound`."""
    row = found(
        await tx.one(
            """SELECT mo.id, mo.placement_id, mo.week, mo.text, mo.state FROM moments mo
            JOIN placements pl ON pl.id = mo.placement_id JOIN students s ON s.id = pl.student_id
            WHERE mo.id = :id AND s.person_id = :person""",
            id=moment_id,
            person=person_id,
        )
    )
    return Moment(row["id"], row["placement_id"], row["week"], row["text"], row["state"])


async def settle(tx: Transaction, moment_id: int, *, kept: bool) -> None:
    """Record that the moment went into a log or was dropped; raises `Conflict` where that was said before."""
    if not await tx.run(
        "UPDATE moments SET state = :state WHERE id = :id AND state = 'offered'",
        state="kept" if kept else "dropped",
        id=moment_id,
    ):
        raise Conflict
