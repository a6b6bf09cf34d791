"""Days as people write them, in both languages, and the last day of something that begins."""

from __future__ import annotations

from datetime import date

import pytest

from domain.days import parse_day, parse_last_day, weeks_after

TODAY = date(2026, 11, 18)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(
            (text, date(2026, 12, 1))
            for text in (
                "2026-12-01",
                "2026/12/1",
                "2026.12.1",
                "20261201",
                "2026年12月1日",
                "2026 年 12 月 1 日",
                "二〇二六年十二月一日",
                "12月1日",
                "12月1号",
                "１２月１日",
                "12-01",
                "12/1",
                "1 Dec",
                "1st December",
                "1 Dec 2026",
                "Dec 1",
                "december 1, 2026",
                "  DEC 1. ",
                "下个月1号",
                "1号",
            )
        ),
        ("today", TODAY),
        ("今天", TODAY),
        ("tomorrow", date(2026, 11, 19)),
        ("明天", date(2026, 11, 19)),
        ("the day after tomorrow", date(2026, 11, 20)),
        ("大后天", date(2026, 11, 21)),
        ("next Monday", date(2026, 11, 23)),
        ("下周一", date(2026, 11, 23)),
        ("Monday", date(2026, 11, 23)),
        ("Wednesday", TODAY),
        ("this Friday", date(2026, 11, 20)),
        ("本周五", date(2026, 11, 20)),
        ("星期天", date(2026, 11, 22)),
        ("end of June", date(2027, 6, 30)),
        ("6月底", date(2027, 6, 30)),
        ("月底", date(2026, 11, 30)),
        ("31/12", date(2026, 12, 31)),
        ("13/12/2026", date(2026, 12, 13)),
        ("29 Feb", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_people_write_it(text, day):
    """Figures, words, weekdays and nearness are understood in both languages."""
    assert day == parse_day(text, TODAY)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-02-30", "13-13", "12月", "99", "1/12/2026", "十十月一日", "0月底", "下周末", "5", "2026", "🙂"],
)
def test_what_is_no_day_or_could_be_two_is_not_guessed(text):
    """Impossible, unclear and ambiguous days are None."""
    assert parse_day(text, TODAY) is None


def test_a_day_without_a_year_is_the_recent_or_the_coming_one():
    """Last week is meant as such; half a year ago is meant as next year."""
    assert date(2026, 11, 10) == parse_day("10 Nov", TODAY)
    assert date(2027, 3, 1) == parse_day("3月1日", TODAY)
    assert date(2027, 11, 10) == parse_day("10 Nov", TODAY, earliest=TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("8 weeks", date(2027, 1, 24)),
        ("+8 weeks", date(2027, 1, 24)),
        ("12周", date(2027, 2, 21)),
        ("两个星期", date(2026, 12, 13)),
        ("3 months", date(2027, 2, 28)),
        ("3个月", date(2027, 2, 28)),
        ("half a year", date(2027, 5, 29)),
        ("半年", date(2027, 5, 29)),
        ("1 year", date(2027, 11, 29)),
        ("1 day", date(2026, 11, 30)),
        ("31 Jan", date(2027, 1, 31)),
        ("6月底", date(2027, 6, 30)),
        ("15号", date(2026, 12, 15)),
        ("0 weeks", None),
        ("long", None),
    ],
)
def test_a_last_day_may_be_said_as_a_length(text, day):
    """Weeks and months count from the first day; a day without a year comes after it."""
    assert day == parse_last_day(text, date(2026, 11, 30), TODAY)


def test_weeks_end_on_the_day_before_they_begin_again():
    """One week from a Monday ends on its Sunday."""
    assert date(2026, 11, 22) == weeks_after(date(2026, 11, 16), 1)
