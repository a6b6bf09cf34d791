"""Schools, their classes and coordinators, and the enterprises that they work with."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from domain.retention import next_look
from domain.schools import Class, Enterprise, School
from domain.words import key
from storage import schedule
from storage.database import found, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.database import Transaction


def _school(row: Mapping[str, Any]) -> School:
    return School(row["id"], row["name"], row["time_zone"])


def as_class(row: Mapping[str, Any]) -> Class:
    """Make the record of a row with the columns of a class."""
    return Class(
        id=row["id"],
        school_id=row["school_id"],
        name=row["name"],
        specialty=row["specialty"],
        time_zone=row["time_zone"],
        due_weekday=row["due_weekday"],
        due_time=time.fromisoformat(row["due_time"]),
        photos_allowed=bool(row["photos_allowed"]),
        answer_days=row["answer_days"],
        second_stage=bool(row["second_stage"]),
    )


_CLASS = """SELECT c.id, c.school_id, c.name, c.specialty, c.time_zone, c.due_weekday, c.due_time,
    c.photos_allowed, c.answer_days, c.second_stage FROM classes c """


async def school_named(tx: Transaction, name: str, *, time_zone: str, now: datetime) -> School:
    """Return the school of this name, created if it is new."""
    await tx.run(
        """INSERT INTO schools (name, time_zone, created_at) VALUES (:name, :zone, :now)
        ON CONFLICT (name) DO NOTHING""",
        name=name,
        zone=time_zone,
        now=now,
    )
    return _school(found(await tx.one("SELECT id, name, time_zone FROM schools WHERE name = :name", name=name)))


async def school_of_coordinator(tx: Transaction, person_id: int) -> School:
    """Return the school that this person coordinates (the first, where there are several); raises `NotFound`."""
    row = await tx.one(
        """SELECT s.id, s.name, s.time_zone FROM schools s JOIN coordinators c ON c.school_id = s.id
        WHERE c.person_id = :person AND c.suspended_at IS NULL ORDER BY s.id LIMIT 1""",
        person=person_id,
    )
    return _school(found(row))


async def schools_of_coordinator(tx: Transaction, person_id: int) -> list[School]:
    """List the schools that this person coordinates; most people have one."""
    rows = await tx.all(
        """SELECT s.id, s.name, s.time_zone FROM schools s JOIN coordinators c ON c.school_id = s.id
        WHERE c.person_id = :person AND c.suspended_at IS NULL ORDER BY s.id""",
        person=person_id,
    )
    return [_school(row) for row in rows]


async def add_coordinator(tx: Transaction, school_id: int, person_id: int) -> None:
    """Make a person a coordinator of a school."""
    await tx.run(
        """INSERT INTO coordinators (person_id, school_id) VALUES (:person, :school)
        ON CONFLICT (person_id, school_id) DO UPDATE SET suspended_at = NULL""",
        person=person_id,
        school=school_id,
    )


async def create_class(
    tx: Transaction,
    *,
    school_id: int,
    name: str,
    specialty: str,
    time_zone: str,
    due_weekday: int = 6,
    due_time: time = time(20),
    coordinator_id: int | None = None,
    now: datetime,
) -> int:
    """Create a class, covered by whoever creates it, and return its id; raises `AlreadyExists` for a known name."""
    class_id = await new_id(
        tx,
        """INSERT INTO classes (school_id, name, specialty, time_zone, due_weekday, due_time, created_at)
        VALUES (:school_id, :name, :specialty, :time_zone, :due_weekday, :due_time, :now) RETURNING id""",
        school_id=school_id,
        name=name,
        specialty=specialty,
        time_zone=time_zone,
        due_weekday=due_weekday,
        due_time=due_time.isoformat("minutes"),
        now=now,
    )
    await schedule.put(tx, "retention", class_id, next_look(now, ZoneInfo(time_zone)))
    if coordinator_id is not None:
        await cover_class(tx, class_id, coordinator_id)
    return class_id


async def cover_class(tx: Transaction, class_id: int, person_id: int) -> None:
    """Let a coordinator cover a class."""
    await tx.run(
        """INSERT INTO class_coordinators (class_id, person_id) VALUES (:class_id, :person)
        ON CONFLICT (class_id, person_id) DO NOTHING""",
        class_id=class_id,
        person=person_id,
    )


async def class_by_id(tx: Transaction, class_id: int) -> Class:
    """Read a class for its own rules (deadline, zone); raises `NotFound`."""
    return as_class(found(await tx.one(_CLASS + "WHERE c.id = :id", id=class_id)))


async def class_named(tx: Transaction, school_id: int, name: str) -> Class | None:
    """Find a class of a school by its name, as people compare names."""
    rows = await tx.all(_CLASS + "WHERE c.school_id = :school", school=school_id)
    return next((as_class(row) for row in rows if key(row["name"]) == key(name)), None)


async def class_for_coordinator(tx: Transaction, class_id: int, person_id: int) -> Class:
    """Read a class that this coordinator covers; raises `NotFound`."""
    row = await tx.one(_CLASS + _COVERED + "WHERE c.id = :id", id=class_id, person=person_id)
    return as_class(found(row))


async def classes_of_coordinator(tx: Transaction, person_id: int, school_id: int | None = None) -> list[Class]:
    """List the classes that a coordinator covers, by name: all, or those of one school."""
    covered = [as_class(row) for row in await tx.all(_CLASS + _COVERED + "ORDER BY c.name", person=person_id)]
    return [one for one in covered if school_id in {None, one.school_id}]


_COVERED = """JOIN class_coordinators cc ON cc.class_id = c.id AND cc.person_id = :person
    JOIN coordinators k ON k.person_id = cc.person_id AND k.school_id = c.school_id AND k.suspended_at IS NULL """


async def coordinators_of_class(tx: Transaction, class_id: int) -> list[int]:
    """List the ids of the people who cover a class and are not suspended."""
    rows = await tx.all(
        """SELECT cc.person_id FROM class_coordinators cc JOIN classes c ON c.id = cc.class_id
        JOIN coordinators k ON k.person_id = cc.person_id AND k.school_id = c.school_id
        WHERE cc.class_id = :class_id AND k.suspended_at IS NULL ORDER BY cc.person_id""",
        class_id=class_id,
    )
    return [row["person_id"] for row in rows]


async def enterprise_named(tx: Transaction, name: str, *, city: str = "", now: datetime) -> Enterprise:
    """Return the enterprise of this name, as people compare names, created if it is new."""
    await tx.run(
        """INSERT INTO enterprises (name, name_key, city, created_at) VALUES (:name, :name_key, :city, :now)
        ON CONFLICT (name_key) DO NOTHING""",
        name=name,
        name_key=key(name),
        city=city,
        now=now,
    )
    row = found(await tx.one("SELECT id, name, city FROM enterprises WHERE name_key = :name_key", name_key=key(name)))
    return Enterprise(row["id"], row["name"], row["city"])


async def link_enterprise(tx: Transaction, school_id: int, enterprise_id: int) -> None:
    """Record that a school works with an enterprise."""
    await tx.run(
        """INSERT INTO school_enterprises (school_id, enterprise_id) VALUES (:school, :enterprise)
        ON CONFLICT (school_id, enterprise_id) DO NOTHING""",
        school=school_id,
        enterprise=enterprise_id,
    )


async def enterprises_of_coordinator(tx: Transaction, person_id: int, school_id: int | None = None) -> list[Enterprise]:
    """List the enterprises that a coordinator's schools, or one of them, work with, by name."""
    one_school = "" if school_id is None else "WHERE se.school_id = :school"
    rows = await tx.all(
        f"""SELECT e.id, e.name, e.city FROM enterprises e
        JOIN school_enterprises se ON se.enterprise_id = e.id
        JOIN coordinators k ON k.school_id = se.school_id AND k.person_id = :person AND k.suspended_at IS NULL
        {one_school} ORDER BY e.name""",
        person=person_id,
        **({} if school_id is None else {"school": school_id}),
    )
    return [Enterprise(row["id"], row["name"], row["city"]) for row in rows]


async def enterprise_for_coordinator(tx: Transaction, enterprise_id: int, person_id: int) -> Enterprise:
    """Read an enterprise that this coordinator's school works with; raises `NotFound`."""
    row = await tx.one(
        """SELECT e.id, e.name, e.city FROM enterprises e
        JOIN school_enterprises se ON se.enterprise_id = e.id
        JOIN coordinators k ON k.school_id = se.school_id AND k.person_id = :person AND k.suspended_at IS NULL
        WHERE e.id = :id""",
        id=enterprise_id,
        person=person_id,
    )
    row = found(row)
    return Enterprise(row["id"], row["name"], row["city"])


async def enterprise_by_id(tx: Transaction, enterprise_id: int) -> Enterprise:
    """Read an enterprise for its name; raises `NotFound`."""
    row = found(await tx.one("SELECT id, name, city FROM enterprises WHERE id = :id", id=enterprise_id))
    return Enterprise(row["id"], row["name"], row["city"])


async def add_mentor(tx: Transaction, *, person_id: int, enterprise_id: int, school_id: int) -> None:
    """Make a person a mentor of an enterprise, vouched for by a school."""
    await tx.run(
        """INSERT INTO mentors (person_id, enterprise_id, school_id) VALUES (:person, :enterprise, :school)
        ON CONFLICT (person_id, enterprise_id, school_id) DO UPDATE SET suspended_at = NULL""",
        person=person_id,
        enterprise=enterprise_id,
        school=school_id,
    )
