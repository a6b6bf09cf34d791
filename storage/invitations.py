"""Invitations: made, found by their code's hash, used at most as often as allowed, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.invitations import Invitation, InvitationKind, Standing
from storage.database import found, new_id
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.database import Transaction

_SELECT = """
SELECT i.id, i.kind, i.school_id, i.class_id, i.enterprise_id, i.nonce, i.code_hash, i.uses, i.uses_left,
       i.expires_at, i.revoked_at, i.created_by, s.name AS school, COALESCE(c.name, '') AS class_name,
       COALESCE(e.name, '') AS enterprise, COALESCE(p.name, '') AS inviter,
       COALESCE(c.time_zone, s.time_zone) AS time_zone
FROM invitations i
JOIN schools s ON s.id = i.school_id
LEFT JOIN classes c ON c.id = i.class_id
LEFT JOIN enterprises e ON e.id = i.enterprise_id
LEFT JOIN people p ON p.id = i.created_by
"""
_MINE = "JOIN coordinators k ON k.school_id = i.school_id AND k.person_id = :person AND k.suspended_at IS NULL "
_COVERED = """(i.class_id IS NULL OR EXISTS (
    SELECT 1 FROM class_coordinators cc WHERE cc.class_id = i.class_id AND cc.person_id = :person))"""
_OPEN = "i.uses_left > 0 AND i.expires_at > :now AND i.revoked_at IS NULL"


def _invitation(row: Mapping[str, Any]) -> Invitation:
    return Invitation(**{**dict(row), "kind": InvitationKind(row["kind"])})


async def create(
    tx: Transaction,
    kind: InvitationKind,
    *,
    school_id: int,
    nonce: str,
    code_hash: str,
    uses: int,
    expires_at: datetime,
    now: datetime,
    class_id: int | None = None,
    enterprise_id: int | None = None,
    created_by: int | None = None,
) -> int:
    """Record an invitation and return its id."""
    return await new_id(
        tx,
        """INSERT INTO invitations
            (kind, school_id, class_id, enterprise_id, nonce, code_hash, uses_left, expires_at, created_by, created_at)
        VALUES (:kind, :school_id, :class_id, :enterprise_id, :nonce, :code_hash, :uses, :expires_at, :created_by, :now)
        RETURNING id""",
        kind=kind.value,
        school_id=school_id,
        class_id=class_id,
        enterprise_id=enterprise_id,
        nonce=nonce,
        code_hash=code_hash,
        uses=uses,
        expires_at=expires_at,
        created_by=created_by,
        now=now,
    )


async def by_code_hash(tx: Transaction, code_hash: str) -> Invitation | None:
    """Find the invitation of a code."""
    row = await tx.one(_SELECT + "WHERE i.code_hash = :code_hash", code_hash=code_hash)
    return _invitation(row) if row else None


async def by_id(tx: Transaction, invitation_id: int) -> Invitation:
    """Read an invitation that the reader was already shown by its code; raises `NotFound`."""
    return _invitation(found(await tx.one(_SELECT + "WHERE i.id = :id", id=invitation_id)))


async def for_coordinator(tx: Transaction, invitation_id: int, person_id: int) -> Invitation:
    """Read an invitation of a school that this person coordinates; raises `NotFound`."""
    row = await tx.one(f"{_SELECT}{_MINE} WHERE i.id = :id AND {_COVERED}", id=invitation_id, person=person_id)
    return _invitation(found(row))


async def of_class(tx: Transaction, class_id: int, person_id: int, *, now: datetime) -> list[Invitation]:
    """List the open invitations to a class that this coordinator covers, the newest first."""
    rows = await tx.all(
        f"{_SELECT}{_MINE} WHERE i.class_id = :class_id AND {_COVERED} AND {_OPEN} ORDER BY i.id DESC",
        class_id=class_id,
        person=person_id,
        now=now,
    )
    return [_invitation(row) for row in rows]


async def of_enterprise(tx: Transaction, enterprise_id: int, person_id: int, *, now: datetime) -> list[Invitation]:
    """List the open invitations to mentor at an enterprise made in this coordinator's schools, the newest first."""
    rows = await tx.all(
        f"{_SELECT}{_MINE} WHERE i.enterprise_id = :enterprise AND {_OPEN} ORDER BY i.id DESC",
        enterprise=enterprise_id,
        person=person_id,
        now=now,
    )
    return [_invitation(row) for row in rows]


async def of_colleagues(tx: Transaction, person_id: int, *, now: datetime) -> list[Invitation]:
    """List the open invitations to coordinate this coordinator's schools, the newest first."""
    rows = await tx.all(
        f"{_SELECT}{_MINE} WHERE i.kind = 'coordinator' AND {_OPEN} ORDER BY i.id DESC", person=person_id, now=now
    )
    return [_invitation(row) for row in rows]


async def made_by(tx: Transaction, person_id: int) -> int:
    """Return the id of the newest invitation that a person made, 0 where there is none."""
    row = await tx.one(
        "SELECT id FROM invitations WHERE created_by = :person ORDER BY id DESC LIMIT 1", person=person_id
    )
    return int(row["id"]) if row else 0


async def standing(tx: Transaction, invitation: Invitation, person_id: int) -> Standing:
    """Say what a person already is where an invitation leads."""
    if invitation.kind is InvitationKind.CLASS:
        row = await tx.one("SELECT class_id, suspended_at FROM students WHERE person_id = :person", person=person_id)
        if row and row["suspended_at"] is None and row["class_id"] != invitation.class_id:
            return Standing.ELSEWHERE
    elif invitation.kind is InvitationKind.MENTOR:
        row = await tx.one(
            """SELECT suspended_at FROM mentors WHERE person_id = :person AND enterprise_id = :enterprise
            AND school_id = :school""",
            person=person_id,
            enterprise=invitation.enterprise_id,
            school=invitation.school_id,
        )
    else:
        row = await tx.one(
            "SELECT suspended_at FROM coordinators WHERE person_id = :person AND school_id = :school",
            person=person_id,
            school=invitation.school_id,
        )
    if row is None:
        return Standing.OUTSIDE
    return Standing.INSIDE if row["suspended_at"] is None else Standing.SUSPENDED


async def use(tx: Transaction, invitation_id: int, *, now: datetime) -> None:
    """Count one use; raises `Conflict` where the link is used up, expired or revoked by now."""
    changed = await tx.run(
        """UPDATE invitations SET uses_left = uses_left - 1, uses = uses + 1
        WHERE id = :id AND uses_left > 0 AND expires_at > :now AND revoked_at IS NULL""",
        id=invitation_id,
        now=now,
    )
    if not changed:
        raise Conflict


async def revoke(tx: Transaction, invitation_id: int, *, now: datetime) -> None:
    """Make the link open nothing any more."""
    if not await tx.run(
        "UPDATE invitations SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL",
        id=invitation_id,
        now=now,
    ):
        raise Conflict
