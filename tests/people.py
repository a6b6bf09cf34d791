"""People who are in already: a school with its coordinator, mentors and students, made through the storage.

Tests about coming in use the links; all others begin here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.people import Language, Person
from handlers.access import NOTICE_VERSION
from storage import people, placements, schedule, schools, students
from tests.phones import Phone


@dataclass
class Member:
    """Somebody with a phone and a record."""

    phone: Phone
    person: Person
    student_id: int = 0

    @property
    def id(self) -> int:
        return self.person.id

    def __getattr__(self, name: str) -> Any:
        return getattr(self.phone, name)


async def member(world, name: str, language: str = "en", zone: str = "Asia/Shanghai") -> Member:
    """Somebody who agreed to the notice and has no role yet."""
    phone = await world.phone(name, language)
    await world.telegram.post(f"chats/{phone.id}/text", text="/help")
    await world.settle()

    async def work(tx):
        person = await people.meet(
            tx,
            telegram_id=phone.id,
            name=name,
            language=Language.of_telegram(language),
            time_zone=zone,
            now=world.clock(),
        )
        await people.agree(tx, person.id, version=NOTICE_VERSION, now=world.clock())
        await people.set_time_zone(tx, person.id, zone)
        return await people.by_id(tx, person.id)

    return Member(phone, await world.database.transaction(work))


@dataclass
class SchoolOf:
    """A school with one class, one enterprise, its coordinator and one mentor."""

    world: Any
    id: int
    class_id: int
    enterprise_id: int
    coordinator: Member
    mentor: Member

    async def add_student(self, name: str, number: str, language: str = "en", class_id: int = 0) -> Member:
        """A student of the class who has joined."""
        student = await member(self.world, name, language)

        async def work(tx):
            await students.put_on_roster(
                tx, school_id=self.id, class_id=class_id or self.class_id, number=number, name=name
            )
            line = await students.roster_line(tx, self.id, number)
            await students.join(tx, line.id, student.id, now=self.world.clock())
            return line.id

        student.student_id = await self.world.database.transaction(work)
        return student

    async def place(
        self,
        student: Member,
        mentor: Member | None = None,
        *,
        starts_on: date | None = None,
        ends_on: date | None = None,
    ) -> int:
        """Place a student with the mentor for twelve weeks from this Monday on, without telling anybody."""
        today = self.world.clock().date()
        first = starts_on or today - timedelta(days=today.weekday())

        async def work(tx):
            return await placements.create(
                tx,
                student_id=student.student_id,
                enterprise_id=self.enterprise_id,
                mentor_id=(mentor or self.mentor).id,
                starts_on=first,
                ends_on=ends_on or first + timedelta(days=83),
                created_by=self.coordinator.id,
                now=self.world.clock(),
            )

        return await self.world.database.transaction(work)

    async def placed(self, name: str, number: str, language: str = "en") -> Member:
        """A student who has joined and is placed with the mentor."""
        student = await self.add_student(name, number, language)
        await self.place(student)
        return student

    async def add_mentor(self, name: str, language: str = "en") -> Member:
        """Another mentor of the enterprise."""
        return await add_mentor(self.world, self.id, self.enterprise_id, name, language)


async def add_mentor(world, school_id: int, enterprise_id: int, name: str, language: str = "en") -> Member:
    """A mentor of an enterprise."""
    mentor = await member(world, name, language)

    async def work(tx):
        await schools.add_mentor(tx, person_id=mentor.id, enterprise_id=enterprise_id, school_id=school_id)
        await schedule.put(tx, "mentor", mentor.id, world.clock())

    await world.database.transaction(work)
    return mentor


async def make_school(
    world,
    name: str = "Riverside College",
    *,
    language: str = "en",
    class_name: str = "Nursing 2301",
    enterprise: str = "City Hospital",
    zone: str = "Asia/Shanghai",
    coordinator: str = "Ms Wang",
    mentor: str = "Ms Li",
) -> SchoolOf:
    """A school with a coordinator, a class, an enterprise and a mentor."""
    boss = await member(world, coordinator, language)

    async def work(tx):
        school = await schools.school_named(tx, name, time_zone=zone, now=world.clock())
        await schools.add_coordinator(tx, school.id, boss.id)
        await schedule.put(tx, "coordinator", boss.id, world.clock())
        class_id = await schools.create_class(
            tx,
            school_id=school.id,
            name=class_name,
            specialty="Nursing",
            time_zone=zone,
            coordinator_id=boss.id,
            now=world.clock(),
        )
        place = await schools.enterprise_named(tx, enterprise, now=world.clock())
        await schools.link_enterprise(tx, school.id, place.id)
        return school.id, class_id, place.id

    school_id, class_id, enterprise_id = await world.database.transaction(work)
    tutor = await add_mentor(world, school_id, enterprise_id, mentor, language)
    return SchoolOf(world, school_id, class_id, enterprise_id, boss, tutor)
