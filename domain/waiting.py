"""Waiting: how long an answer usually takes, when a log has waited too long, and who is asked about it then.

One rule holds for what happens by itself and for what a student asks for: once a log has waited for its class's term,
its mentor is reminded of it, once; three days later at the earliest it is a matter for the coordinators.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from statistics import median

from domain import reminders, weeks
from domain.reminders import DAY, Reader
from domain.schools import Class
from domain.times import is_quiet

ANSWERS_COUNTED = 10  # the newest of a mentor's
ANSWERS_NEEDED = 3  # fewer say nothing about what is usual
TERMS = (1, 2, 3, 5, 7)  # days without an answer, of which a class has one
ASK_AGAIN = timedelta(days=3)  # nobody is asked about the same log sooner
GIVE_UP = timedelta(days=4)  # so long after the term the coordinators hear of a log without anybody's asking


class Ask(StrEnum):
    """What a student can do about a log that waits."""

    WAIT = "wait"  # its time is not up
    MENTOR = "mentor"  # have the mentor reminded
    ASKED = "asked"  # the mentor was reminded just now
    COORDINATORS = "coordinators"  # have the coordinators told
    TOLD = "told"  # they know


def usual_days(waits: Sequence[timedelta]) -> int | None:
    """Return within how many days answers usually come: the median, rounded up; None where there are too few."""
    if len(waits) < ANSWERS_NEEDED:
        return None
    return max(1, ceil(median(wait / DAY for wait in waits)))


def is_overdue(submitted_at: datetime, rules: Class, now: datetime) -> bool:
    """Whether a log has waited for its class's term."""
    return now >= submitted_at + rules.answer_days * DAY


def is_given_up(submitted_at: datetime, rules: Class, now: datetime) -> bool:
    """Whether a log has waited for so long that its coordinators hear of it."""
    return is_overdue(submitted_at, rules, now - GIVE_UP)


def next_ask(
    submitted_at: datetime,
    asked_at: datetime | None,
    told_at: datetime | None,
    rules: Class,
    now: datetime,
    *,
    has_mentor: bool,
) -> Ask:
    """Return what a student can do now; where no mentor can be reached, the coordinators are next."""
    if told_at is not None:
        return Ask.TOLD
    if not is_overdue(submitted_at, rules, now):
        return Ask.WAIT
    if not has_mentor:
        return Ask.COORDINATORS
    if asked_at is None:
        return Ask.MENTOR
    return Ask.ASKED if now < asked_at + ASK_AGAIN else Ask.COORDINATORS


def ask_at(reader: Reader, pushed: Sequence[datetime], now: datetime) -> datetime:
    """Return when a mentor is reminded for whom a student asks: now, or at the check that does so by itself.

    `pushed` is when such messages went to the mentor lately. They get one a day, so many a week, on workdays and on
    the days of their choice.
    """
    today = weeks.local_day(now, reader.zone)
    following = reminders.next_check(reader.zone, reader.at, now, weekdays=reader.days)
    if has_heard_enough(reader, pushed, now):
        while weeks.week_of(following, reader.zone) == weeks.monday_of(today):
            following = reminders.next_check(reader.zone, reader.at, following, weekdays=reader.days)
        return following
    heard_today = any(weeks.local_day(at, reader.zone) == today for at in pushed)
    works = today.weekday() in reminders.WORKDAYS and weeks.local_day(following, reader.zone) != today
    return now if works and not heard_today and not is_quiet(now.astimezone(reader.zone).time()) else following


def has_heard_enough(reader: Reader, pushed: Sequence[datetime], now: datetime) -> bool:
    """Whether a mentor has got as many messages about what waits as a week has room for."""
    this_week = weeks.week_of(now, reader.zone)
    return sum(weeks.week_of(at, reader.zone) >= this_week for at in pushed) >= reminders.MOST_TO_MENTOR
