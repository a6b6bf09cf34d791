"""Waiting: what is usual, when a log has waited too long, who is asked about it, and when."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.reminders import Reader
from domain.schools import Class
from domain.waiting import Ask, ask_at, is_given_up, is_overdue, next_ask, usual_days

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULES = Class(1, 1, "Nursing 2301", "Nursing", "Asia/Shanghai")
SENT = datetime(2026, 11, 16, 1, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
MENTOR = Reader(7, SHANGHAI, None, stopped=False)
DAY = timedelta(days=1)


def at(day: int, clock: str) -> datetime:
    """A moment in Shanghai, `day` days after that Monday."""
    return datetime.combine((SENT + day * DAY).date(), time.fromisoformat(clock), tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "days"),
    [
        ((), None),
        ((1, 2), None),
        ((1, 2, 3), 1),
        ((1, 24, 100), 1),
        ((1, 25, 100), 2),
        ((10, 40, 50, 400), 2),  # between 40 and 50
        ((0, 0, 0), 1),
    ],
)
def test_usual_days(hours, days):
    """The median of at least three answers, rounded up to days."""
    assert days == usual_days([timedelta(hours=each) for each in hours])


@pytest.mark.parametrize(("term", "overdue", "given_up"), [(3, 3, 7), (1, 1, 5), (7, 7, 11)])
def test_terms(term, overdue, given_up):
    """A log is overdue after its class's term, and given up four days later."""
    rules = Class(1, 1, "A", "", "Asia/Shanghai", answer_days=term)
    moment = timedelta(seconds=1)
    assert not is_overdue(SENT, rules, SENT + overdue * DAY - moment)
    assert is_overdue(SENT, rules, SENT + overdue * DAY)
    assert not is_given_up(SENT, rules, SENT + given_up * DAY - moment)
    assert is_given_up(SENT, rules, SENT + given_up * DAY)


@pytest.mark.parametrize(
    ("days", "asked", "told", "has_mentor", "expected"),
    [
        (2.9, None, None, True, Ask.WAIT),
        (2.9, None, None, False, Ask.WAIT),
        (3, None, None, True, Ask.MENTOR),
        (3, None, None, False, Ask.COORDINATORS),
        (3.1, 3, None, True, Ask.ASKED),
        (5.9, 3, None, True, Ask.ASKED),
        (6, 3, None, True, Ask.COORDINATORS),
        (6, 3, 6, True, Ask.TOLD),
        (9, 3, 6, True, Ask.TOLD),
    ],
)
def test_next_ask(days, asked, told, has_mentor, expected):
    """First the mentor, three days later at the earliest the coordinators, and then nobody any more."""
    asked_at = None if asked is None else SENT + asked * DAY
    told_at = None if told is None else SENT + told * DAY
    assert expected is next_ask(SENT, asked_at, told_at, RULES, SENT + days * DAY, has_mentor=has_mentor)


@pytest.mark.parametrize(
    ("now", "pushed", "expected"),
    [
        (at(3, "10:00"), (), at(3, "10:00")),
        (at(3, "21:59"), (), at(3, "21:59")),
        (at(3, "08:30"), (), at(3, "09:00")),  # the check comes by itself
        (at(3, "22:00"), (), at(4, "09:00")),
        (at(3, "10:00"), (at(3, "09:00"),), at(4, "09:00")),
        (at(3, "10:00"), (at(2, "09:00"),), at(3, "10:00")),
        (at(5, "12:00"), (), at(7, "09:00")),  # a Saturday
        (at(2, "10:00"), (at(0, "09:00"), at(1, "09:00"), at(1, "10:00")), at(7, "09:00")),
        (at(8, "10:00"), (at(2, "09:00"), at(3, "09:00"), at(4, "09:00")), at(8, "10:00")),
    ],
)
def test_ask_at(now, pushed, expected):
    """At once on a workday, but not before the day's check, at night, twice a day or more than three times a week."""
    assert expected == ask_at(MENTOR, pushed, now)
