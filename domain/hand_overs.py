"""Handing over: a mentor who has no time lets somebody else answer, until the end of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.weeks import at_local

USUAL = timedelta(days=7)
LONGEST = timedelta(days=56)


@dataclass(frozen=True, slots=True)
class HandOver:
    """A hand-over; without a `stand_in` the coordinators of each class answer. `last_day` is still part of it."""

    id: int
    mentor_id: int
    mentor: str
    stand_in_id: int | None
    stand_in: str
    last_day: date
    ends_at: datetime
    ended_at: datetime | None


def ends_at(last_day: date, zone: ZoneInfo) -> datetime:
    """Return when a hand-over ends: when the last day does, on the mentor's clock."""
    return at_local(last_day + timedelta(days=1), time(0), zone)


def within_reason(last_day: date, today: date) -> date:
    """Return the nearest last day that a hand-over may have: today, or so many weeks away at the most."""
    return min(max(last_day, today), today + LONGEST)
