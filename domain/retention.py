"""How long what was handed in is kept: a class's term after a placement's last day, and the warning before it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.weeks import at_local, local_day

# Schools keep internship records for three years and what proves their teaching for five; see docs/privacy.md.
YEARS = (1, 3, 5)
USUAL_YEARS = 3
WARNED = timedelta(days=30)  # before anything goes without having been asked for
LOOK = time(9)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a class keeps for how long, and whether it then goes by itself or only when somebody asks."""

    class_id: int
    school_id: int
    class_name: str
    time_zone: str
    years: int
    by_itself: bool

    @property
    def zone(self) -> ZoneInfo:
        """The class's time zone."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Ended:
    """A placement that is over and of which something is kept; `goes_on` is the day of which people were warned."""

    id: int
    ends_on: date
    goes_on: date | None
    student_person: int | None


@dataclass(frozen=True, slots=True)
class Amount:
    """How much goes."""

    students: int
    logs: int
    files: int


def kept_until(ends_on: date, years: int) -> date:
    """Return the day until which what was handed in during a placement is kept."""
    return _in_years(ends_on, years)


def ended_by(day: date, years: int) -> date:
    """Return the newest last day of placements whose term is over on a day."""
    return _in_years(day, -years)


def _in_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def next_look(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when a class is looked at next by itself: on the first of a month, in the morning."""
    today = local_day(now, zone)
    first = today.replace(day=1)
    while (at := at_local(first, LOOK, zone)) <= now:
        first = (first + timedelta(days=31)).replace(day=1)
    return at


def goes_on(terms: list[date], today: date) -> date:
    """Return the day on which several placements go together: the latest of their terms, and never without warning."""
    return max(*terms, today + WARNED)
