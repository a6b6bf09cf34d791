"""What an import has to know that nobody else asks: the schools, their classes, coordinators and mentors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.schools import School
from domain.words import key

if TYPE_CHECKING:
    from storage.database import Transaction


async def schools(tx: Transaction) -> list[School]:
    """List every school, by name."""
    rows = await tx.all("SELECT id, name, time_zone FROM schools ORDER BY name, id")
    return [School(row["id"], row["name"], row["time_zone"]) for row in rows]


async def classes(tx: Transaction, school_id: int) -> dict[str, int]:
    """Return the ids of a school's classes by their names, as people compare names."""
    rows = await tx.all("SELECT id, name FROM classes WHERE school_id = :school ORDER BY id DESC", school=school_id)
    return {key(row["name"]): row["id"] for row in rows}


async def coordinators(tx: Transaction, school_id: int) -> list[int]:
    """List the people who coordinate a school and are not suspended."""
    rows = await tx.all(
        """SELECT person_id FROM coordinators WHERE school_id = :school AND suspended_at IS NULL
        ORDER BY person_id""",
        school=school_id,
    )
    return [row["person_id"] for row in rows]


async def mentors_named(tx: Transaction, school_id: int, enterprise_id: int, name: str) -> list[int]:
    """List the mentors of an enterprise with this name, as people compare names, for whom the school vouches."""
    rows = await tx.all(
        """SELECT p.id, p.name FROM mentors m JOIN people p ON p.id = m.person_id
        WHERE m.enterprise_id = :enterprise AND m.school_id = :school AND m.suspended_at IS NULL ORDER BY p.id""",
        enterprise=enterprise_id,
        school=school_id,
    )
    return [row["id"] for row in rows if key(row["name"]) == key(name)]
