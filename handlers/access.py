"""Who may enter: the privacy notice first, then the role that a command or button asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused
from bot.texts import N_
from domain.people import Role

if TYPE_CHECKING:
    from bot.routes import Routes
    from domain.people import Person

NOTICE_VERSION = 1  # of the privacy notice; a higher one is shown to everybody again

_LACKING = {
    Role.STUDENT: N_("access.students_only"),
    Role.MENTOR: N_("access.mentors_only"),
    Role.COORDINATOR: N_("access.coordinators_only"),
}


def has_agreed(person: Person) -> bool:
    """Whether the person agreed to the notice as it is now."""
    return person.agreed_version >= NOTICE_VERSION


def admit(person: Person, role: Role | None) -> None:
    """Raise `Refused` with the way in where the person may not."""
    if person.roles and not has_agreed(person):
        raise Refused(N_("access.agree_first"))
    if role is None or role in person.roles:
        return
    if person.suspended:
        raise Refused(N_("access.suspended"))
    raise Refused(_LACKING[role] if person.roles else N_("access.nobody"))


def admit_member(person: Person) -> None:
    """Raise `Refused` where the person has no role at all."""
    if not person.roles:
        raise Refused(N_("access.suspended") if person.suspended else N_("access.nobody"))


def register(routes: Routes) -> None:
    """Stand at the door."""
    routes.admit = admit
