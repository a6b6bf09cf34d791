"""The people of the demo come in: their records, as the rooms write them when somebody follows an invitation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from domain.invitations import CLASS_USES, VALID_FOR, InvitationKind, derive_code, hash_code
from domain.logs import Section
from domain.templates import USUAL, Question
from domain.weeks import WEEK, week_of
from handlers.access import NOTICE_VERSION
from storage import invitations, outbox, people, schedule, schools, students, templates

if TYPE_CHECKING:
    from datetime import datetime

    from bot.demo.plot import Actor, Plot, Row
    from domain.people import Person
    from storage.database import Transaction


@dataclass
class Cast:
    """The ids that the records got, by names."""

    plot: Plot
    school: int = 0
    people: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    enterprises: dict[str, int] = field(default_factory=dict)
    students: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    placements: dict[str, int] = field(default_factory=dict)
    logs: dict[tuple[str, int], int] = field(default_factory=dict)
    announcements: dict[str, int] = field(default_factory=dict)

    def coordinator_for(self, class_name: str) -> int:
        """Return the coordinator who speaks the language of a class."""
        codes = {row["class"]: row["language"] for row in self.plot.told["students"]}
        speaks = {row["language"]: row["name"] for row in self.plot.told["coordinators"]}
        return self.people[speaks[codes[class_name]]]


async def found_school(tx: Transaction, cast: Cast, now: datetime) -> None:
    """Write the school's record."""
    told = cast.plot.told
    cast.school = (await schools.school_named(tx, told["school"]["name"], time_zone=cast.plot.zone.key, now=now)).id


async def invite_coordinator(tx: Transaction, cast: Cast, secret: str, now: datetime) -> str:
    """Make the link of the first coordinator, as `shixi invite coordinator` does, and return its code."""
    return await _invite(tx, cast, InvitationKind.COORDINATOR, "first coordinator", secret, now=now)


async def _invite(
    tx: Transaction, cast: Cast, kind: InvitationKind, nonce: str, secret: str, *, now: datetime, class_name: str = ""
) -> str:
    code = derive_code(secret, nonce)
    await invitations.create(
        tx,
        kind,
        school_id=cast.school,
        class_id=cast.classes.get(class_name),
        nonce=nonce,
        code_hash=hash_code(code),
        uses=CLASS_USES if class_name else 1,
        expires_at=now + VALID_FOR,
        created_by=cast.coordinator_for(class_name) if class_name else None,
        now=now,
    )
    return code


async def invite_class(tx: Transaction, cast: Cast, class_name: str, secret: str, now: datetime) -> None:
    """Make a class's link, so that its coordinator has one to show."""
    nonce = f"class {cast.classes[class_name]}"
    await _invite(tx, cast, InvitationKind.CLASS, nonce, secret, now=now, class_name=class_name)


async def make_classes(tx: Transaction, cast: Cast, now: datetime) -> None:
    """Let the coordinators make the classes, which both cover, the enterprises and the roster."""
    told, coordinators = cast.plot.told, [row["name"] for row in cast.plot.told["coordinators"]]
    for row in told["classes"]:
        cast.classes[row["name"]] = await schools.create_class(
            tx,
            school_id=cast.school,
            name=row["name"],
            specialty=row["specialty"],
            time_zone=cast.plot.zone.key,
            coordinator_id=cast.coordinator_for(row["name"]),
            now=now,
        )
        for name in coordinators:
            await schools.cover_class(tx, cast.classes[row["name"]], cast.people[name])
    for row in told["enterprises"]:
        enterprise = await schools.enterprise_named(tx, row["name"], city=row["city"], now=now)
        await schools.link_enterprise(tx, cast.school, enterprise.id)
        cast.enterprises[row["name"]] = enterprise.id
    for row in told["students"]:
        class_id, number = cast.classes[row["class"]], row["number"]
        await students.put_on_roster(tx, school_id=cast.school, class_id=class_id, number=number, name=row["name"])


async def ask_own_question(row: Row, tx: Transaction, cast: Cast, now: datetime) -> None:
    """Let a coordinator put a question of the class's own into its weekly logs, from the next week on."""
    template = USUAL.with_question(Section.EXTRA1, Question(row["question"], required=False))
    monday = week_of(now, cast.plot.zone) + WEEK
    class_id, by = cast.classes[row["class"]], cast.coordinator_for(row["class"])
    await templates.write(tx, class_id, template, after=0, valid_from=monday, by=by, now=now)
    await people.record_act(tx, actor_id=by, act="template_changed", subject_kind="class", subject_id=class_id, now=now)


async def _meet(tx: Transaction, cast: Cast, actor: Actor, now: datetime) -> Person:
    person = await people.meet(
        tx,
        telegram_id=actor.telegram_id,
        name=actor.name,
        language=actor.language,
        time_zone=cast.plot.zone.key,
        now=now,
    )
    await people.agree(tx, person.id, version=NOTICE_VERSION, now=now)
    cast.people[actor.name] = person.id
    return person


async def come_in(tx: Transaction, cast: Cast, actor: Actor, now: datetime) -> None:
    """Let somebody be what they are from now on, with the command menu of the role."""
    person = await _meet(tx, cast, actor, now)
    if actor.role == "coordinator":
        await schools.add_coordinator(tx, cast.school, person.id)
    elif actor.role == "mentor":
        enterprise = cast.enterprises[actor.about]
        await schools.add_mentor(tx, person_id=person.id, enterprise_id=enterprise, school_id=cast.school)
    else:
        line = await students.roster_line(tx, cast.school, actor.row["number"])
        if line is None:
            raise LookupError(actor.row["number"])
        await students.join(tx, line.id, person.id, now=now)
        cast.students[actor.name] = line.id
    if actor.role != "student":
        await schedule.put(tx, actor.role, person.id, now)
    await outbox.add(tx, person.id, "menu", now=now)


async def ask_to_join(tx: Transaction, cast: Cast, actor: Actor, now: datetime) -> None:
    """Let somebody whom the roster does not know ask for a coordinator's yes."""
    person = await _meet(tx, cast, actor, now)
    class_id = cast.classes[actor.about]
    request = await students.ask_to_join(
        tx, class_id=class_id, person_id=person.id, number=actor.row["number"], name=actor.name, now=now
    )
    for coordinator in await schools.coordinators_of_class(tx, class_id):
        await outbox.add(tx, coordinator, "join_request", request, now=now)
