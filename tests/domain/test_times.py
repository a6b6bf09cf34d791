"""Times of day as people type them."""

from __future__ import annotations

from datetime import time

import pytest

from domain.times import is_quiet, parse_time


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("17:30", time(17, 30)),
        ("17：30", time(17, 30)),
        ("17.30", time(17, 30)),
        ("١٧:٣٠", time(17, 30)),
        ("1730", time(17, 30)),
        ("20h15", time(20, 15)),
        (" 8 ", time(8)),
        ("8点", time(8)),
        ("8点半", time(8, 30)),
        ("8点一刻", time(8, 15)),
        ("晚上8点", time(20)),
        ("下午五点半", time(17, 30)),
        ("二十一点三十分", time(21, 30)),
        ("十点零五", time(10, 5)),
        ("十二点整", time(12)),
        ("中午11点半", time(11, 30)),
        ("中午1点", time(13)),
        ("晚上十二点", time(0)),
        ("下午17点", time(17)),
        ("8pm", time(20)),
        ("8:30 P.M.", time(20, 30)),
        ("12 am", time(0)),
        ("12 pm", time(12)),
        ("at 9 o'clock", time(9)),
        ("9 o’clock", time(9)),
    ],
)
def test_times_are_read_as_people_type_them(typed, means):
    """Figures, words and both languages mean a time of day."""
    assert means == parse_time(typed)


@pytest.mark.parametrize(
    "typed", ["", "soon", "25:00", "8:60", "2460", "十十点", "8:30:00", "-8", "8 9", "晚上", "八点八点"]
)
def test_what_is_no_time_is_not_guessed(typed):
    """Nothing is made of words that name no time."""
    assert parse_time(typed) is None


@pytest.mark.parametrize(
    ("at", "quiet"), [(time(22), True), (time(21, 59), False), (time(3), True), (time(7, 59), True), (time(8), False)]
)
def test_the_quiet_hours_are_from_22_to_8(at, quiet):
    """22:00 is quiet, 08:00 is not any more."""
    assert quiet == is_quiet(at)
