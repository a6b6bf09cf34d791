"""Classes as their coordinators see them: who is in, who waits, which rules hold, who else covers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from domain.schools import Class
from storage.database import found
from storage.errors import Conflict
from storage.schools import as_class, cover_class

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Transaction

_COUNTED = """SELECT c.id, c.school_id, c.name, c.specialty, c.time_zone, c.due_weekday, c.due_time,
    c.photos_allowed, c.answer_days, c.second_stage, sc.name AS school,
    (SELECT count(*) FROM students s WHERE s.class_id = c.id AND s.removed_at IS NULL) AS listed,
    (SELECT count(*) FROM students s WHERE s.class_id = c.id AND s.person_id IS NOT NULL) AS joined,
    (SELECT count(*) FROM join_requests r WHERE r.class_id = c.id AND r.state = 'waiting') AS waiting
FROM classes c JOIN schools sc ON sc.id = c.school_id """
_COVERED = """JOIN class_coordinators cc ON cc.class_id = c.id AND cc.person_id = :person
    JOIN coordinators k ON k.person_id = cc.person_id AND k.school_id = c.school_id AND k.suspended_at IS NULL """
_BY_NOBODY = """NOT EXISTS (SELECT 1 FROM class_coordinators x JOIN coordinators y ON y.person_id = x.person_id
    AND y.school_id = c.school_id AND y.suspended_at IS NULL WHERE x.class_id = c.id)"""


@dataclass(frozen=True, slots=True)
class Counted:
    """A class with the number of lines on its roster, of students who have joined, and of those who wait."""

    rules: Class
    school: str
    listed: int
    joined: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """A coordinator by name."""

    person_id: int
    name: str


def _counted(row: Mapping[str, Any]) -> Counted:
    return Counted(as_class(row), row["school"], row["listed"], row["joined"], row["waiting"])


async def of_coordinator(tx: Transaction, person_id: int) -> list[Counted]:
    """List the classes that a coordinator covers, by name."""
    return [_counted(row) for row in await tx.all(_COUNTED + _COVERED + "ORDER BY c.name, c.id", person=person_id)]


async def for_coordinator(tx: Transaction, class_id: int, person_id: int) -> Counted:
    """Read a class that this coordinator covers; raises `NotFound`."""
    return _counted(found(await tx.one(_COUNTED + _COVERED + "WHERE c.id = :id", id=class_id, person=person_id)))


async def covered_by_nobody(tx: Transaction, person_id: int) -> list[Counted]:
    """List the classes of this coordinator's schools that nobody covers, by name."""
    rows = await tx.all(
        f"""{_COUNTED} JOIN coordinators k ON k.school_id = c.school_id AND k.person_id = :person
        AND k.suspended_at IS NULL WHERE {_BY_NOBODY} ORDER BY c.name, c.id""",
        person=person_id,
    )
    return [_counted(row) for row in rows]


async def claim(tx: Transaction, class_id: int, person_id: int) -> None:
    """Let a coordinator cover a class that nobody covers; raises `Conflict` where somebody does.

    Raises `NotFound` for a class of another school.
    """
    row = await tx.one(
        f"""SELECT {_BY_NOBODY} AS is_free FROM classes c JOIN coordinators k ON k.school_id = c.school_id
        AND k.person_id = :person AND k.suspended_at IS NULL WHERE c.id = :id""",
        id=class_id,
        person=person_id,
    )
    if not found(row)["is_free"]:
        raise Conflict
    await cover_class(tx, class_id, person_id)


async def change(tx: Transaction, class_id: int, person_id: int, **columns: str | int) -> None:
    """Change rules of a class that this coordinator covers; raises `AlreadyExists` for a name that is taken."""
    known = {"name", "specialty", "time_zone", "due_weekday", "due_time", "answer_days"}
    if not columns.keys() <= known:
        raise ValueError(f"not a rule of a class: {', '.join(sorted(columns.keys() - known))}")
    await for_coordinator(tx, class_id, person_id)
    sets = ", ".join(f"{column} = :{column}" for column in columns)
    await tx.run(f"UPDATE classes SET {sets} WHERE id = :id", id=class_id, **columns)


async def allow_photos(tx: Transaction, class_id: int, person_id: int, *, allowed: bool) -> None:
    """Switch photos on or off; raises `Conflict` where they already are."""
    await for_coordinator(tx, class_id, person_id)
    if not await tx.run(
        "UPDATE classes SET photos_allowed = :allowed WHERE id = :id AND photos_allowed <> :allowed",
        id=class_id,
        allowed=allowed,
    ):
        raise Conflict


async def want_second_stage(tx: Transaction, class_id: int, person_id: int, *, wanted: bool) -> None:
    """Have what mentors approve from now on passed on to the school, or not; raises `Conflict` where it is so."""
    await for_coordinator(tx, class_id, person_id)
    if not await tx.run(
        "UPDATE classes SET second_stage = :wanted WHERE id = :id AND second_stage <> :wanted",
        id=class_id,
        wanted=wanted,
    ):
        raise Conflict


async def covering(tx: Transaction, class_id: int) -> list[Colleague]:
    """List who covers a class, by name."""
    rows = await tx.all(
        """SELECT p.id, p.name FROM class_coordinators cc JOIN people p ON p.id = cc.person_id
        JOIN classes c ON c.id = cc.class_id
        JOIN coordinators k ON k.person_id = p.id AND k.school_id = c.school_id AND k.suspended_at IS NULL
        WHERE cc.class_id = :id ORDER BY p.name, p.id""",
        id=class_id,
    )
    return [Colleague(row["id"], row["name"]) for row in rows]


async def colleagues_to_add(tx: Transaction, class_id: int) -> list[Colleague]:
    """List the coordinators of the school who do not cover a class yet, by name."""
    rows = await tx.all(
        """SELECT p.id, p.name FROM coordinators k JOIN people p ON p.id = k.person_id
        JOIN classes c ON c.school_id = k.school_id
        WHERE c.id = :id AND k.suspended_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM class_coordinators cc WHERE cc.class_id = c.id AND cc.person_id = p.id)
        ORDER BY p.name, p.id""",
        id=class_id,
    )
    return [Colleague(row["id"], row["name"]) for row in rows]


async def colleagues(tx: Transaction, person_id: int) -> list[Colleague]:
    """List the coordinators of this coordinator's schools, by name, themselves among them."""
    rows = await tx.all(
        """SELECT DISTINCT p.id, p.name FROM coordinators me JOIN coordinators k ON k.school_id = me.school_id
        JOIN people p ON p.id = k.person_id
        WHERE me.person_id = :person AND me.suspended_at IS NULL AND k.suspended_at IS NULL ORDER BY p.name, p.id""",
        person=person_id,
    )
    return [Colleague(row["id"], row["name"]) for row in rows]
