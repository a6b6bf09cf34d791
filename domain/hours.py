"""Hours of a week: as one number, or day by day, from which the week's number is the sum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

DAY_LIMIT = 24.0
WEEK_LIMIT = 100.0  # a week has 168; more than this is a slip of the finger
FRIDAY, SUNDAY = 4, 6
Days = tuple[float | None, ...]  # Monday first; None where nothing was said, and () where only the sum is known

_ONE = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|hours?|小时|个小时|时)?\s*", re.IGNORECASE)
_BETWEEN = re.compile(r",\s+|[\s;；、，/]+")


def parse_hours(text: str) -> float | None:
    """Read hours as people write them ("38", "37.5 h", "38小时"); None for what is no number from 0 to WEEK_LIMIT."""
    found = _ONE.fullmatch(text)
    hours = float(found.group(1).replace(",", ".")) if found else -1.0
    return hours if 0 <= hours <= WEEK_LIMIT else None


def parse_days(text: str) -> list[float] | None:
    """Read the hours of one day or of several in a row ("8", "8 8 7.5", "8、8、6"); None for what is none."""
    whole = parse_hours(text)
    each = [whole] if whole is not None else [parse_hours(part) for part in _BETWEEN.split(text.strip())]
    found = [hours for hours in each if hours is not None and hours <= DAY_LIMIT]
    return found if len(found) == len(each) <= SUNDAY + 1 else None


def days_in(starts_on: date, ends_on: date, week: date) -> range:
    """Return the weekdays of a week that are in a placement."""
    first, last = max((starts_on - week).days, 0), min((ends_on - week).days, SUNDAY)
    return range(first, last + 1)


def with_days(days: Days, first: int, hours: Sequence[float]) -> Days:
    """Return the hours of a week with those of some days, from `first` on, put in."""
    known = list(days) or [None] * (SUNDAY + 1)
    known[first : first + len(hours)] = hours
    return tuple(known)


def total(days: Days) -> float:
    """Return the sum."""
    return sum(hours for hours in days if hours is not None)
