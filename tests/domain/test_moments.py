"""From moments to a draft: grouped by day, whole or not at all, within the limits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.files import StoredFile
from domain.logs import SECTION_LIMIT, LogFile
from domain.moments import TEXT_LIMIT, Moment, MomentState, gather
from domain.words import clean

WEEK = date(2026, 11, 16)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(number: int, text: str = "", *, day: int = 0, hour: int = 4, files: int = 0) -> Moment:
    sent = datetime(2026, 11, 16, hour, tzinfo=UTC) + timedelta(days=day)
    return Moment(number, 1, WEEK, WEEK, SHANGHAI, text, MomentState.SAVED, sent, files, "photo" if files else "")


def photos(count: int, first: int = 1) -> list[LogFile]:
    return [LogFile(StoredFile(first + n, 1, "photo", "x", "", "", 1, None, 0), f"photo {n}") for n in range(count)]


def told(*moments: Moment, before: str = "") -> str:
    return gather(moments, {}, before, room=10, head="{:%A}: ".format).text


def test_texts_are_told_by_the_day():
    """One on a line with its day, several as a list under it, behind what is there."""
    assert "Monday: a\nTuesday:\n– b\n– c\nFriday: d" == told(
        moment(1, "a"), moment(2, "b", day=1), moment(3, "c", day=1), moment(4, "d", day=4)
    )
    assert "There.\nMonday: a" == told(moment(1, "a"), before="There.")


def test_the_day_is_the_classs_and_of_the_week():
    """An hour before midnight in London it is Tuesday in Shanghai; what came after the week has no day of it."""
    assert "Tuesday: late" == told(moment(1, "late", hour=23))
    assert "afterwards" == told(moment(1, "afterwards", day=7))
    assert "– one\n– two" == told(moment(1, "one", day=7), moment(2, "two", day=8))


def test_what_does_not_fit_stays_whole():
    """A text that is too long for what is left is passed over, a shorter one behind it goes in."""
    texts = [moment(1, "x" * TEXT_LIMIT), moment(2, "y" * 500, day=1), moment(3, "z", day=2)]
    gathered = gather(texts, {}, "", room=10, head="{:%A}: ".format)
    assert (1, 3) == gathered.used
    assert len(gathered.text) <= SECTION_LIMIT
    assert "y" not in gathered.text.replace("Monday", "").replace("Wednesday", "")


@pytest.mark.parametrize("day", range(7))
def test_the_longest_moment_fits_into_an_empty_section(day):
    """Whatever day it is of."""
    assert (1,) == gather([moment(1, "x" * TEXT_LIMIT, day=day)], {}, "", room=0, head="{:%A}: ".format).used


def test_an_album_goes_in_whole_or_stays():
    """Files are taken while there is room for all that were sent together."""
    waiting = [moment(1, files=6), moment(2, files=6), moment(3, files=4)]
    files = {1: photos(6), 2: photos(6, 10), 3: photos(4, 20)}
    gathered = gather(waiting, files, "There.", room=10, head="{:%A}: ".format)
    assert ((1, 3), 10, "There.") == (gathered.used, len(gathered.files), gathered.text)
    assert () == gather(waiting, files, "", room=3, head="{:%A}: ".format).used


@pytest.mark.parametrize("text", ["\u200b\u200b", "\u200d", "\ufe0f\u200d", "\u2800\u3164", "\u0301", " \n\u00a0"])
def test_what_cannot_be_seen_is_no_text(text):
    """Joiners, marks and blank letters alone leave nothing."""
    assert "" == clean(text)


@pytest.mark.parametrize("text", ["👩\u200d⚕️", "می\u200cخواهم", "?", "8", "한\u3164글"])
def test_joiners_stay_where_they_join(text):
    """Emoji and scripts that need them are kept as they are."""
    assert text == clean(text)
