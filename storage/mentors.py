"""Mentors: who guides students at an enterprise, as the coordinators of the school that vouched for them see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.mentors import Mentor
from storage.database import found
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from storage.database import Transaction

_MINE = """EXISTS (SELECT 1 FROM coordinators k WHERE k.school_id = mentors.school_id AND k.person_id = :person
    AND k.suspended_at IS NULL)"""
_SELECT = """SELECT m.person_id, p.name, m.enterprise_id, e.name AS enterprise, m.suspended_at,
    (SELECT count(*) FROM placements pl JOIN students s ON s.id = pl.student_id
        WHERE pl.mentor_id = m.person_id AND pl.enterprise_id = m.enterprise_id AND s.school_id = m.school_id
        AND pl.ends_on >= :today) AS students
FROM mentors m JOIN people p ON p.id = m.person_id JOIN enterprises e ON e.id = m.enterprise_id
JOIN coordinators k ON k.school_id = m.school_id AND k.person_id = :person AND k.suspended_at IS NULL """


def _mentor(row: Mapping[str, Any]) -> Mentor:
    return Mentor(
        person_id=row["person_id"],
        name=row["name"],
        enterprise_id=row["enterprise_id"],
        enterprise=row["enterprise"],
        suspended=row["suspended_at"] is not None,
        students=row["students"],
    )


async def of_enterprise(tx: Transaction, enterprise_id: int, person_id: int, *, today: date) -> list[Mentor]:
    """List the mentors of an enterprise for whom this coordinator's school vouches, by name."""
    rows = await tx.all(
        f"{_SELECT} WHERE m.enterprise_id = :enterprise ORDER BY p.name, m.person_id",
        enterprise=enterprise_id,
        person=person_id,
        today=today,
    )
    return list({row["person_id"]: _mentor(row) for row in rows}.values())


async def for_coordinator(
    tx: Transaction, mentor_id: int, person_id: int, *, enterprise_id: int, today: date
) -> Mentor:
    """Read a mentor for whom this coordinator's school vouches; raises `NotFound`."""
    row = await tx.one(
        f"{_SELECT} WHERE m.person_id = :id AND m.enterprise_id = :enterprise",
        id=mentor_id,
        enterprise=enterprise_id,
        person=person_id,
        today=today,
    )
    return _mentor(found(row))


async def suspend(tx: Transaction, mentor: Mentor, person_id: int, *, now: datetime) -> None:
    """Keep a mentor out of this enterprise's students for a while; raises `Conflict` where that is so already."""
    await _change(tx, "UPDATE mentors SET suspended_at = :now", "suspended_at IS NULL", mentor, person_id, now=now)


async def readmit(tx: Transaction, mentor: Mentor, person_id: int) -> None:
    """Let a suspended mentor in again; raises `Conflict`."""
    await _change(tx, "UPDATE mentors SET suspended_at = NULL", "suspended_at IS NOT NULL", mentor, person_id)


async def remove(tx: Transaction, mentor: Mentor, person_id: int) -> None:
    """Let somebody no longer be a mentor of this enterprise for the coordinator's school; raises `Conflict`."""
    await _change(tx, "DELETE FROM mentors", "TRUE", mentor, person_id)


async def _change(tx: Transaction, change: str, state: str, mentor: Mentor, coordinator_id: int, **values: Any) -> None:
    if not await tx.run(
        f"{change} WHERE person_id = :mentor AND enterprise_id = :enterprise AND {state} AND {_MINE}",
        mentor=mentor.person_id,
        enterprise=mentor.enterprise_id,
        person=coordinator_id,
        **values,
    ):
        raise Conflict


async def placements_of(tx: Transaction, mentor: Mentor, person_id: int, *, today: date) -> list[int]:
    """List the placements, of the coordinator's school and not ended, that have this mentor."""
    rows = await tx.all(
        """SELECT pl.id FROM placements pl JOIN students s ON s.id = pl.student_id
        JOIN coordinators k ON k.school_id = s.school_id AND k.person_id = :person AND k.suspended_at IS NULL
        WHERE pl.mentor_id = :mentor AND pl.enterprise_id = :enterprise AND pl.ends_on >= :today ORDER BY pl.id""",
        mentor=mentor.person_id,
        enterprise=mentor.enterprise_id,
        person=person_id,
        today=today,
    )
    return [row["id"] for row in rows]


async def is_mentor(tx: Transaction, person_id: int, enterprise_id: int, *, school_id: int = 0) -> bool:
    """Whether some school vouches for somebody as a mentor of an enterprise, and `school_id` has not suspended them."""
    row = await tx.one(
        """SELECT person_id FROM mentors WHERE person_id = :person AND enterprise_id = :enterprise
        AND suspended_at IS NULL AND NOT EXISTS (SELECT 1 FROM mentors shut WHERE shut.person_id = :person
            AND shut.enterprise_id = :enterprise AND shut.school_id = :school AND shut.suspended_at IS NOT NULL)
        LIMIT 1""",
        person=person_id,
        enterprise=enterprise_id,
        school=school_id,
    )
    return row is not None
