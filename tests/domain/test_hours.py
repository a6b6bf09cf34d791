"""Hours as people say them, and the days of a week that are in a placement."""

from __future__ import annotations

from datetime import date

import pytest

from domain.hours import days_in, parse_days, total, with_days

WEEK = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("8", [8]),
        ("7,5", [7.5]),
        ("8小时", [8]),
        ("24", [24]),
        ("8 8 7.5", [8, 8, 7.5]),
        ("8, 8, 7.5", [8, 8, 7.5]),
        ("8、8、6", [8, 8, 6]),
        ("8/8/0/0/8/8/4", [8, 8, 0, 0, 8, 8, 4]),
    ],
)
def test_days_as_people_type_them(typed, hours):
    """One number is a day's, several are those of the days that follow."""
    assert hours == parse_days(typed)


@pytest.mark.parametrize("typed", ["25", "38", "", "-1", "8 many", "8 25", "1 1 1 1 1 1 1 1", "8 x"])
def test_what_is_no_day(typed):
    """A day has 24 hours and a week seven days."""
    assert parse_days(typed) is None


def test_days_of_the_placement():
    """The first and the last week have only the days that are in the placement."""
    assert range(7) == days_in(date(2026, 1, 1), date(2027, 1, 1), WEEK)
    assert range(2, 7) == days_in(date(2026, 11, 18), date(2027, 1, 1), WEEK)
    assert range(4) == days_in(date(2026, 1, 1), date(2026, 11, 19), WEEK)


def test_the_sum():
    """What was said of some days stands beside what is said of others; nothing said is no hour."""
    days = with_days(with_days((), 0, [8, 8]), 4, [6.5])
    assert (8, 8, None, None, 6.5, None, None) == days
    assert 22.5 == total(days)
    assert 0 == total(())
