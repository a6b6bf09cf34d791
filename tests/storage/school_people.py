"""Two schools with their coordinators, made through the storage."""

from __future__ import annotations

from dataclasses import dataclass

from domain.people import Language
from storage import people, schools
from tests.storage.conftest import NOW

ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Cast:
    """Ids: persons, but for what is named otherwise; `idle` coordinates the school and covers no class."""

    school_id: int
    class_id: int
    enterprise_id: int
    boss: int
    idle: int
    other_school_id: int
    other_class_id: int
    other_boss: int
    ann: int
    bob: int


async def make_cast(tx) -> Cast:
    """Make both schools."""

    async def person(number: int, name: str) -> int:
        known = await people.meet(tx, telegram_id=number, name=name, language=Language.ENGLISH, time_zone=ZONE, now=NOW)
        return known.id

    async def school(name: str, boss: int) -> tuple[int, int]:
        made = await schools.school_named(tx, name, time_zone=ZONE, now=NOW)
        await schools.add_coordinator(tx, made.id, boss)
        class_id = await schools.create_class(
            tx,
            school_id=made.id,
            name="Nursing 2301",
            specialty="Nursing",
            time_zone="Europe/Berlin",
            coordinator_id=boss,
            now=NOW,
        )
        return made.id, class_id

    boss, idle, other_boss = await person(1, "Ms Wang"), await person(2, "Mr Chen"), await person(3, "Mr Bo")
    school_id, class_id = await school("Riverside", boss)
    other_school_id, other_class_id = await school("Lakeside", other_boss)
    await schools.add_coordinator(tx, school_id, idle)
    enterprise = await schools.enterprise_named(tx, "City Hospital", now=NOW)
    await schools.link_enterprise(tx, school_id, enterprise.id)
    return Cast(
        school_id,
        class_id,
        enterprise.id,
        boss,
        idle,
        other_school_id,
        other_class_id,
        other_boss,
        await person(4, "Ann"),
        await person(5, "Bob"),
    )
