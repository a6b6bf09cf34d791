"""The pulse: how a student's week felt, when that is a reason to call, and how long it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.weeks import WEEK

WORST, BEST = 1, 5
LOW = 2  # and below
WORDS_LIMIT = 500  # characters
KEPT_AFTER_END = timedelta(days=90)  # days after the placement's last one


class Cause(StrEnum):
    """Why somebody is to be called."""

    LOW_WEEKS = "low_weeks"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a week felt, from WORST to BEST; `number` is the placement's number of the week."""

    placement_id: int
    week: date
    number: int
    mood: int
    words: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A student whom a coordinator is to call; `called_name` is who did, empty while nobody has."""

    id: int
    placement_id: int
    student_id: int
    account: int | None
    student_name: str
    class_name: str
    enterprise: str
    cause: Cause
    raised_at: datetime
    called_name: str
    called_at: datetime | None


def is_low(mood: int | None) -> bool:
    """Whether a week was a hard one."""
    return mood is not None and mood <= LOW


def two_low(moods: Mapping[date, int], week: date) -> bool:
    """Whether a week and the one before or after it were hard."""
    return is_low(moods.get(week)) and (is_low(moods.get(week - WEEK)) or is_low(moods.get(week + WEEK)))


def removed_on(ends_on: date) -> date:
    """Return the day on which the pulses of a placement are deleted."""
    return ends_on + KEPT_AFTER_END
