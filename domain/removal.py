"""Removal on request: when it is carried out, what goes at once, what the school keeps, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.weeks import at_local, local_day

TAKEN_BACK_WITHIN = timedelta(days=7)
AT = time(9)
EVE = timedelta(days=1)  # before it, its person is told once more
WORDS_LIMIT = 300  # characters
NOBODY = "–"  # the name of whoever has none any more


class State(StrEnum):
    """How far a removal has come; KEPT: the person's own is gone, the school's part is left."""

    ASKED = "asked"
    TAKEN_BACK = "taken_back"
    KEPT = "kept"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Removal:
    """What somebody asked for; `student_id` is their line of a roster, `released` that the school's part goes too."""

    id: int
    person_id: int
    name: str
    student_id: int | None
    number: str
    class_name: str
    state: State
    asked_at: datetime
    due_at: datetime
    words: str
    said_by: str
    released_by: str

    @property
    def is_open(self) -> bool:
        """Whether something can still be said about it."""
        return self.state in {State.ASKED, State.KEPT}


@dataclass(frozen=True, slots=True)
class Own:
    """How much goes with the account: what is nobody's but the person's."""

    moments: int
    drafts: int
    pulses: int
    applications: int
    files: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays with the school, and until when; `placed_until` is the last day of a placement that is not over."""

    logs: int
    placements: int
    calls: int
    until: date | None
    written_until: date | None  # until when what they wrote to students stays under their name
    placed_until: date | None


def due_at(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when a removal is carried out that is asked for now: the first morning after the days to take it back."""
    earliest = now + TAKEN_BACK_WITHIN
    day = local_day(earliest, zone)
    at = at_local(day, AT, zone)
    return at if at >= earliest else at_local(day + timedelta(days=1), AT, zone)
