"""Weeks: a week is stored as its Monday; the class's time zone decides when it begins, is due and closes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.schools import Class

WEEK = timedelta(days=7)
GRACE = time(4)  # until Monday 04:00 the week that has just ended is opened first
SHORTEST = 3  # days of a week in the placement; a shorter week is not owed
AFTER_END = timedelta(days=14)  # logs are taken, marked late, until two weeks after the placement ends


def monday_of(day: date) -> date:
    """Return the Monday of the week that a day is in."""
    return day - timedelta(days=day.weekday())


def local_day(now: datetime, zone: ZoneInfo) -> date:
    """Return the day that it is in a zone."""
    return now.astimezone(zone).date()


def week_of(now: datetime, zone: ZoneInfo) -> date:
    """Return the week that it is in a zone."""
    return monday_of(local_day(now, zone))


def at_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) at which a wall clock in a zone shows a time on a day.

    A time that a daylight-saving change skips is the moment at which the clock jumps over it; of one that it
    repeats it is the first.
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def due_at(week: date, rules: Class) -> datetime:
    """Return when a week's log is due (UTC)."""
    return at_local(week + timedelta(days=rules.due_weekday), rules.due_time, rules.zone)


def number(starts_on: date, week: date) -> int:
    """Return the placement's number of a week; the week in which it starts is 1."""
    return (week - monday_of(starts_on)) // WEEK + 1


def days_in(starts_on: date, ends_on: date, week: date) -> int:
    """Return how many days of a week are in a placement, from 0 to 7."""
    first, last = max(starts_on, week), min(ends_on, week + timedelta(days=6))
    return max((last - first).days + 1, 0)


def owed(starts_on: date, ends_on: date, week: date, excused: Collection[date] = ()) -> bool:
    """Whether a log of this week is owed: three days of the placement or more, and not excused."""
    return days_in(starts_on, ends_on, week) >= SHORTEST and week not in excused


def writable(starts_on: date, ends_on: date, week: date, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a log of this week may be written now: from its Monday until two weeks after the placement ends."""
    today = local_day(now, zone)
    return days_in(starts_on, ends_on, week) > 0 and week <= today <= ends_on + AFTER_END


def is_late(submitted_at: datetime, week: date, rules: Class) -> bool:
    """Whether a first submission came after the week was due."""
    return submitted_at > due_at(week, rules)


def first_choice(now: datetime, zone: ZoneInfo) -> date:
    """Return the week that `/log` opens first: last week until Monday 04:00, else this one."""
    local = now.astimezone(zone)
    if local.weekday() == 0 and local.time() < GRACE:
        return monday_of(local.date()) - WEEK
    return monday_of(local.date())


def weeks_between(starts_on: date, ends_on: date) -> list[date]:
    """List the weeks that a placement touches."""
    first, last = monday_of(starts_on), monday_of(ends_on)
    return [first + WEEK * index for index in range((last - first) // WEEK + 1)]


@dataclass(frozen=True, slots=True)
class Remaining:
    """How far away a moment is, in the unit that people would use; negative counts are in the past."""

    unit: str  # days, hours, minutes
    count: int


def remaining(until: datetime, now: datetime, zone: ZoneInfo) -> Remaining:
    """Say how far away a moment is: in days by the calendar, within a day in hours, within an hour in minutes."""
    seconds = (until - now).total_seconds()
    days = (local_day(until, zone) - local_day(now, zone)).days
    if abs(seconds) >= 86_400 and days:
        return Remaining("days", days)
    if abs(seconds) >= 3600:
        return Remaining("hours", int(seconds / 3600))
    return Remaining("minutes", int(seconds / 60))
