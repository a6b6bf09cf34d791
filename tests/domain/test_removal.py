"""When a removal is carried out, and until when what was handed in is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain import removal, retention

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (datetime(2026, 11, 16, 1, 0, tzinfo=UTC), datetime(2026, 11, 23, 1, 0, tzinfo=UTC)),
        (datetime(2026, 11, 16, 1, 1, tzinfo=UTC), datetime(2026, 11, 24, 1, 0, tzinfo=UTC)),
        (datetime(2026, 11, 15, 16, 30, tzinfo=UTC), datetime(2026, 11, 23, 1, 0, tzinfo=UTC)),
    ],
)
def test_it_is_carried_out_on_a_morning_after_a_whole_week(asked, due):
    """In the zone of whoever asks; never earlier than seven days after."""
    assert due == removal.due_at(asked, SHANGHAI)
    assert due - asked >= timedelta(days=7)


@pytest.mark.parametrize(
    ("ends_on", "years", "until"),
    [
        (date(2027, 2, 7), 3, date(2030, 2, 7)),
        (date(2028, 2, 29), 1, date(2029, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
    ],
)
def test_a_term_is_counted_in_years_of_the_calendar(ends_on, years, until):
    """From the placement's last day to the same day; one that a year does not have is the day before."""
    assert until == retention.kept_until(ends_on, years)


@pytest.mark.parametrize(
    ("now", "at"),
    [
        (datetime(2026, 11, 16, 1, 0, tzinfo=UTC), datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
        (datetime(2026, 12, 1, 0, 59, tzinfo=UTC), datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
        (datetime(2026, 12, 1, 1, 0, tzinfo=UTC), datetime(2027, 1, 1, 1, 0, tzinfo=UTC)),
    ],
)
def test_a_class_is_looked_at_on_the_first_of_a_month(now, at):
    """At 09:00 of the class's clock, always in the future."""
    assert at == retention.next_look(now, SHANGHAI)


def test_nothing_goes_without_a_months_warning():
    """However long its term has been over; what is over later waits for the latest."""
    today = date(2026, 11, 16)
    assert date(2026, 12, 16) == retention.goes_on([date(2020, 1, 1)], today)
    assert date(2027, 1, 5) == retention.goes_on([date(2026, 12, 31), date(2027, 1, 5)], today)
