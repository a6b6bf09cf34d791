"""Dates as people say them: a week by its number and days, a deadline with how far away it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.texts import N_
from domain.weeks import local_day, monday_of, remaining

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.texts import Texts
    from domain.logs import Log

A_MONDAY = date(2026, 1, 5)  # whichever: it only lends its name
_AHEAD = {"days": N_("time.in_days"), "hours": N_("time.in_hours"), "minutes": N_("time.in_minutes")}
_PAST = {"days": N_("time.days_ago"), "hours": N_("time.hours_ago"), "minutes": N_("time.minutes_ago")}


def week_name(_: Texts, number: int, week: date) -> Markup:
    """Return a week with its days: "Week 12 · 16–22 Nov"."""
    return _("week.name", number=number, days=_.days(week, week + timedelta(days=6)))


def log_name(_: Texts, log: Log) -> Markup:
    """Return the name of a log's week."""
    return week_name(_, log.number, log.week)


def away(_: Texts, moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return how far away a moment is: "in 2 days", 还有2天."""
    left = remaining(moment, now, zone)
    words = _AHEAD if moment > now else _PAST
    return _.plain_plural(words[left.unit], abs(left.count))


def weekdays(_: Texts, numbers: Iterable[int]) -> str:
    """Return weekdays (Monday is 0) as a list: "Monday, Wednesday", 周一、周三."""
    return _.plain("class.comma").join(_.weekday(A_MONDAY + timedelta(days=number)) for number in numbers)


def at(_: Texts, moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return a moment as the reader's clock shows it: "Sunday 20:00" in this week, else with its day."""
    local = moment.astimezone(zone)
    if monday_of(local.date()) == monday_of(local_day(now, zone)):
        return _.plain("time.this_week", weekday=_.weekday(local), clock=f"{local:%H:%M}")
    return _.moment(moment, zone)


def due(_: Texts, moment: datetime, now: datetime, zone: ZoneInfo) -> Markup:
    """Return a deadline: "due Sunday 20:00 (in 2 days)", or that it has passed."""
    said = N_("time.due") if moment > now else N_("time.was_due")
    return _(said, at=at(_, moment, now, zone), away=away(_, moment, now, zone))
