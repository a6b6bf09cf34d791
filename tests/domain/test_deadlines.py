"""Deadlines as people type them."""

from __future__ import annotations

from datetime import time

import pytest

from domain.deadlines import USUAL, Deadline, of_code, read_deadline


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Sun 20:00", "6-20:00"),
        ("sundays, 20:00", "6-20:00"),
        ("8pm on Friday", "4-20:00"),
        ("Friday 6.30 p.m.", "4-18:30"),
        ("Fri 18", "4-18:00"),
        ("thurs 12am", "3-00:00"),
        ("周日20:00", "6-20:00"),
        ("每周日 ２０：００前", "6-20:00"),
        ("星期五晚上八点半", "4-20:30"),
        ("礼拜天下午五点", "6-17:00"),
        ("周日二十二点", "6-22:00"),
        ("周六中午12点", "5-12:00"),
        ("周五18点30分", "4-18:30"),
        ("周日24:00", "6-23:59"),
        ("周日晚12点", "6-23:59"),
    ],
)
def test_a_weekday_and_a_time_are_read_in_either_language(said, code):
    """However people write a weekday and a time, the deadline is the same."""
    assert of_code(code) == read_deadline(said)


@pytest.mark.parametrize(
    "said", ["", "Sunday", "20:00", "周日", "Sunday 25:00", "Sun 20:75", "Sun 13pm", "Sunday or Friday 8:00", "Sun 8 9"]
)
def test_what_is_not_one_weekday_and_one_time_is_not_guessed(said):
    """What is incomplete, impossible or names two is no deadline."""
    assert read_deadline(said) is None


def test_a_deadline_survives_its_code():
    """A deadline is the same after it was a button."""
    assert Deadline(4, time(18, 30)) == of_code(Deadline(4, time(18, 30)).code)
    assert list(USUAL) == [of_code(code).code for code in USUAL]


def test_the_first_days_of_a_week_are_no_deadline():
    """A week's log cannot be due on its Monday or Tuesday."""
    assert [False, False, True, True, True, True, True] == [Deadline(day, time(20)).possible for day in range(7)]
