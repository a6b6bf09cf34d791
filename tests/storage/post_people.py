"""Two schools, an enterprise of the first, and whoever has a part in a post, made through the storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from domain.people import Language
from storage import people, schools, students

NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 16)


@dataclass(frozen=True)
class Cast:
    """Ids: persons, but for what is named otherwise."""

    coordinator: int
    mentor: int
    student: int
    student_id: int
    class_id: int
    enterprise_id: int
    stranger: int
    other_coordinator: int
    other_mentor: int
    other_student: int
    other_student_id: int
    other_enterprise_id: int


async def person_of(tx, number: int) -> int:
    person = await people.meet(
        tx, telegram_id=number, name=f"P{number}", language=Language.ENGLISH, time_zone="Asia/Shanghai", now=NOW
    )
    return person.id


async def _school(tx, name: str, coordinator: int, mentor: int, student: int) -> tuple[int, int, int]:
    school = await schools.school_named(tx, name, time_zone="Asia/Shanghai", now=NOW)
    await schools.add_coordinator(tx, school.id, coordinator)
    class_id = await schools.create_class(
        tx,
        school_id=school.id,
        name="2301",
        specialty="",
        time_zone="Asia/Shanghai",
        coordinator_id=coordinator,
        now=NOW,
    )
    enterprise = await schools.enterprise_named(tx, f"Hospital of {name}", now=NOW)
    await schools.link_enterprise(tx, school.id, enterprise.id)
    await schools.add_mentor(tx, person_id=mentor, enterprise_id=enterprise.id, school_id=school.id)
    await students.put_on_roster(tx, school_id=school.id, class_id=class_id, number="1", name="Ann")
    line = await students.roster_line(tx, school.id, "1")
    await students.join(tx, line.id, student, now=NOW)
    return class_id, enterprise.id, line.id


async def make_cast(tx) -> Cast:
    """Make them all."""
    coordinator, mentor, student, other_coordinator, other_mentor, other_student, stranger = [
        await person_of(tx, number) for number in range(1, 8)
    ]
    class_id, enterprise, student_id = await _school(tx, "Riverside", coordinator, mentor, student)
    _, other_enterprise, other_id = await _school(tx, "Hillside", other_coordinator, other_mentor, other_student)
    return Cast(
        coordinator=coordinator,
        mentor=mentor,
        student=student,
        student_id=student_id,
        class_id=class_id,
        enterprise_id=enterprise,
        stranger=stranger,
        other_coordinator=other_coordinator,
        other_mentor=other_mentor,
        other_student=other_student,
        other_student_id=other_id,
        other_enterprise_id=other_enterprise,
    )
