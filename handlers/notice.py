"""The privacy notice in the words for each role: what is kept about a student, a mentor, a coordinator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_, join
from domain.invitations import InvitationKind
from domain.people import Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from markupsafe import Markup

    from bot.texts import Texts

ROLE_OF = {  # as whom an invitation lets somebody in
    InvitationKind.CLASS: Role.STUDENT,
    InvitationKind.MENTOR: Role.MENTOR,
    InvitationKind.COORDINATOR: Role.COORDINATOR,
}
_SHORT = {
    Role.STUDENT: N_("privacy.short"),
    Role.MENTOR: N_("privacy.short_mentor"),
    Role.COORDINATOR: N_("privacy.short_coordinator"),
}
_FULL = {
    Role.STUDENT: N_("privacy.full"),
    Role.MENTOR: N_("privacy.full_mentor"),
    Role.COORDINATOR: N_("privacy.full_coordinator"),
}


def short(_: Texts, roles: Collection[Role]) -> Markup:
    """Say in five lines for each role what is kept; a stranger reads what is kept about students."""
    return join((_(_SHORT[role]) for role in _of(roles)), "\n\n")


def full(_: Texts, roles: Collection[Role]) -> Markup:
    """Say for each role all that is kept, who sees it, how long and where."""
    return join((_(_FULL[role]) for role in _of(roles)), "\n\n")


def _of(roles: Collection[Role]) -> list[Role]:
    return [role for role in Role if role in roles] or [Role.STUDENT]
