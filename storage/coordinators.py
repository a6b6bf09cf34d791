"""Coordinators of a school as their colleagues see them: suspended, let in again, removed; never the last one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storage.database import found
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Coordinator:
    """A coordinator of a school; `alone` is how many classes nobody else looks after."""

    person_id: int
    name: str
    school_id: int
    school: str
    suspended: bool
    alone: int


_SELECT = """SELECT o.person_id, p.name, o.school_id, s.name AS school, o.suspended_at,
    (SELECT count(*) FROM class_coordinators cc JOIN classes c ON c.id = cc.class_id AND c.school_id = o.school_id
        WHERE cc.person_id = o.person_id AND NOT EXISTS (
            SELECT 1 FROM class_coordinators x JOIN coordinators y ON y.person_id = x.person_id
            AND y.school_id = o.school_id AND y.suspended_at IS NULL
            WHERE x.class_id = c.id AND x.person_id <> o.person_id)) AS alone
FROM coordinators o JOIN people p ON p.id = o.person_id JOIN schools s ON s.id = o.school_id
JOIN coordinators me ON me.school_id = o.school_id AND me.person_id = :me AND me.suspended_at IS NULL """
# Somebody else who coordinates the school acts, so one who can is always left.
_BY_A_COLLEAGUE = """person_id = :person AND school_id = :school AND person_id <> :me AND EXISTS (
    SELECT 1 FROM coordinators k WHERE k.school_id = :school AND k.person_id = :me AND k.suspended_at IS NULL)"""


def _coordinator(row: Mapping[str, Any]) -> Coordinator:
    return Coordinator(
        person_id=row["person_id"],
        name=row["name"],
        school_id=row["school_id"],
        school=row["school"],
        suspended=row["suspended_at"] is not None,
        alone=row["alone"],
    )


async def others(tx: Transaction, person_id: int) -> list[Coordinator]:
    """List the other coordinators of this coordinator's schools, also the suspended ones, by name."""
    rows = await tx.all(f"{_SELECT} WHERE o.person_id <> :me ORDER BY p.name, o.person_id, o.school_id", me=person_id)
    return [_coordinator(row) for row in rows]


async def for_colleague(tx: Transaction, coordinator_id: int, school_id: int, person_id: int) -> Coordinator:
    """Read another coordinator of one's own school; raises `NotFound`."""
    row = await tx.one(
        f"{_SELECT} WHERE o.person_id = :id AND o.person_id <> :me AND o.school_id = :school",
        id=coordinator_id,
        school=school_id,
        me=person_id,
    )
    return _coordinator(found(row))


async def suspend(tx: Transaction, coordinator: Coordinator, by: int, *, now: datetime) -> None:
    """Keep a colleague out for a while; raises `Conflict` where that is so already, or `by` may not."""
    sql = f"UPDATE coordinators SET suspended_at = :now WHERE suspended_at IS NULL AND {_BY_A_COLLEAGUE}"
    await _change(tx, sql, coordinator, by, now=now)


async def readmit(tx: Transaction, coordinator: Coordinator, by: int) -> None:
    """Let a suspended colleague in again; raises `Conflict`."""
    sql = f"UPDATE coordinators SET suspended_at = NULL WHERE suspended_at IS NOT NULL AND {_BY_A_COLLEAGUE}"
    await _change(tx, sql, coordinator, by)


async def remove(tx: Transaction, coordinator: Coordinator, by: int) -> None:
    """Let somebody coordinate the school no longer; what they published for it is `by`'s. Raises `Conflict`."""
    await _change(tx, f"DELETE FROM coordinators WHERE {_BY_A_COLLEAGUE}", coordinator, by)
    them = {"person": coordinator.person_id, "school": coordinator.school_id}
    await tx.run(
        """DELETE FROM class_coordinators WHERE person_id = :person
        AND class_id IN (SELECT id FROM classes WHERE school_id = :school)""",
        **them,
    )
    await tx.run(
        """UPDATE posts SET created_by = :me WHERE created_by = :person AND mentor_id IS NULL
        AND enterprise_id IN (SELECT enterprise_id FROM school_enterprises WHERE school_id = :school)
        AND NOT EXISTS (SELECT 1 FROM coordinators k JOIN school_enterprises se ON se.school_id = k.school_id
            WHERE k.person_id = :person AND se.enterprise_id = posts.enterprise_id)""",
        me=by,
        **them,
    )


async def _change(tx: Transaction, sql: str, coordinator: Coordinator, by: int, **values: Any) -> None:
    if not await tx.run(sql, person=coordinator.person_id, school=coordinator.school_id, me=by, **values):
        raise Conflict


async def standing(tx: Transaction, school_id: int, person_id: int) -> tuple[str, bool | None]:
    """Return a school's name and whether somebody is suspended there; None for one who is no coordinator of it."""
    row = found(
        await tx.one(
            """SELECT s.name, o.person_id, o.suspended_at FROM schools s
            LEFT JOIN coordinators o ON o.school_id = s.id AND o.person_id = :person WHERE s.id = :school""",
            school=school_id,
            person=person_id,
        )
    )
    return row["name"], None if row["person_id"] is None else row["suspended_at"] is not None


async def stop_covering(tx: Transaction, class_id: int, person_id: int) -> None:
    """Let a coordinator look after a class no longer; raises `Conflict` where nobody else who can does."""
    if not await tx.run(
        """DELETE FROM class_coordinators WHERE class_id = :class_id AND person_id = :person AND EXISTS (
            SELECT 1 FROM class_coordinators x JOIN classes c ON c.id = x.class_id
            JOIN coordinators k ON k.person_id = x.person_id AND k.school_id = c.school_id AND k.suspended_at IS NULL
            WHERE x.class_id = :class_id AND x.person_id <> :person)""",
        class_id=class_id,
        person=person_id,
    ):
        raise Conflict
