"""Invitations: made, found by their code's hash, used at most as often as allowed, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.invitations import Invitation, InvitationKind
from storage.database import found, new_id
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.database import Transaction

_SELECT = """
SELECT i.id, i.kind, i.school_id, i.class_id, i.enterprise_id, i.nonce, i.uses, i.uses_left, i.expires_at,
       i.revoked_at, i.created_by, s.name AS school, COALESCE(c.name, '') AS class_name,
       COALESCE(e.name, '') AS enterprise, COALESCE(p.name, '') AS inviter
FROM invitations i
JOIN schools s ON s.id = i.school_id
LEFT JOIN classes c ON c.id = i.class_id
LEFT JOIN enterprises e ON e.id = i.enterprise_id
LEFT JOIN people p ON p.id = i.created_by
"""


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
    row = await tx.one(
        _SELECT
        + """JOIN coordinators k ON k.school_id = i.school_id AND k.person_id = :person AND k.suspended_at IS NULL
        WHERE i.id = :id AND (i.class_id IS NULL OR EXISTS (
            SELECT 1 FROM class_coordinators cc WHERE cc.class_id = i.class_id AND cc.person_id = :person))""",
        id=invitation_id,
        person=person_id,
    )
    return _invitation(found(row))


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
