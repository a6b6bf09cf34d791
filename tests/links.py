"""Invitation links made through the storage, for tests about those who open them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.invitations import VALID_FOR, InvitationKind, derive_code, hash_code, link
from storage import invitations
from tests.conftest import TOKEN


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


async def _count(world: Any) -> int:
    return len(await world.database.read(lambda tx: tx.all("SELECT id FROM invitations")))
