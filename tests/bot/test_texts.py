"""Sentences, dates and numbers as the reader says them; values are escaped exactly once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from bot.texts import Texts, all_texts, join, placeholders
from domain.people import Language

ENGLISH, CHINESE = all_texts()[Language.ENGLISH], all_texts()[Language.CHINESE]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_values_are_escaped_once():
    """What people wrote becomes text, never tags; what is a sentence already stays as it is."""
    said = ENGLISH("home.greeting", name="<b>Ann</b> & Co")
    assert "<b>&lt;b&gt;Ann&lt;/b&gt; &amp; Co</b>" in said
    assert "<b>&lt;" in ENGLISH("form.title", title=Markup(ENGLISH("form.title", title="<")))


def test_plain_sentences_are_not_escaped():
    """Buttons and toasts are no HTML."""
    assert "▶️ Continue: <R&D>" == ENGLISH.plain("home.continue", what="<R&D>")


def test_braces_in_values_are_left_alone():
    """What people write with braces is not taken for a place for values."""
    assert "{name} {0}" in ENGLISH("home.greeting", name="{name} {0}")


def test_an_unknown_id_is_an_error():
    """Nothing is said that is not in the catalogues."""
    with pytest.raises(KeyError):
        ENGLISH("no.such.id")


def test_days_in_both_languages():
    """Days, spans and weekdays read as people write them."""
    monday, sunday = date(2026, 11, 16), date(2026, 11, 22)
    assert ("16 Nov", "11月16日") == (ENGLISH.day(monday), CHINESE.day(monday))
    assert ("16 Nov 2026", "2026年11月16日") == (ENGLISH.full_day(monday), CHINESE.full_day(monday))
    assert ("16–22 Nov", "11月16日至22日") == (ENGLISH.days(monday, sunday), CHINESE.days(monday, sunday))
    assert ("Sunday", "周日") == (ENGLISH.weekday(sunday), CHINESE.weekday(sunday))


def test_spans_over_months_and_years():
    """A week over the end of a month or year names both."""
    assert "30 Nov – 6 Dec" == ENGLISH.days(date(2026, 11, 30), date(2026, 12, 6)).replace("\u2009", " ")
    assert CHINESE.days(date(2026, 12, 28), date(2027, 1, 3)).startswith("12月28日")


def test_moments_are_said_in_the_readers_zone():
    """The same moment reads differently in Shanghai and London."""
    at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert "Sunday 22 Nov, 20:00" == ENGLISH.moment(at, SHANGHAI)
    assert "Sunday 22 Nov, 12:00" == ENGLISH.moment(at, ZoneInfo("Europe/London"))
    assert "11月22日（周日）20:00" == CHINESE.moment(at, SHANGHAI)


def test_times_and_numbers():
    """Times are on the 24-hour clock, numbers have no useless zeros."""
    assert "08:05" == ENGLISH.clock(time(8, 5))
    assert "20:00" == CHINESE.clock(datetime(2026, 11, 22, 20, 0, tzinfo=SHANGHAI))
    assert ("38", "37.5", "1,234") == tuple(ENGLISH.number(value) for value in (38.0, 37.5, 1234))


def test_time_zones_are_known_by_a_city():
    """A zone is called by its city in the reader's language."""
    assert ("Shanghai", "上海") == (ENGLISH.city("Asia/Shanghai"), CHINESE.city("Asia/Shanghai"))


def test_plurals_follow_the_language():
    """One, none and many."""
    assert ["in 0 days", "in 1 day", "in 2 days"] == [ENGLISH.plain_plural("time.in_days", n) for n in range(3)]
    assert ["还有0天", "还有1天", "还有2天"] == [CHINESE.plain_plural("time.in_days", n) for n in range(3)]


def test_join_leaves_out_what_is_empty_and_escapes_the_rest():
    """Sentences are joined as they are, plain text is escaped."""
    assert "<b>a</b>\n&lt;b&gt;" == join((Markup("<b>a</b>"), None, "", Markup(), "<b>"))
    assert "" == join(())


def test_placeholders_are_found():
    """The names of values, without repetition."""
    assert frozenset({"a", "b"}) == placeholders("{a} and {b} and {a}")
    assert frozenset() == placeholders("{{no}}")


def test_catalogues_are_compiled_once():
    """The same objects serve everybody."""
    assert all_texts() is all_texts()
    assert isinstance(ENGLISH, Texts)
