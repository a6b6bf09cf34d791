"""Invitations: codes in links that carry someone into a role. Nobody types a password.

A code is derived from a random nonce and the bot's token, so the database holds nothing that opens a door (a
nonce and a hash), and the link can still be shown again to whoever made it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

VALID_FOR = timedelta(days=21)
CODE = re.compile(r"[A-Za-z0-9_-]{22}")
CLASS_USES = 200  # a class link is for a whole class, and for some who lost their phone


class InvitationKind(StrEnum):
    """What an invitation makes of the person who uses it."""

    COORDINATOR = "coordinator"
    CLASS = "class"
    MENTOR = "mentor"


class Standing(StrEnum):
    """What somebody who opens a link is already where it leads."""

    OUTSIDE = "outside"
    INSIDE = "inside"
    ELSEWHERE = "elsewhere"  # in another class
    SUSPENDED = "suspended"


class InvitationState(StrEnum):
    """What the link does at the moment."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link, with the names that its card shows."""

    id: int
    kind: InvitationKind
    school_id: int
    class_id: int | None
    enterprise_id: int | None
    nonce: str
    code_hash: str
    uses: int
    uses_left: int
    expires_at: datetime
    revoked_at: datetime | None
    created_by: int | None
    school: str
    class_name: str
    enterprise: str
    inviter: str
    time_zone: str  # of the class, else of the school

    def state(self, now: datetime) -> InvitationState:
        """Return what the link does now."""
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        if self.uses_left <= 0:
            return InvitationState.USED
        if now >= self.expires_at:
            return InvitationState.EXPIRED
        return InvitationState.OPEN


def derive_code(secret: str, nonce: str) -> str:
    """Return the code for a nonce: 22 characters of `A-Za-z0-9_-`, 132 bits."""
    digest = hmac.new(f"invitation {secret}".encode(), nonce.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:22]


def hash_code(code: str) -> str:
    """Return what the database keeps of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def looks_like_code(payload: str) -> bool:
    """Whether a start parameter could be a code at all."""
    return CODE.fullmatch(payload) is not None


def code_of(invitation: Invitation, secret: str) -> str | None:
    """Return the code of an invitation; None where the token it was derived from has been changed since."""
    code = derive_code(secret, invitation.nonce)
    return code if hmac.compare_digest(hash_code(code), invitation.code_hash) else None


def link(bot_username: str, code: str) -> str:
    """Return the deep link that opens the bot with a code."""
    return f"https://t.me/{bot_username}?start={code}"
