"""The roster as coordinators keep it: who is in a class, who has joined, who is let in, suspended, moved, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.students import Student
from storage.database import found
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from storage.database import Transaction

_COVERED = """JOIN class_coordinators cc ON cc.class_id = c.id AND cc.person_id = :person
    JOIN coordinators k ON k.person_id = cc.person_id AND k.school_id = c.school_id AND k.suspended_at IS NULL """
# With the placement that runs on :today, or else the one that comes next.
_SELECT = f"""SELECT s.id, s.class_id, c.name AS class_name, s.number, s.name, s.person_id, s.former_person_id,
    s.joined_at, s.suspended_at, s.removed_at, pl.id AS placement_id, e.name AS enterprise, m.name AS mentor,
    pl.starts_on, pl.ends_on
FROM students s JOIN classes c ON c.id = s.class_id {_COVERED}
LEFT JOIN placements pl ON pl.id = (SELECT p.id FROM placements p
    WHERE p.student_id = s.id AND p.ends_on >= :today ORDER BY p.starts_on LIMIT 1)
LEFT JOIN enterprises e ON e.id = pl.enterprise_id
LEFT JOIN people m ON m.id = pl.mentor_id """


def _student(row: Mapping[str, Any]) -> Student:
    return Student(
        id=row["id"],
        class_id=row["class_id"],
        class_name=row["class_name"],
        number=row["number"],
        name=row["name"],
        person_id=row["person_id"],
        former_person_id=row["former_person_id"],
        joined_at=row["joined_at"],
        suspended_at=row["suspended_at"],
        removed_at=row["removed_at"],
        placement_id=row["placement_id"],
        enterprise=row["enterprise"] or "",
        mentor=row["mentor"] or "",
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
    )


async def of_class(tx: Transaction, class_id: int, person_id: int, *, today: date) -> list[Student]:
    """List a class's roster by number, for a coordinator who covers it; empty for anyone else."""
    rows = await tx.all(
        f"{_SELECT} WHERE s.class_id = :class_id ORDER BY s.number", class_id=class_id, person=person_id, today=today
    )
    return [_student(row) for row in rows]


async def unplaced(tx: Transaction, person_id: int, *, today: date) -> list[Student]:
    """List the students of a coordinator's classes who have no placement now or ahead, by class and number."""
    rows = await tx.all(
        f"""{_SELECT} WHERE pl.id IS NULL AND s.removed_at IS NULL AND s.suspended_at IS NULL
        ORDER BY c.name, s.number""",
        person=person_id,
        today=today,
    )
    return [_student(row) for row in rows]


async def for_coordinator(tx: Transaction, student_id: int, person_id: int, *, today: date) -> Student:
    """Read a student of a class that this coordinator covers; raises `NotFound`."""
    row = await tx.one(f"{_SELECT} WHERE s.id = :id", id=student_id, person=person_id, today=today)
    return _student(found(row))


async def suspend(tx: Transaction, student: Student, *, now: datetime) -> None:
    """Keep a student who has joined out for a while; raises `Conflict` where that is not how it stands."""
    await _change(
        tx,
        student,
        "suspended_at = :now WHERE person_id IS NOT NULL AND suspended_at IS NULL AND removed_at IS NULL",
        now=now,
    )


async def readmit(tx: Transaction, student: Student) -> None:
    """Let a suspended student in again; raises `Conflict`."""
    await _change(tx, student, "suspended_at = NULL WHERE suspended_at IS NOT NULL AND removed_at IS NULL")


async def free_number(tx: Transaction, student: Student) -> None:
    """Take the account off a line, so that the next one who joins with its number gets it; raises `Conflict`."""
    await _change(
        tx, student, "person_id = NULL, former_person_id = person_id WHERE person_id IS NOT NULL AND removed_at IS NULL"
    )


async def keep_account(tx: Transaction, student: Student) -> None:
    """Undo `free_number` while nobody else has joined; raises `Conflict`, `AlreadyExists` for an account elsewhere."""
    await _change(
        tx,
        student,
        """person_id = former_person_id, former_person_id = NULL
        WHERE person_id IS NULL AND former_person_id IS NOT NULL AND removed_at IS NULL""",
    )


async def remove(tx: Transaction, student: Student, *, now: datetime) -> None:
    """Take a student out of the class; the line and what was written stay. Raises `Conflict`."""
    await _change(
        tx,
        student,
        """person_id = NULL, former_person_id = COALESCE(person_id, former_person_id), removed_at = :now
        WHERE removed_at IS NULL""",
        now=now,
    )


async def take_back(tx: Transaction, student: Student) -> bool:
    """Undo `remove`; returns whether the account is back too, which it is not where it has joined with another line."""
    elsewhere = await tx.one("SELECT id FROM students WHERE person_id = :person", person=student.former_person_id)
    account = "former_person_id" if elsewhere is None else "NULL"
    await _change(
        tx,
        student,
        f"removed_at = NULL, former_person_id = NULL, person_id = {account} WHERE removed_at IS NOT NULL",
    )
    return elsewhere is None and student.former_person_id is not None


async def _change(tx: Transaction, student: Student, change: str, **values: Any) -> None:
    if not await tx.run(f"UPDATE students SET {change} AND id = :id", id=student.id, **values):
        raise Conflict


async def of_account(tx: Transaction, student_id: int, person_id: int) -> Mapping[str, Any]:
    """Read name, number and class of a line for whoever has or had it as their account; raises `NotFound`."""
    return found(
        await tx.one(
            """SELECT s.name, s.number, c.name AS class_name, s.person_id, s.suspended_at, s.removed_at
            FROM students s JOIN classes c ON c.id = s.class_id
            WHERE s.id = :id AND (s.person_id = :person OR s.former_person_id = :person)""",
            id=student_id,
            person=person_id,
        )
    )


async def name_of(tx: Transaction, student_id: int) -> str:
    """Return a student's name, for whoever is told about them; raises `NotFound`."""
    return str(found(await tx.one("SELECT name FROM students WHERE id = :id", id=student_id))["name"])
