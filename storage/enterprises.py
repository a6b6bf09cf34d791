"""Enterprises as a school's coordinators see them: with their mentors and what is open there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.schools import Enterprise
from domain.words import key
from storage.database import found
from storage.schools import enterprise_for_coordinator

if TYPE_CHECKING:
    from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Counted:
    """An enterprise with the number of its mentors and of its open posts."""

    enterprise: Enterprise
    mentors: int
    posts: int


async def of_coordinator(tx: Transaction, person_id: int) -> list[Counted]:
    """List the enterprises that this coordinator's schools work with, by name."""
    rows = await tx.all(
        """SELECT e.id, e.name, e.city,
            (SELECT count(DISTINCT m.person_id) FROM mentors m
                JOIN coordinators k ON k.school_id = m.school_id AND k.person_id = :person AND k.suspended_at IS NULL
                WHERE m.enterprise_id = e.id AND m.suspended_at IS NULL) AS mentors,
            (SELECT count(*) FROM posts o WHERE o.enterprise_id = e.id AND o.state = 'open') AS posts
        FROM enterprises e WHERE EXISTS (SELECT 1 FROM school_enterprises se
            JOIN coordinators k ON k.school_id = se.school_id AND k.person_id = :person AND k.suspended_at IS NULL
            WHERE se.enterprise_id = e.id)
        ORDER BY e.name, e.id""",
        person=person_id,
    )
    return [Counted(Enterprise(row["id"], row["name"], row["city"]), row["mentors"], row["posts"]) for row in rows]


async def mentors(tx: Transaction, enterprise_id: int, person_id: int) -> list[str]:
    """List the names of the mentors whom this coordinator's schools vouch for."""
    rows = await tx.all(
        """SELECT DISTINCT p.id, p.name FROM mentors m JOIN people p ON p.id = m.person_id
        JOIN coordinators k ON k.school_id = m.school_id AND k.person_id = :person AND k.suspended_at IS NULL
        WHERE m.enterprise_id = :enterprise AND m.suspended_at IS NULL ORDER BY p.name, p.id""",
        enterprise=enterprise_id,
        person=person_id,
    )
    return [row["name"] for row in rows]


async def open_posts(tx: Transaction, enterprise_id: int) -> int:
    """Count the open posts of an enterprise."""
    row = found(
        await tx.one("SELECT count(*) AS n FROM posts WHERE enterprise_id = :id AND state = 'open'", id=enterprise_id)
    )
    return int(row["n"])


async def exists(tx: Transaction, name: str) -> bool:
    """Whether there is an enterprise of this name, as people compare names."""
    return await tx.one("SELECT 1 AS there FROM enterprises WHERE name_key = :key", key=key(name)) is not None


async def school_of(tx: Transaction, enterprise_id: int, person_id: int) -> int:
    """Return the school of this coordinator that works with an enterprise; raises `NotFound`."""
    await enterprise_for_coordinator(tx, enterprise_id, person_id)
    row = await tx.one(
        """SELECT se.school_id FROM school_enterprises se
        JOIN coordinators k ON k.school_id = se.school_id AND k.person_id = :person AND k.suspended_at IS NULL
        WHERE se.enterprise_id = :enterprise ORDER BY se.school_id LIMIT 1""",
        enterprise=enterprise_id,
        person=person_id,
    )
    return int(found(row)["school_id"])
