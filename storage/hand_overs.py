"""Hand-overs: who answers for a mentor who has no time, until when, and who could."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from domain.hand_overs import HandOver
from storage import logs, placements, schedule
from storage.database import found
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Transaction

PLAN = "hand_over"  # the kind of a hand-over's entry in the schedule

_SELECT = """SELECT h.id, h.mentor_id, m.name AS mentor, h.stand_in_id, si.name AS stand_in, h.last_day, h.ends_at,
    h.ended_at
FROM hand_overs h JOIN people m ON m.id = h.mentor_id LEFT JOIN people si ON si.id = h.stand_in_id """
_PARTY = "(h.mentor_id = :person OR h.stand_in_id = :person)"
# Who may stand in for a mentor: needs the parameter :person.
_COLLEAGUE = """EXISTS (SELECT 1 FROM mentors me JOIN mentors co ON co.enterprise_id = me.enterprise_id
    AND co.school_id = me.school_id WHERE me.person_id = :person AND me.suspended_at IS NULL
    AND co.person_id = p.id AND co.suspended_at IS NULL)
    AND p.id <> :person AND p.stopped_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM hand_overs away WHERE away.mentor_id = p.id AND away.ended_at IS NULL)"""


def _hand_over(row: Mapping[str, Any]) -> HandOver:
    return HandOver(
        id=row["id"],
        mentor_id=row["mentor_id"],
        mentor=row["mentor"],
        stand_in_id=row["stand_in_id"],
        stand_in=row["stand_in"] or "",
        last_day=row["last_day"],
        ends_at=row["ends_at"],
        ended_at=row["ended_at"],
    )


async def by_id(tx: Transaction, hand_over_id: int) -> HandOver:
    """Read a hand-over for the program's own rules; raises `NotFound`."""
    return _hand_over(found(await tx.one(_SELECT + "WHERE h.id = :id", id=hand_over_id)))


async def for_party(tx: Transaction, hand_over_id: int, person_id: int) -> HandOver:
    """Read a hand-over as its mentor or as who stands in; raises `NotFound`."""
    row = await tx.one(f"{_SELECT} WHERE h.id = :id AND {_PARTY}", id=hand_over_id, person=person_id)
    return _hand_over(found(row))


async def open_of(tx: Transaction, person_id: int) -> list[HandOver]:
    """List the hand-overs that hold now and in which somebody has a part, their own first."""
    rows = await tx.all(
        f"""{_SELECT} WHERE h.ended_at IS NULL AND {_PARTY}
        ORDER BY CASE WHEN h.mentor_id = :person THEN 0 ELSE 1 END, h.id""",
        person=person_id,
    )
    return [_hand_over(row) for row in rows]


async def colleagues(tx: Transaction, person_id: int) -> list[tuple[int, str]]:
    """List who could stand in for a mentor: others of the same enterprise and school who are there, by name."""
    rows = await tx.all(f"SELECT p.id, p.name FROM people p WHERE {_COLLEAGUE} ORDER BY p.name, p.id", person=person_id)
    return [(row["id"], row["name"]) for row in rows]


async def begin(
    tx: Transaction, mentor_id: int, stand_in_id: int | None, *, last_day: date, ends_at: datetime, now: datetime
) -> HandOver:
    """Hand a mentor's students over; raises `Conflict` where that is so already."""
    if not await tx.run(
        """INSERT INTO hand_overs (mentor_id, stand_in_id, last_day, ends_at, created_at)
        VALUES (:mentor, :stand_in, :last_day, :ends_at, :now)
        ON CONFLICT (mentor_id) WHERE ended_at IS NULL DO NOTHING""",
        mentor=mentor_id,
        stand_in=stand_in_id,
        last_day=last_day,
        ends_at=ends_at,
        now=now,
    ):
        raise Conflict
    begun = (await open_of(tx, mentor_id))[0]
    await _change_hands(tx, mentor_id)
    await schedule.put(tx, PLAN, begun.id, ends_at)
    return begun


async def end(tx: Transaction, hand_over: HandOver, *, now: datetime) -> None:
    """Give a mentor's students back; raises `Conflict` where that is so already."""
    if not await tx.run(
        "UPDATE hand_overs SET ended_at = :now WHERE id = :id AND ended_at IS NULL", id=hand_over.id, now=now
    ):
        raise Conflict
    await _change_hands(tx, hand_over.mentor_id)
    await schedule.put(tx, PLAN, hand_over.id, None)


async def _change_hands(tx: Transaction, mentor_id: int) -> None:
    """Let the placements follow; whoever answers now has not been reminded of anything yet."""
    await placements.hand_over(tx, mentor_id=mentor_id)
    await tx.run(
        """UPDATE logs SET nudged_at = NULL WHERE state = 'submitted' AND school_since IS NULL AND nudged_at IS NOT NULL
        AND placement_id IN (SELECT pl.id FROM placements pl WHERE pl.mentor_id = :mentor)""",
        mentor=mentor_id,
    )


async def placements_of(tx: Transaction, mentor_id: int, *, today: date) -> list[int]:
    """List the placements whose logs a mentor still reads."""
    rows = await tx.all(
        """SELECT pl.id FROM placements pl JOIN students s ON s.id = pl.student_id
        WHERE pl.mentor_id = :mentor AND pl.ends_on >= :since AND s.removed_at IS NULL ORDER BY pl.id""",
        mentor=mentor_id,
        since=today - logs.MENTOR_READS_ON,
    )
    return [row["id"] for row in rows]


async def classes_without(tx: Transaction, mentor_id: int, *, today: date) -> list[int]:
    """List the classes whose coordinators answer now for a mentor who has handed over."""
    rows = await tx.all(
        """SELECT DISTINCT s.class_id FROM placements pl JOIN students s ON s.id = pl.student_id
        WHERE pl.mentor_id = :mentor AND pl.handed_over AND pl.stand_in_id IS NULL AND pl.ends_on >= :since
        AND s.removed_at IS NULL ORDER BY s.class_id""",
        mentor=mentor_id,
        since=today - logs.MENTOR_READS_ON,
    )
    return [row["class_id"] for row in rows]


async def is_coordinator_of(tx: Transaction, hand_over: HandOver, person_id: int) -> bool:
    """Whether somebody coordinates the class of a student whom a mentor has handed over."""
    row = await tx.one(
        f"""SELECT pl.id FROM placements pl JOIN students s ON s.id = pl.student_id JOIN classes c ON c.id = s.class_id
        WHERE pl.mentor_id = :mentor AND {placements.FOR_COORDINATOR} LIMIT 1""",
        mentor=hand_over.mentor_id,
        person=person_id,
    )
    return row is not None
