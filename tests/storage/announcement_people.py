"""A coordinator's two classes, and around them everybody whom an announcement of hers must not reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from domain.people import Language
from storage import people, placements, schools, students

NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)  # Wednesday noon in Shanghai
TODAY = date(2026, 11, 18)
WEEK = date(2026, 11, 16)
ZONE = "Asia/Shanghai"


@dataclass
class Cast:
    """Ids by name: of persons in `who`, of lines of the roster in `lines`, of placements in `placed`."""

    school: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    enterprises: dict[str, int] = field(default_factory=dict)
    who: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    placed: dict[str, int] = field(default_factory=dict)

    def names(self, person_ids) -> set[str]:
        """Return the names behind ids of persons."""
        by_id = {person: name for name, person in self.who.items()}
        return {by_id[person] for person in person_ids}


async def add_person(tx, cast: Cast, name: str) -> int:
    number = 1000 + len(cast.who)
    person = await people.meet(tx, telegram_id=number, name=name, language=Language.ENGLISH, time_zone=ZONE, now=NOW)
    cast.who[name] = person.id
    return person.id


async def add_class(tx, cast: Cast, school: int, name: str, coordinator: str, zone: str = ZONE) -> None:
    cast.classes[name] = await schools.create_class(
        tx,
        school_id=school,
        name=name,
        specialty="",
        time_zone=zone,
        coordinator_id=cast.who[coordinator],
        now=NOW,
    )


async def add_student(tx, cast: Cast, school: int, class_name: str, name: str, *, joined: bool = True) -> None:
    await students.put_on_roster(tx, school_id=school, class_id=cast.classes[class_name], number=name, name=name)
    line = await students.roster_line(tx, school, name)
    cast.lines[name] = line.id
    if joined:
        await students.join(tx, line.id, await add_person(tx, cast, name), now=NOW)


async def place(
    tx, cast: Cast, name: str, enterprise: str, mentor: str | None, *, starts_on: date = WEEK, ends_on: date
) -> None:
    cast.placed[name] = await placements.create(
        tx,
        student_id=cast.lines[name],
        enterprise_id=cast.enterprises[enterprise],
        mentor_id=cast.who[mentor] if mentor else None,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=None,
        now=NOW,
    )


async def make_cast(tx) -> Cast:
    """Make Wang's classes A and B, her colleague's class C, and another school's class X."""
    cast = Cast()
    riverside = (await schools.school_named(tx, "Riverside", time_zone=ZONE, now=NOW)).id
    hillside = (await schools.school_named(tx, "Hillside", time_zone=ZONE, now=NOW)).id
    cast.school = riverside
    for name, school in (("Wang", riverside), ("colleague", riverside), ("foreigner", hillside)):
        await schools.add_coordinator(tx, school, await add_person(tx, cast, name))
    for name, school, coordinator in (
        ("A", riverside, "Wang"),
        ("B", riverside, "Wang"),
        ("C", riverside, "colleague"),
        ("X", hillside, "foreigner"),
    ):
        await add_class(tx, cast, school, name, coordinator)
    for enterprise in ("Hospital", "Factory"):
        cast.enterprises[enterprise] = (await schools.enterprise_named(tx, enterprise, now=NOW)).id
        for school in (riverside, hillside):
            await schools.link_enterprise(tx, school, cast.enterprises[enterprise])
    for mentor, enterprise, school in (
        ("Li", "Hospital", riverside),
        ("idle", "Hospital", riverside),
        ("Zhao", "Factory", riverside),
        ("of X", "Hospital", hillside),
    ):
        await schools.add_mentor(
            tx,
            person_id=await add_person(tx, cast, mentor),
            enterprise_id=cast.enterprises[enterprise],
            school_id=school,
        )
    for name, class_name, school in (
        ("a1", "A", riverside),
        ("a2", "A", riverside),
        ("b1", "B", riverside),
        ("c1", "C", riverside),
        ("x1", "X", hillside),
    ):
        await add_student(tx, cast, school, class_name, name)
    await add_student(tx, cast, riverside, "A", "absent", joined=False)
    later = date(2027, 1, 31)
    await place(tx, cast, "a1", "Hospital", "Li", ends_on=later)
    await place(tx, cast, "b1", "Factory", "Zhao", ends_on=later)
    await place(tx, cast, "c1", "Hospital", "idle", ends_on=later)
    await place(tx, cast, "x1", "Hospital", "of X", ends_on=later)
    return cast
