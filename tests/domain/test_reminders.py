"""When reminders come: the three of a week, the hours that people chose, the night, and changes of the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest

from domain.reminders import (
    Rhythm,
    Slot,
    after_quiet,
    before_quiet,
    is_quiet,
    last_check,
    newest_slot,
    next_check,
    next_slot,
    slots,
    snoozed,
)
from domain.schools import Class
from domain.weeks import WEEK, at_local, due_at, monday_of

SHANGHAI, BERLIN, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
ZONES = ("Asia/Shanghai", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "America/St_Johns")
WEEK_12 = date(2026, 11, 16)
CLASS = Class(1, 1, "Nursing 2301", "Nursing", "Asia/Shanghai")


def wall(moments, zone):
    """The moments as a clock on the wall shows them."""
    return [f"{moment.astimezone(zone):%a %d %b %H:%M}" for moment in moments]


def rhythm(starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 27), *, rules=CLASS, zone=SHANGHAI, at=None, excused=()):
    """What decides about a placement's reminders."""
    return Rhythm(starts_on, ends_on, rules, zone, at, frozenset(excused))


def all_slots(its, begin=datetime(2026, 1, 1, tzinfo=UTC)):
    """Every slot of a placement, found one from the other as the schedule does."""
    found = []
    while (begin := next_slot(its, begin)) is not None:
        found.append(begin)
    return found


def test_default_times():
    """A log due on Sunday at 20:00 is reminded of on Friday at 17:00, on Sunday at noon and at 18:00."""
    said = wall(slots(WEEK_12, CLASS, SHANGHAI, None), SHANGHAI)
    assert ["Fri 20 Nov 17:00", "Sun 22 Nov 12:00", "Sun 22 Nov 18:00"] == said


def test_chosen_time():
    """The hour that the reader chose replaces 17:00, on the reader's own clock."""
    assert "Fri 20 Nov 19:30" == wall(slots(WEEK_12, CLASS, SHANGHAI, time(19, 30)), SHANGHAI)[0]
    assert "Fri 20 Nov 19:30" == wall(slots(WEEK_12, CLASS, BERLIN, time(19, 30)), BERLIN)[0]


@pytest.mark.parametrize(
    ("weekday", "at", "expected"),
    [
        (4, time(18), ["Wed 18 Nov 17:00", "Fri 20 Nov 12:00", "Fri 20 Nov 16:00"]),
        (6, time(14), ["Fri 20 Nov 17:00", "Sun 22 Nov 12:00"]),
        (6, time(9), ["Fri 20 Nov 17:00", "Sat 21 Nov 21:45"]),
        (6, time(12), ["Fri 20 Nov 17:00", "Sun 22 Nov 10:00"]),
        (6, time(23, 59), ["Fri 20 Nov 17:00", "Sun 22 Nov 12:00", "Sun 22 Nov 21:59"]),
        (1, time(20), ["Tue 17 Nov 12:00", "Tue 17 Nov 18:00"]),
        (0, time(20), ["Mon 16 Nov 12:00", "Mon 16 Nov 18:00"]),
    ],
)
def test_other_deadlines(weekday, at, expected):
    """Reminders follow the class's deadline; none comes before the week began, when it is over, or twice."""
    rules = replace(CLASS, due_weekday=weekday, due_time=at)
    assert expected == wall(slots(WEEK_12, rules, SHANGHAI, None), SHANGHAI)


def test_night_of_the_reader():
    """What falls into the reader's night comes in the evening before it, though it is day in the class's zone."""
    said = wall(slots(WEEK_12, CLASS, NEW_YORK, None), NEW_YORK)
    assert ["Thu 19 Nov 21:45", "Sat 21 Nov 21:45"] == said


@pytest.mark.parametrize(("clock", "quiet"), [("21:59", False), ("22:00", True), ("07:59", True), ("08:00", False)])
def test_edges_of_the_night(clock, quiet):
    """The night lasts from 22:00 until just before 08:00."""
    moment = at_local(WEEK_12, time.fromisoformat(clock), BERLIN)
    assert quiet == is_quiet(moment, BERLIN)
    assert quiet != (before_quiet(moment, BERLIN) == moment == after_quiet(moment, BERLIN))


@pytest.mark.parametrize(
    ("zone", "week", "first", "hours_apart"),
    [
        ("Europe/Berlin", date(2026, 3, 23), "Fri 27 Mar 17:00", 42),  # forward on 29 March
        ("Europe/Berlin", date(2026, 10, 19), "Fri 23 Oct 17:00", 44),  # back on 25 October
        ("America/New_York", date(2026, 3, 2), "Fri 06 Mar 17:00", 42),  # forward on 8 March
        ("America/New_York", date(2026, 10, 26), "Fri 30 Oct 17:00", 44),  # back on 1 November
        ("Asia/Shanghai", date(2026, 3, 23), "Fri 27 Mar 17:00", 43),
    ],
)
def test_daylight_saving(zone, week, first, hours_apart):
    """A change of the clock between Friday and Sunday leaves what the wall shows as it is."""
    its = slots(week, replace(CLASS, time_zone=zone), ZoneInfo(zone), None)
    said = wall(its, ZoneInfo(zone))
    assert first == said[0]
    assert ["12:00", "18:00"] == [text[-5:] for text in said[1:]]
    assert timedelta(hours=hours_apart) == its[1] - its[0]


@pytest.mark.parametrize(("class_zone", "reader_zone"), list(product(ZONES, ZONES)))
def test_a_year_without_nights(class_zone, reader_zone):
    """In any pair of zones every owed week has reminders in their order, within the week, and none at night."""
    zone, its_class = ZoneInfo(reader_zone), replace(CLASS, time_zone=class_zone)
    for at in (None, time(6), time(8), time(23, 30)):
        its = rhythm(date(2026, 1, 1), date(2026, 12, 31), rules=its_class, zone=zone, at=at)
        found = all_slots(its, datetime(2025, 12, 1, tzinfo=UTC))
        assert all(one < other for one, other in pairwise(found))
        assert not [moment for moment in found if is_quiet(moment, zone)]
        of_week = [[m for m in found if monday_of(m.astimezone(its_class.zone).date()) == week] for week in weeks()]
        assert all(1 <= len(moments) <= 3 for moments in of_week)
        assert all(moments[-1] < due_at(week, its_class) for week, moments in zip(weeks(), of_week, strict=True))


def weeks():
    """The weeks of 2026 of which a placement over the whole year owes a log."""
    return [date(2025, 12, 29) + WEEK * index for index in range(53)]


def test_only_owed_weeks():
    """An excused week, one with two days and all behind the end are passed over; the start is the first moment."""
    its = rhythm(date(2026, 11, 5), date(2026, 11, 24), excused=[WEEK_12])
    assert ["Fri 06 Nov 17:00", "Sun 08 Nov 12:00", "Sun 08 Nov 18:00"] == wall(all_slots(its)[:3], SHANGHAI)
    assert ["Fri 13 Nov 17:00", "Sun 15 Nov 12:00", "Sun 15 Nov 18:00"] == wall(all_slots(its)[3:], SHANGHAI)
    assert [] == all_slots(rhythm(date(2026, 11, 21), date(2026, 11, 22)))


def test_end_in_the_middle_of_a_week():
    """A last week of three days is owed, so it is reminded of though the placement is over by then."""
    assert "Sun 22 Nov 18:00" == wall(all_slots(rhythm(ends_on=date(2026, 11, 18))), SHANGHAI)[-1]


def test_start_after_a_reminder():
    """A reminder that lies before the first day does not come."""
    early = replace(CLASS, due_weekday=4)
    its = rhythm(date(2026, 11, 19), date(2026, 12, 27), rules=early)
    assert "Fri 20 Nov 12:00" == wall(all_slots(its), SHANGHAI)[0]


def test_newest_slot():
    """Of several that fell due at once the last one counts; both ends of the time belong to it."""
    its, friday = rhythm(), at_local(date(2026, 11, 20), time(17), SHANGHAI)
    sunday = at_local(date(2026, 11, 22), time(18), SHANGHAI)
    assert Slot(WEEK_12, friday) == newest_slot(its, friday, friday)
    assert Slot(WEEK_12, sunday) == newest_slot(its, friday - 3 * WEEK, sunday + timedelta(days=2))
    assert newest_slot(its, friday + timedelta(seconds=1), friday + timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("Fri 17:00", "Fri 20:00"),
        ("Fri 19:30", "Fri 21:45"),
        ("Fri 21:50", "Sat 08:00"),
        ("Fri 23:00", "Sat 08:00"),
        ("Sun 18:00", "Sun 19:00"),
        ("Sun 20:30", "Sun 21:45"),
    ],
)
def test_snooze(now, expected):
    """Put off, a reminder comes back in three hours or halfway to the deadline, and never at night."""
    day = {"Fri": date(2026, 11, 20), "Sat": date(2026, 11, 21), "Sun": date(2026, 11, 22)}
    moment = at_local(day[now[:3]], time.fromisoformat(now[4:]), SHANGHAI)
    assert expected == f"{snoozed(moment, due_at(WEEK_12, CLASS), SHANGHAI).astimezone(SHANGHAI):%a %H:%M}"


def test_checks():
    """Mentors and coordinators are looked at on workdays at 09:00 or at their own time, moved into the day."""
    friday = at_local(date(2026, 11, 20), time(9), BERLIN)
    monday = at_local(date(2026, 11, 23), time(9), BERLIN)
    assert monday == next_check(BERLIN, None, friday)
    assert friday == last_check(BERLIN, None, monday - timedelta(hours=1))
    assert monday == last_check(BERLIN, None, monday)
    assert monday == last_check(BERLIN, None, monday + timedelta(days=4), weekdays=(0,))
    assert ["Mon 23 Nov 08:00"] == wall([next_check(BERLIN, time(6), friday)], BERLIN)
    assert ["Fri 20 Nov 21:45"] == wall([next_check(BERLIN, time(23), friday)], BERLIN)


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_checks(zone):
    """Over a year and every change of the clock there are five checks a week, at the same time of the wall."""
    its, moment, found = ZoneInfo(zone), at_local(date(2026, 1, 4), time(12), ZoneInfo(zone)), []
    while moment < at_local(date(2026, 12, 27), time(12), its):
        moment = next_check(its, None, moment)
        found.append(moment)
    assert {"Mon", "Tue", "Wed", "Thu", "Fri"} == {f"{m.astimezone(its):%a}" for m in found}
    assert {"09:00"} == {f"{m.astimezone(its):%H:%M}" for m in found}
    assert 51 * 5 + 1 == len(found)
