"""Whatever somebody types is read or refused: the readers of days, times, names and addresses raise on nothing."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.context import Press
from domain import days, deadlines, hours, posts, roster, times, words, zones

TODAY = date(2026, 11, 18)
# Pieces of what people write, in any order, so that a reader comes far before it meets nonsense.
PIECES = (
    *"0123456789٣८１:：./-\n,，。!'’½²é@ \u200b\u202e\x00\r\u2028\x0b\x1c\x85",
    *"年月日号点时半刻分周星期礼拜上下午晚早个一二三四五六七八九十两零〇廿底末天大后昨今明",
    *(
        "am",
        "pm",
        "h",
        "hours",
        "week",
        "weeks",
        "next ",
        "this ",
        "end of ",
        "Sunday",
        "sun",
        "Jan",
        "feb",
        "December",
    ),
    *(
        "12",
        "29",
        "30",
        "31",
        "2026",
        "9999",
        "0000",
        "of",
        "th",
        "o'clock",
        "一刻",
        "三刻",
        "月底",
        "半年",
        "凌晨",
        "中午",
    ),
    *("小时", "学号", "name ", "A1", "20230001", "http://", "https://[", "]", "Asia/", "Berlin", "time", "\r\n"),
)
typed = st.one_of(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.text(max_size=30))
READERS = {
    "day": lambda text: days.parse_day(text, TODAY),
    "last day": lambda text: days.parse_last_day(text, TODAY, TODAY),
    "time": times.parse_time,
    "deadline": deadlines.read_deadline,
    "hours": hours.parse_hours,
    "name and number": roster.name_and_number,
    "zone": lambda text: zones.find(text, {"berlin": "Europe/Berlin"}, ("time",)),
    "button": Press.parse,
    "number of a button": lambda text: (press.page, press.number) if (press := Press("x", rest=text)) else None,
    "address": posts.can_be_opened,
    "key of a post": lambda text: posts.same_key(text, text, text, text),
}


@pytest.mark.parametrize("name", READERS)
def test_nothing_that_is_typed_is_an_error(name):
    """Each reader returns what it understood, or that it understood nothing."""
    read = READERS[name]

    @settings(derandomize=True, database=None, deadline=None, max_examples=400)
    @given(typed)
    def try_it(text: str) -> None:
        assert not isinstance(read(text), (datetime, Exception))

    try_it()


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(typed)
def test_what_is_cleaned_stays_clean(text):
    """Cleaning twice changes nothing more, and a line is one line."""
    assert words.clean(text) == words.clean(words.clean(text))
    assert len(words.clean_line(text).splitlines()) <= 1
    assert "\x00" not in words.clean(text)


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_every_time_of_day_is_read_as_it_is_shown(at):
    """As a clock shows it, in figures of any script."""
    shown = f"{at:%H:%M}"
    assert at == times.parse_time(shown)
    assert at == times.parse_time(shown.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))
    assert isinstance(at, time)
