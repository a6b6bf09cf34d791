"""Reminders: at which moments a student, a mentor or a coordinator may hear from Shixi, and never at night.

All moments are UTC. The class's clock decides about its week; the reader's clock about the hours that they chose and
about the night.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain import times, weeks
from domain.people import Role
from domain.placements import Placement
from domain.schools import Class
from domain.weeks import WEEK, at_local, local_day, monday_of

EVENING = time(21, 45)  # the last time at which anybody is written to
DAY = timedelta(days=1)
MOMENT = timedelta(milliseconds=1)  # the shortest time that the clock knows

# To students, about a week's log.
FIRST_DAYS_BEFORE = 2  # a Friday where the log is due on Sunday
NOON = time(12)
LAST = timedelta(hours=2)
ENOUGH_ANSWERS = 2  # so many in a week, and the reminder at noon is spared: four messages a week are the most
SNOOZE = timedelta(hours=3)
CLOSE = timedelta(minutes=30)  # a reminder that was asked for makes way for a regular one so soon after it

# To mentors and coordinators, about logs that wait for an answer.
CHECK = times.USUAL[Role.MENTOR]
MONDAY = (0,)
WORKDAYS = range(5)
MOST_TO_MENTOR = 3  # digests and nudges in a week, so many days can be chosen
SCHOOL_DAYS = (0, 2, 4)  # on which coordinators are told of what mentors have passed on to them


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What decides when a student is reminded: `zone` is the reader's, `at` what they chose for the first reminder.

    Students of a class who begin on the same day share one, so what is computed from it is kept.
    """

    starts_on: date
    ends_on: date
    rules: Class
    zone: ZoneInfo
    at: time | None
    excused: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Reminded:
    """A placement and its student (None: who has not joined yet); only who is reachable is written to."""

    placement_id: int
    person_id: int | None
    rhythm: Rhythm
    reachable: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """A mentor or coordinator who is told of what waits, at the time of day that they chose.

    On `digest`, the weekdays of their choice, a mentor hears of all that waits, on workdays of what has waited long.
    """

    person_id: int
    zone: ZoneInfo
    at: time | None
    stopped: bool
    digest: tuple[int, ...] = MONDAY

    @property
    def days(self) -> tuple[int, ...]:
        """The weekdays on which a mentor may hear of anything."""
        return tuple(sorted({*WORKDAYS, *self.digest}))


@dataclass(frozen=True, slots=True)
class Slot:
    """A moment at which a week's log is reminded of; one between the first and the last can be spared."""

    week: date
    at: datetime
    spare: bool = False


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity: it is the key of those who share it
class Turn:
    """What a tick makes of a placement: the slot that it is reminded of, if any, and when it is looked at next."""

    slot: Slot | None
    week_began: datetime | None
    following: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A log that waits for an answer."""

    log_id: int
    placement: Placement
    week: date
    submitted_at: datetime
    nudged_at: datetime | None
    escalated_at: datetime | None
    mentor_stopped: bool
    school_since: datetime | None = None

    @property
    def since(self) -> datetime:
        """Since when whoever has it has had it."""
        return self.school_since or self.submitted_at


# --- the night --------------------------------------------------------------------------------------------------


def is_quiet(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether it is night for a reader in this zone."""
    return times.is_quiet(moment.astimezone(zone).time())


def before_quiet(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, or the evening before the night that it falls into."""
    if not is_quiet(moment, zone):
        return moment
    local = moment.astimezone(zone)
    evening = local.date() if local.time() >= times.QUIET_FROM else local.date() - DAY
    return at_local(evening, EVENING, zone)


def after_quiet(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, or the morning after the night that it falls into."""
    if not is_quiet(moment, zone):
        return moment
    local = moment.astimezone(zone)
    morning = local.date() + DAY if local.time() >= times.QUIET_FROM else local.date()
    return at_local(morning, times.QUIET_UNTIL, zone)


# --- a week's log -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)  # a class has one week for all its students
def slots(week: date, rules: Class, zone: ZoneInfo, at: time | None) -> tuple[datetime, ...]:
    """Return when a week's log is reminded of: two days before it is due, on that day at noon, two hours before.

    `at` is the reader's own choice instead of 17:00, on the reader's clock. Nothing comes before the week has begun
    or when the log is due already, and what would come at night comes in the evening before.
    """
    due_day, due_at = week + timedelta(days=rules.due_weekday), weeks.due_at(week, rules)
    first_day = due_day - FIRST_DAYS_BEFORE * DAY
    first = at_local(first_day, at, zone) if at else at_local(first_day, times.USUAL[Role.STUDENT], rules.zone)
    wanted = (first, at_local(due_day, NOON, rules.zone), due_at - LAST)
    opens_at = at_local(week, time(0), rules.zone)
    return tuple(sorted(moment for moment in {before_quiet(m, zone) for m in wanted} if opens_at <= moment < due_at))


def slots_of(rhythm: Rhythm, week: date) -> tuple[datetime, ...]:
    """Return when a placement's week is reminded of; never for a week that is not owed, or before the first day."""
    if not weeks.owed(rhythm.starts_on, rhythm.ends_on, week, rhythm.excused):
        return ()
    moments = slots(week, rhythm.rules, rhythm.zone, rhythm.at)
    if rhythm.starts_on <= week:
        return moments
    starts_at = at_local(rhythm.starts_on, time(0), rhythm.rules.zone)
    return tuple(moment for moment in moments if moment >= starts_at)


def next_slot(rhythm: Rhythm, after: datetime) -> datetime | None:
    """Return the first slot after a moment; None where there is none any more."""
    week = max(monday_of(rhythm.starts_on), weeks.week_of(after, rhythm.rules.zone))
    while week <= rhythm.ends_on:
        for moment in slots_of(rhythm, week):
            if moment > after:
                return moment
        week += WEEK
    return None


def newest_slot(rhythm: Rhythm, from_: datetime, until: datetime) -> Slot | None:
    """Return the last slot of a span of time, both ends included."""
    week = min(monday_of(rhythm.ends_on), weeks.week_of(until, rhythm.rules.zone))
    first = max(monday_of(rhythm.starts_on), weeks.week_of(from_, rhythm.rules.zone))
    while week >= first:
        moments = slots_of(rhythm, week)
        for moment in reversed(moments):
            if from_ <= moment <= until:
                return Slot(week, moment, spare=moments[0] < moment < moments[-1])
        week -= WEEK
    return None


def can_be_handed_in(rhythm: Rhythm, week: date, now: datetime) -> bool:
    """Whether the log of a week is owed and can be written now."""
    return weeks.owed(rhythm.starts_on, rhythm.ends_on, week, rhythm.excused) and weeks.writable(
        rhythm.starts_on, rhythm.ends_on, week, now, rhythm.rules.zone
    )


@lru_cache(maxsize=4096)  # the students of a class have one turn, thousands of them a few
def turn(rhythm: Rhythm, due_at: datetime, now: datetime) -> Turn:
    """Return what is done now about a placement that has been due since a moment: only the newest slot counts."""
    slot, following = newest_slot(rhythm, due_at, now), next_slot(rhythm, now)
    if slot is None or not can_be_handed_in(rhythm, slot.week, now):
        return Turn(None, None, following)
    return Turn(slot, at_local(slot.week, time(0), rhythm.rules.zone), following)


def snoozed(now: datetime, due_at: datetime, zone: ZoneInfo) -> datetime:
    """Return when somebody is reminded again who asked for it: in three hours, or halfway to when the log is due.

    What would fall into the night comes before it; if that is too soon, in the morning.
    """
    wait = min(SNOOZE, (due_at - now) / 2) if due_at > now else SNOOZE
    wanted = (now + wait).replace(second=0, microsecond=0)
    evening = before_quiet(wanted, zone)
    return evening if evening > now else after_quiet(max(wanted, now + timedelta(minutes=1)), zone)


# --- logs that wait for an answer -------------------------------------------------------------------------------


def check_on(day: date, zone: ZoneInfo, at: time | None) -> datetime:
    """Return when a mentor or coordinator is told on a day: at 09:00 or when they chose, moved into the day."""
    return at_local(day, min(max(at or CHECK, times.QUIET_UNTIL), EVENING), zone)


@lru_cache(maxsize=4096)
def next_check(zone: ZoneInfo, at: time | None, after: datetime, *, weekdays: Sequence[int] = WORKDAYS) -> datetime:
    """Return the first check after a moment."""
    day = local_day(after, zone)
    while day.weekday() not in weekdays or check_on(day, zone, at) <= after:
        day += DAY
    return check_on(day, zone, at)


@lru_cache(maxsize=4096)
def last_check(zone: ZoneInfo, at: time | None, until: datetime, *, weekdays: Sequence[int] = WORKDAYS) -> datetime:
    """Return the last check at or before a moment."""
    day = local_day(until, zone)
    while day.weekday() not in weekdays or check_on(day, zone, at) > until:
        day -= DAY
    return check_on(day, zone, at)
