"""The days of a placement, and which of several is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.placements import PeriodTrouble, Placement, nearest, period_trouble
from domain.schools import Class

TODAY = date(2026, 11, 18)
RULES = Class(1, 1, "2301", "", "Asia/Shanghai")
PLACEMENT = Placement(
    id=1,
    student_id=1,
    student_person=None,
    student_name="Ann",
    student_number="1",
    enterprise_id=1,
    enterprise="Hospital",
    mentor_id=None,
    mentor_name="",
    starts_on=date(2026, 11, 2),
    ends_on=date(2026, 12, 31),
    ended_early=False,
    end_reason="",
    version=1,
    rules=RULES,
)


@pytest.mark.parametrize(
    ("first", "last", "trouble"),
    [
        (TODAY, date(2027, 2, 1), None),
        (TODAY, TODAY, None),
        (date(2025, 11, 18), date(2026, 12, 1), None),
        (date(2025, 11, 1), None, PeriodTrouble.LONG_AGO),
        (date(2029, 1, 1), None, PeriodTrouble.FAR_AHEAD),
        (TODAY, date(2026, 11, 17), PeriodTrouble.END_FIRST),
        (TODAY, date(2028, 11, 17), None),
        (TODAY, date(2028, 11, 19), PeriodTrouble.TOO_LONG),
    ],
)
def test_days_that_make_no_placement_are_told_apart(first, last, trouble):
    """A start over a year ago or two years ahead, an end before it, and more than two years are refused."""
    assert trouble == period_trouble(first, last, TODAY)


def test_the_running_placement_comes_before_the_next_and_the_last():
    """What runs is shown; else the next one, else the one that ended last."""
    over = replace(PLACEMENT, id=2, starts_on=date(2026, 3, 1), ends_on=date(2026, 5, 1))
    older = replace(PLACEMENT, id=3, starts_on=date(2025, 3, 1), ends_on=date(2025, 5, 1))
    coming = replace(PLACEMENT, id=4, starts_on=date(2027, 3, 1), ends_on=date(2027, 5, 1))
    assert PLACEMENT == nearest([over, coming, PLACEMENT], TODAY)
    assert coming == nearest([over, coming], TODAY)
    assert over == nearest([older, over], TODAY)
    assert nearest([], TODAY) is None
