"""Who may enter: the privacy notice first, then the role that a command or button asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import NotAdmitted, Refused
from bot.texts import N_
from domain.people import Role

if TYPE_CHECKING:
    from bot.routes import Routes
    from domain.people import Person

NOTICE_VERSION = 2  # of the privacy notice; a higher one is shown to everybody again

_LACKING = {
    Role.STUDENT: N_("access.students_only"),
    Role.MENTOR: N_("access.mentors_only"),
    Role.COORDINATOR: N_("access.coordinators_only"),
}


def has_agreed(person: Person) -> bool:
    """Whether the person agreed to the notice as it is now."""
    return person.agreed_version >= NOTICE_VERSION


def admit(person: Person, role: Role | None) -> None:
    """Raise `Refused` with the way in where the person may not; without a role named, any will do."""
    if person.roles and not has_agreed(person):
        raise Refused(N_("access.agree_first"))
    if role in person.roles or (role is None and person.roles):
        return
    if person.suspended:
        raise NotAdmitted(N_("access.suspended"))
    raise NotAdmitted(_LACKING[role] if role and person.roles else N_("access.nobody"))


def admit_staff(person: Person) -> None:
    """Raise `NotAdmitted` where the person neither mentors nor coordinates."""
    if not person.roles & {Role.MENTOR, Role.COORDINATOR}:
        raise NotAdmitted(_LACKING[Role.MENTOR])


def register(routes: Routes) -> None:
    """Stand at the door."""
    routes.admit = admit
