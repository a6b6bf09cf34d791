"""Audiences: which people an announcement reaches.

Every query begins with the classes that its author covers in the school for which the announcement is signed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from domain.announcements import Who
from storage import missing, schools
from storage.database import placeholders

if TYPE_CHECKING:
    from domain.announcements import Announcement, Audience
    from storage.database import Transaction

_COVERED = """FROM class_coordinators cc
    JOIN classes c ON c.id = cc.class_id AND c.school_id = :school
    JOIN coordinators k ON k.person_id = cc.person_id AND k.school_id = c.school_id AND k.suspended_at IS NULL
    JOIN students s ON s.class_id = c.id AND s.suspended_at IS NULL AND s.removed_at IS NULL """
_COLLEAGUES = """SELECT k.person_id FROM coordinators k
    JOIN coordinators me ON me.school_id = k.school_id AND me.person_id = :author AND me.suspended_at IS NULL
    WHERE k.school_id = :school AND k.suspended_at IS NULL"""
_PLACED = "JOIN placements pl ON pl.student_id = s.id AND pl.ends_on >= :today "
_ACTIVE_MENTOR = """EXISTS (SELECT 1 FROM mentors m WHERE m.person_id = pl.mentor_id
    AND m.enterprise_id = pl.enterprise_id AND m.suspended_at IS NULL) """


async def people(tx: Transaction, its: Announcement, *, today: date, now: datetime) -> list[int]:
    """List the people that an announcement would reach now, without its author, each once.

    `today` decides which placements are over. Students who have not joined and suspended people are not reached;
    whoever stopped the bot is listed, since the author is told about them.
    """
    if its.audience.who is Who.MISSING:
        found = await _missing(tx, its, now)
    else:
        sql, values = _query(its.audience)
        if ":today" in sql:
            values["today"] = today
        rows = await tx.all(sql, author=its.author_id, school=its.school_id, **values)
        found = {row["person_id"] for row in rows}
    return sorted(found - {its.author_id})


async def _missing(tx: Transaction, its: Announcement, now: datetime) -> set[int]:
    covered = await schools.classes_of_coordinator(tx, its.author_id, its.school_id)
    chosen = {one.id for one in covered if not its.audience.classes or one.id in its.audience.classes}
    classes = await missing.of_coordinator(tx, its.author_id, now=now, only=chosen) if chosen else []
    return {entry.person_id for week in classes for entry in week.missing if entry.person_id is not None}


def _query(audience: Audience) -> tuple[str, dict[str, Any]]:
    if audience.who is Who.ENTERPRISE:
        return _of_enterprise(), {"enterprise": audience.enterprise or 0}
    if audience.who is Who.COLLEAGUES:
        return _COLLEAGUES, {}
    names, values = placeholders("class", audience.classes)
    chosen = f"AND c.id IN {names} " if audience.classes else ""
    students = f"SELECT s.person_id {_COVERED} WHERE cc.person_id = :author AND s.person_id IS NOT NULL {chosen}"
    mentors = f"""SELECT pl.mentor_id AS person_id {_COVERED} {_PLACED}
        WHERE cc.person_id = :author AND {_ACTIVE_MENTOR} {chosen}"""
    wanted = {Who.STUDENTS: students, Who.MENTORS: mentors}.get(audience.who, f"{students} UNION {mentors}")
    return wanted, values if audience.classes else {}


def _of_enterprise() -> str:
    placed = f"{_COVERED} {_PLACED} WHERE cc.person_id = :author AND pl.enterprise_id = :enterprise"
    return f"""SELECT s.person_id {placed} AND s.person_id IS NOT NULL
        UNION SELECT pl.mentor_id AS person_id {placed} AND {_ACTIVE_MENTOR}
        UNION SELECT v.person_id FROM mentors v
            JOIN coordinators k ON k.school_id = v.school_id AND k.person_id = :author AND k.suspended_at IS NULL
            WHERE v.school_id = :school AND v.enterprise_id = :enterprise AND v.suspended_at IS NULL"""
