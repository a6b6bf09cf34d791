"""A class's term for what was handed in: kept, changed by its coordinators, and what is over and when it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from domain.retention import Amount, Ended, Policy, ended_by, kept_until
from storage import classes, schedule
from storage.database import found
from storage.errors import Conflict
from storage.schools import coordinators_of_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from storage.database import Transaction

PLAN = "retention"  # the kind of a class's entry in the schedule
EMPTYING = "emptying"  # the kind of the entry of a placement whose time has come


async def policy(tx: Transaction, class_id: int) -> Policy:
    """Read a class's term for the program's own rules, or whoever belongs to it; raises `NotFound`."""
    row = await tx.one(
        "SELECT id, school_id, name, time_zone, kept_years, removes_old FROM classes WHERE id = :id", id=class_id
    )
    return _policy(found(row))


def _policy(row: Mapping[str, Any]) -> Policy:
    return Policy(
        row["id"], row["school_id"], row["name"], row["time_zone"], row["kept_years"], bool(row["removes_old"])
    )


async def for_coordinator(tx: Transaction, class_id: int, person_id: int) -> Policy:
    """Read the term of a class that this coordinator covers; raises `NotFound`."""
    await classes.for_coordinator(tx, class_id, person_id)
    return await policy(tx, class_id)


async def readers(tx: Transaction, its: Policy) -> list[int]:
    """List who hears of what goes: whoever looks after the class, and where nobody does the school's coordinators."""
    covering = await coordinators_of_class(tx, its.class_id)
    if covering:
        return covering
    rows = await tx.all(
        "SELECT person_id FROM coordinators WHERE school_id = :school AND suspended_at IS NULL ORDER BY person_id",
        school=its.school_id,
    )
    return [row["person_id"] for row in rows]


async def set_years(tx: Transaction, its: Policy, years: int, *, now: datetime) -> None:
    """Keep what was handed in for other terms; raises `Conflict` where it is so already. Warnings are given anew."""
    await _change(tx, its, "kept_years = :years WHERE id = :id AND kept_years <> :years", now, years=years)


async def set_by_itself(tx: Transaction, its: Policy, *, by_itself: bool, now: datetime) -> None:
    """Let it go by itself, or only on request; raises `Conflict` where it is so already."""
    change = "removes_old = :by_itself WHERE id = :id AND removes_old <> :by_itself"
    await _change(tx, its, change, now, by_itself=by_itself)


async def _change(tx: Transaction, its: Policy, change: str, now: datetime, **value: int) -> None:
    if not await tx.run(f"UPDATE classes SET {change}", id=its.class_id, **value):
        raise Conflict
    await tx.run(
        """UPDATE placements SET goes_on = NULL WHERE goes_on IS NOT NULL AND emptied_at IS NULL
        AND student_id IN (SELECT s.id FROM students s WHERE s.class_id = :id)""",
        id=its.class_id,
    )
    await schedule.put(tx, PLAN, its.class_id, now)


async def ended(tx: Transaction, its: Policy, by: date) -> list[Ended]:
    """List the placements of a class whose term is over on a day and of which something is kept, the oldest first."""
    rows = await tx.all(
        """SELECT pl.id, pl.ends_on, pl.goes_on, s.person_id FROM placements pl
        JOIN students s ON s.id = pl.student_id
        WHERE s.class_id = :class_id AND pl.ends_on <= :last AND pl.emptied_at IS NULL ORDER BY pl.ends_on, pl.id""",
        class_id=its.class_id,
        last=ended_by(by, its.years) + timedelta(days=1),  # a term that began on 29 February ends a day earlier
    )
    known = [Ended(row["id"], row["ends_on"], row["goes_on"], row["person_id"]) for row in rows]
    return [one for one in known if kept_until(one.ends_on, its.years) <= by]


async def announce(tx: Transaction, placement_ids: Iterable[int], goes_on: date) -> None:
    """Record on which day what was handed in during some placements goes."""
    await tx.many(
        "UPDATE placements SET goes_on = :day WHERE id = :id", [{"id": each, "day": goes_on} for each in placement_ids]
    )


async def amount(tx: Transaction, class_id: int, goes_on: date) -> Amount:
    """Count what of a class goes on a day."""
    going = """(SELECT pl.id FROM placements pl JOIN students s ON s.id = pl.student_id
        WHERE s.class_id = :class_id AND pl.goes_on = :day AND pl.emptied_at IS NULL)"""
    logs = f"(SELECT l.id FROM logs l WHERE l.placement_id IN {going})"
    row = found(
        await tx.one(
            f"""SELECT (SELECT count(DISTINCT pl.student_id) FROM placements pl WHERE pl.id IN {going}) AS students,
            (SELECT count(*) FROM logs l WHERE l.id IN {logs}) AS logs,
            (SELECT count(DISTINCT lf.file_id) FROM log_files lf WHERE lf.log_id IN {logs}) AS files""",
            class_id=class_id,
            day=goes_on,
        )
    )
    return Amount(row["students"], row["logs"], row["files"])


async def next_day(tx: Transaction, class_id: int) -> date | None:
    """Return the next day on which something of a class goes, of which people were warned."""
    row = await tx.one(
        """SELECT pl.goes_on FROM placements pl JOIN students s ON s.id = pl.student_id
        WHERE s.class_id = :class_id AND pl.goes_on IS NOT NULL AND pl.emptied_at IS NULL
        ORDER BY pl.goes_on LIMIT 1""",
        class_id=class_id,
    )
    return row["goes_on"] if row else None


async def due(tx: Transaction, placement_id: int, today: date) -> int | None:
    """Return the student of a placement that is to be emptied by now; None where that was called off."""
    row = await tx.one(
        """SELECT pl.student_id FROM placements pl JOIN students s ON s.id = pl.student_id
        JOIN classes c ON c.id = s.class_id
        WHERE pl.id = :id AND pl.goes_on <= :today AND pl.emptied_at IS NULL AND c.removes_old""",
        id=placement_id,
        today=today,
    )
    return row["student_id"] if row else None


async def emptied(tx: Transaction, placement_id: int, *, now: datetime) -> None:
    """Record that what was handed in during a placement is deleted."""
    await tx.run("UPDATE placements SET emptied_at = :now WHERE id = :id", id=placement_id, now=now)


async def of_own(tx: Transaction, placement_id: int, person_id: int) -> tuple[str, date] | None:
    """Return where a student was placed and on which day what they handed in goes; None where it does not."""
    row = await tx.one(
        """SELECT e.name, pl.goes_on FROM placements pl JOIN students s ON s.id = pl.student_id
        JOIN enterprises e ON e.id = pl.enterprise_id
        WHERE pl.id = :id AND s.person_id = :person AND pl.goes_on IS NOT NULL AND pl.emptied_at IS NULL""",
        id=placement_id,
        person=person_id,
    )
    return (row["name"], row["goes_on"]) if row else None
