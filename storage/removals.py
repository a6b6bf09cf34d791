"""What people ask to be deleted: asked for, taken back, told to the school, which may say why its part stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.removal import Removal, State
from storage import schedule
from storage.database import found
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.database import Transaction

PLAN = "removal"  # the kind of a removal's entry in the schedule

_FROM = """FROM removals r JOIN people p ON p.id = r.person_id
    LEFT JOIN students s ON s.id = r.student_id LEFT JOIN classes c ON c.id = s.class_id
    LEFT JOIN people sp ON sp.id = r.said_by LEFT JOIN people rp ON rp.id = r.released_by """
_SELECT = f"""SELECT r.id, r.person_id, COALESCE(s.name, p.name) AS name, r.student_id, s.number,
    c.name AS class_name, r.state, r.asked_at, r.due_at, r.words, sp.name AS said_by, rp.name AS released_by {_FROM}"""
_COVERS = """EXISTS (SELECT 1 FROM class_coordinators cc JOIN coordinators ck ON ck.person_id = cc.person_id
    AND ck.school_id = c.school_id AND ck.suspended_at IS NULL WHERE cc.class_id = c.id AND {})"""
# Which coordinators (k) hear of it: of a student those of the class, where nobody looks after it those of the school;
# of a mentor those of the schools that vouch; of a coordinator the colleagues. Never whoever asks.
_HEARS = f"""k.suspended_at IS NULL AND k.person_id <> r.person_id AND (
    (c.school_id = k.school_id AND ({_COVERS.format("cc.person_id = k.person_id")}
        OR NOT {_COVERS.format("cc.person_id <> r.person_id")}))
    OR EXISTS (SELECT 1 FROM mentors m WHERE m.person_id = r.person_id AND m.school_id = k.school_id)
    OR EXISTS (SELECT 1 FROM coordinators o WHERE o.person_id = r.person_id AND o.school_id = k.school_id))"""
_FOR_COORDINATOR = f"EXISTS (SELECT 1 FROM coordinators k WHERE k.person_id = :person AND {_HEARS})"


def _removal(row: Mapping[str, Any]) -> Removal:
    return Removal(
        id=row["id"],
        person_id=row["person_id"],
        name=row["name"],
        student_id=row["student_id"],
        number=row["number"] or "",
        class_name=row["class_name"] or "",
        state=State(row["state"]),
        asked_at=row["asked_at"],
        due_at=row["due_at"],
        words=row["words"],
        said_by=row["said_by"] or "",
        released_by=row["released_by"] or "",
    )


# --- whoever asks -----------------------------------------------------------------------------------------------


async def line_of(tx: Transaction, person_id: int) -> int | None:
    """Return the line of a roster that is somebody's, or was until they were taken out of the class."""
    row = await tx.one(
        """SELECT id FROM students WHERE person_id = :person
        OR (person_id IS NULL AND removed_at IS NOT NULL AND former_person_id = :person)
        ORDER BY CASE WHEN person_id IS NULL THEN 1 ELSE 0 END, id DESC LIMIT 1""",
        person=person_id,
    )
    return row["id"] if row else None


async def school_without(tx: Transaction, person_id: int) -> str | None:
    """Return the name of a school that would have no coordinator left without somebody."""
    row = await tx.one(
        """SELECT sc.name FROM coordinators me JOIN schools sc ON sc.id = me.school_id
        WHERE me.person_id = :person AND me.suspended_at IS NULL AND NOT EXISTS (SELECT 1 FROM coordinators k
            WHERE k.school_id = me.school_id AND k.person_id <> :person AND k.suspended_at IS NULL)
        ORDER BY sc.id LIMIT 1""",
        person=person_id,
    )
    return row["name"] if row else None


async def ask(tx: Transaction, person_id: int, *, due_at: datetime, eve: datetime, now: datetime) -> int:
    """Record that somebody asks, and return its id; raises `Conflict` where they have asked already."""
    row = await tx.one(
        """INSERT INTO removals (person_id, student_id, state, asked_at, due_at)
        VALUES (:person, :student, 'asked', :now, :due_at)
        ON CONFLICT (person_id) WHERE state = 'asked' DO NOTHING RETURNING id""",
        person=person_id,
        student=await line_of(tx, person_id),
        now=now,
        due_at=due_at,
    )
    if row is None:
        raise Conflict
    await schedule.put(tx, PLAN, row["id"], eve)
    return int(row["id"])


async def asked_by(tx: Transaction, person_id: int) -> Removal | None:
    """Read what somebody has asked for and can still take back."""
    row = await tx.one(f"{_SELECT} WHERE r.person_id = :person AND r.state = 'asked'", person=person_id)
    return _removal(row) if row else None


async def take_back(tx: Transaction, removal_id: int, person_id: int, *, now: datetime) -> None:
    """Leave everything as it is; raises `NotFound` about another's, `Conflict` where it is not asked for any more."""
    found(
        await tx.one("SELECT id FROM removals WHERE id = :id AND person_id = :person", id=removal_id, person=person_id)
    )
    if not await tx.run(
        "UPDATE removals SET state = 'taken_back', ended_at = :now WHERE id = :id AND state = 'asked'",
        id=removal_id,
        now=now,
    ):
        raise Conflict
    await schedule.put(tx, PLAN, removal_id, None)


# --- the school -------------------------------------------------------------------------------------------------


async def for_coordinator(tx: Transaction, removal_id: int, person_id: int) -> Removal:
    """Read a removal of which this coordinator hears; raises `NotFound`."""
    row = await tx.one(f"{_SELECT} WHERE r.id = :id AND {_FOR_COORDINATOR}", id=removal_id, person=person_id)
    return _removal(found(row))


async def readers(tx: Transaction, removal_id: int) -> list[int]:
    """List the coordinators who hear of a removal."""
    rows = await tx.all(
        f"SELECT DISTINCT k.person_id {_FROM} JOIN coordinators k ON {_HEARS} WHERE r.id = :id ORDER BY k.person_id",
        id=removal_id,
    )
    return [row["person_id"] for row in rows]


async def names_of_readers(tx: Transaction, person_id: int) -> list[str]:
    """Return the names of the coordinators who would hear of a removal that somebody asks for, by name."""
    student = await line_of(tx, person_id)
    rows = await tx.all(
        f"""SELECT DISTINCT kp.name FROM (SELECT CAST(:asks AS BIGINT) AS person_id) r
        LEFT JOIN students s ON s.id = CAST(:student AS BIGINT) LEFT JOIN classes c ON c.id = s.class_id
        JOIN coordinators k ON {_HEARS} JOIN people kp ON kp.id = k.person_id ORDER BY kp.name""",
        asks=person_id,
        student=student,
    )
    return [row["name"] for row in rows]


async def of_class(tx: Transaction, class_id: int, person_id: int) -> list[Removal]:
    """List what students of a class asked for and of which something is left, for a coordinator; the oldest first."""
    rows = await tx.all(
        f"{_SELECT} WHERE c.id = :class_id AND r.state IN ('asked', 'kept') AND {_FOR_COORDINATOR} ORDER BY r.id",
        class_id=class_id,
        person=person_id,
    )
    return [_removal(row) for row in rows]


async def release(tx: Transaction, removal: Removal, by: int, *, now: datetime) -> None:
    """Let the school's part of a student's records go too; raises `Conflict` where that is so or over already."""
    await _say(tx, removal, "released_by = :by, words = '', said_by = NULL", by=by)
    if removal.state is State.KEPT:
        await schedule.put(tx, PLAN, removal.id, now)


async def say_why(tx: Transaction, removal: Removal, by: int, words: str) -> None:
    """Keep why the school's part stays; raises `Conflict` where it does not, or all of it is over."""
    await _say(tx, removal, "words = :words, said_by = :by", words=words, by=by)


async def _say(tx: Transaction, removal: Removal, change: str, **values: Any) -> None:
    if not await tx.run(
        f"""UPDATE removals SET {change} WHERE id = :id AND state IN ('asked', 'kept') AND student_id IS NOT NULL
        AND released_by IS NULL""",
        id=removal.id,
        **values,
    ):
        raise Conflict


# --- the program ------------------------------------------------------------------------------------------------


async def by_id(tx: Transaction, removal_id: int) -> Removal:
    """Read a removal for the program's own rules; raises `NotFound`."""
    return _removal(found(await tx.one(f"{_SELECT} WHERE r.id = :id", id=removal_id)))


async def put_off(tx: Transaction, removal: Removal, due_at: datetime) -> None:
    """Carry a removal out later."""
    await tx.run("UPDATE removals SET due_at = :due_at WHERE id = :id", due_at=due_at, id=removal.id)


async def move(tx: Transaction, removal: Removal, to: State, *, now: datetime) -> None:
    """Record how far a removal has come; raises `Conflict` where somebody else was faster."""
    if not await tx.run(
        "UPDATE removals SET state = :to, ended_at = :ended WHERE id = :id AND state = :state",
        to=to.value,
        ended=now if to is State.DONE else None,
        id=removal.id,
        state=removal.state.value,
    ):
        raise Conflict


async def replan_class(tx: Transaction, class_id: int, *, now: datetime) -> None:
    """Have what is kept of a class's students looked at anew, after a change of its term."""
    rows = await tx.all(
        """SELECT r.id FROM removals r JOIN students s ON s.id = r.student_id
        WHERE s.class_id = :id AND r.state = 'kept' ORDER BY r.id""",
        id=class_id,
    )
    for row in rows:
        await schedule.put(tx, PLAN, row["id"], now)
