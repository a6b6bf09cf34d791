"""Days as people write them: 2026-12-01, 12月1日, 1 Dec, 明天, next Monday, 月底; and lengths: 12 weeks, 半年."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta

RECENT = timedelta(days=60)  # a day without a year that is no longer ago than this is meant as the past one

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s*(\d{4}))?"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?:(mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?:周|星期|礼拜)([1-7日天末]))"
_NEARBY = {
    "day before yesterday": -2,
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "day after tomorrow": 2,
    "前天": -2,
    "昨天": -1,
    "今天": 0,
    "今日": 0,
    "明天": 1,
    "明日": 1,
    "后天": 2,
    "大后天": 3,
}
_DIGITS = "〇一二三四五六七八九"
_NUMERAL = re.compile(r"[〇零两一二三四五六七八九十廿]+")
_SPANS = (
    (re.compile(r"(\d{1,3})(?:days?|天)"), "days"),
    (re.compile(r"(\d{1,3})(?:weeks?|wks?|个?(?:周|星期|礼拜))"), "weeks"),
    (re.compile(r"(\d{1,2})(?:months?|个月)"), "months"),
    (re.compile(r"(\d)(?:years?|年)"), "years"),
    (re.compile(r"半年|halfayear"), "half"),
)


def parse_day(text: str, today: date, *, earliest: date | None = None) -> date | None:
    """Read a day; None where none can be read. Without a year it is the first such day not before `earliest`.

    `earliest` is by default a little before today. A day and a month in figures are read month first, as in
    12-01, unless that is impossible; with the year at the end they must be unambiguous.
    """
    words = _plain(text)
    since = earliest or today - RECENT
    if (near := _NEARBY.get(words.removeprefix("the "))) is not None:
        return today + timedelta(days=near)
    for pattern, read in _PATTERNS:
        if match := re.fullmatch(pattern, words):
            return read(match, today, since)
    return None


def parse_last_day(text: str, first: date, today: date) -> date | None:
    """Read the last day of something that begins on `first`: a day, or a length such as "12 weeks" or 半年."""
    words = re.sub(r"[\s+]", "", _plain(text))
    for pattern, unit in _SPANS:
        if match := pattern.fullmatch(words):
            return _after(first, unit, int(match.group(1)) if match.groups() else 1)
    return parse_day(text, today, earliest=first)


def weeks_after(first: date, weeks: int) -> date:
    """Return the last day of a number of weeks that begin on `first`."""
    return first + timedelta(weeks=weeks, days=-1)


def end_of_month(day: date) -> date:
    """Return the last day of the month that a day is in."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _plain(text: str) -> str:
    words = unicodedata.normalize("NFKC", text).strip().lower().rstrip("。.!！")
    words = _NUMERAL.sub(lambda match: _number(match.group()), words)
    return re.sub(r"\s+", "" if re.search("[年月日号周期拜天]", words) else " ", words)


def _number(numeral: str) -> str:
    """Return a Chinese numeral in figures: 二十一 is 21, 二〇二六 is 2026."""
    said = numeral.replace("零", "〇").replace("两", "二").replace("廿", "二十")
    if "十" not in said:
        return "".join(str(_DIGITS.index(digit)) for digit in said)
    tens, _, ones = said.partition("十")
    if len(tens) > 1 or len(ones) > 1 or not set(tens + ones) <= set(_DIGITS):
        return numeral
    return str((_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _coming(month: int, day: int, since: date) -> date | None:
    candidates = (_date(year, month, day) for year in range(since.year, since.year + 5))  # 29 February may be far
    return next((found for found in candidates if found and found >= since), None)


_LENGTH_IN_MONTHS = {"months": 1, "half": 6, "years": 12}


def _after(first: date, unit: str, count: int) -> date | None:
    if not count:
        return None
    if unit not in _LENGTH_IN_MONTHS:
        return first + timedelta(**{unit: count}) - timedelta(days=1)
    years, month = divmod(first.month - 1 + count * _LENGTH_IN_MONTHS[unit], 12)
    following = date(first.year + years, month + 1, 1)
    return min(following + timedelta(days=first.day - 2), end_of_month(following))


def _full(match: re.Match[str], _today: date, _since: date) -> date | None:
    return _date(int(match.group(1)), int(match.group(2)), int(match.group(3)))


def _figures(match: re.Match[str], _today: date, since: date) -> date | None:
    first, second = int(match.group(1)), int(match.group(2))
    month, day = (second, first) if first > 12 >= second else (first, second)
    return _coming(month, day, since)


def _year_last(match: re.Match[str], _today: date, _since: date) -> date | None:
    first, second, year = (int(group) for group in match.groups())
    if first != second and first <= 12 and second <= 12:
        return None
    month, day = (second, first) if first > 12 else (first, second)
    return _date(year, month, day)


def _in_words(day: str, month: str, year: str | None, since: date) -> date | None:
    number = _MONTHS.index(month[:3]) + 1
    return _date(int(year), number, int(day)) if year else _coming(number, int(day), since)


def _day_month(match: re.Match[str], _today: date, since: date) -> date | None:
    return _in_words(match.group(1), match.group(2), match.group(3), since)


def _month_day(match: re.Match[str], _today: date, since: date) -> date | None:
    return _in_words(match.group(2), match.group(1), match.group(3), since)


def _last_of_month(match: re.Match[str], today: date, since: date) -> date | None:
    groups = [group for group in match.groups() if group]
    if not groups:
        return end_of_month(today)
    month = int(groups[0]) if groups[0].isdigit() else _MONTHS.index(groups[0][:3]) + 1
    if not 1 <= month <= 12:
        return None
    ends = (end_of_month(date(year, month, 1)) for year in (since.year, since.year + 1))
    return next((end for end in ends if end >= since), None)


def _day_of_a_month(match: re.Match[str], today: date, since: date) -> date | None:
    """Return the next day with this number."""
    number, start = int(match.group(1)), max(today, since)
    months = (_date(start.year + (start.month + i - 1) // 12, (start.month + i - 1) % 12 + 1, number) for i in range(3))
    return next((day for day in months if day and day >= start), None)


def _day_of_next_month(match: re.Match[str], today: date, _since: date) -> date | None:
    following = end_of_month(today) + timedelta(days=1)
    return _date(following.year, following.month, int(match.group(1)))


def _weekday(match: re.Match[str], today: date, _since: date) -> date | None:
    which, english, chinese = match.groups()
    if chinese == "末":
        return None
    wanted = _WEEKDAYS.index(english) if english else 6 if chinese in "日天7" else int(chinese) - 1
    monday = today - timedelta(days=today.weekday())
    if which in {"next ", "下", "下个"}:
        return monday + timedelta(days=7 + wanted)
    if which in {"this ", "本", "这", "这个"}:
        return monday + timedelta(days=wanted)
    return today + timedelta(days=(wanted - today.weekday()) % 7)


_PATTERNS: tuple[tuple[str, Callable[[re.Match[str], date, date], date | None]], ...] = (
    (r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})[日号]?", _full),
    (r"(\d{4})(\d{2})(\d{2})", _full),
    (r"(\d{1,2})月(\d{1,2})[日号]?", lambda match, _, since: _coming(int(match.group(1)), int(match.group(2)), since)),
    (r"(\d{1,2})\s?[-/.]\s?(\d{1,2})", _figures),
    (r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", _year_last),
    (rf"{_DAY}(?: of)?[ -]?{_MONTH}{_YEAR}", _day_month),
    (rf"{_MONTH} ?{_DAY}{_YEAR}", _month_day),
    (rf"(?:the )?end of {_MONTH}|(\d{{1,2}})月[底末]", _last_of_month),
    (r"(?:the )?end of (?:the|this) month|(?:本|这个?)?月[底末]", _last_of_month),
    (r"下个?月(\d{1,2})[日号]", _day_of_next_month),
    (r"(\d{1,2})[日号]", _day_of_a_month),
    (rf"(next |this |on |下个?|本|这个?|)?{_WEEKDAY}", _weekday),
)  # fmt: skip
