"""Invitation links, lines of the roster, classes and colleagues, made through the storage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.invitations import VALID_FOR, InvitationKind, derive_code, hash_code, link
from storage import invitations, schedule, schools, students
from tests.conftest import TOKEN
from tests.people import Member, member


@dataclass(frozen=True)
class Link:
    """A link and the id of its invitation."""

    id: int
    address: str

    @property
    def code(self) -> str:
        return self.address.partition("?start=")[2]


async def make_link(
    world: Any, kind: InvitationKind, school: Any, *, uses: int = 1, nonce: str = "", **more: Any
) -> Link:
    """An open link that the school's coordinator made."""
    nonce = nonce or f"{kind}-{await _count(world)}"
    code = derive_code(TOKEN, nonce)

    async def work(tx):
        return await invitations.create(
            tx,
            kind,
            school_id=school.id,
            nonce=nonce,
            code_hash=hash_code(code),
            uses=uses,
            expires_at=world.clock() + VALID_FOR,
            now=world.clock(),
            created_by=school.coordinator.id,
            **more,
        )

    return Link(await world.database.transaction(work), link("shixi_bot", code))


async def class_link(world: Any, school: Any, uses: int = 200) -> Link:
    """The link for the school's class."""
    return await make_link(world, InvitationKind.CLASS, school, uses=uses, class_id=school.class_id)


async def mentor_link(world: Any, school: Any) -> Link:
    """A link for one mentor of the school's enterprise."""
    return await make_link(world, InvitationKind.MENTOR, school, enterprise_id=school.enterprise_id)


async def coordinator_link(world: Any, school: Any) -> Link:
    """A link for one more coordinator of the school."""
    return await make_link(world, InvitationKind.COORDINATOR, school)


async def enrol(world: Any, school: Any, name: str, number: str, class_id: int = 0) -> None:
    """A line of the school's roster that nobody has joined with yet."""
    await world.database.transaction(
        lambda tx: students.put_on_roster(
            tx, school_id=school.id, class_id=class_id or school.class_id, number=number, name=name
        )
    )


async def add_class(world: Any, school: Any, name: str, coordinator_id: int | None = None) -> int:
    """Another class of the school; nobody covers it where no coordinator is named."""
    return await world.database.transaction(
        lambda tx: schools.create_class(
            tx,
            school_id=school.id,
            name=name,
            specialty="Nursing",
            time_zone="Asia/Shanghai",
            coordinator_id=coordinator_id,
            now=world.clock(),
        )
    )


async def add_coordinator(world: Any, school: Any, name: str, language: str = "en", *, covers: bool = True) -> Member:
    """Another coordinator of the school, who covers its class or does not."""
    colleague = await member(world, name, language)

    async def work(tx):
        await schools.add_coordinator(tx, school.id, colleague.id)
        await schedule.put(tx, "coordinator", colleague.id, world.clock())
        if covers:
            await schools.cover_class(tx, school.class_id, colleague.id)

    await world.database.transaction(work)
    return colleague


async def rows(world: Any, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    """What the database holds."""
    return [dict(row) for row in await world.database.read(lambda tx: tx.all(sql, **parameters))]


async def _count(world: Any) -> int:
    return len(await world.database.read(lambda tx: tx.all("SELECT id FROM invitations")))
