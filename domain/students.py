"""Students as their coordinator sees them: a line of the roster, how the account stands, where they are placed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.words import key


class Standing(StrEnum):
    """How a line of the roster and an account stand to each other."""

    WAITING = "waiting"  # nobody has joined with this number yet
    JOINED = "joined"
    SUSPENDED = "suspended"
    FREED = "freed"  # the number waits for a new account
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Student:
    """A line of the roster with the placement that runs or comes next; without one `placement_id` is None."""

    id: int
    class_id: int
    class_name: str
    number: str
    name: str
    person_id: int | None
    former_person_id: int | None
    joined_at: datetime | None
    suspended_at: datetime | None
    removed_at: datetime | None
    placement_id: int | None
    enterprise: str
    mentor: str
    starts_on: date | None
    ends_on: date | None

    @property
    def standing(self) -> Standing:
        """How this line stands."""
        if self.removed_at is not None:
            return Standing.REMOVED
        if self.person_id is None:
            return Standing.WAITING if self.former_person_id is None else Standing.FREED
        return Standing.JOINED if self.suspended_at is None else Standing.SUSPENDED

    def fits(self, words: str) -> bool:
        """Whether words that somebody typed are part of the name or the number."""
        return key(words) in key(self.name) or key(words) in key(self.number)
