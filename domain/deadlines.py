"""Deadlines: the weekday and time by which a week's log is due, as people type them in either language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import time

EARLIEST = 2  # Wednesday: a week runs from Monday to Sunday, and a log of it cannot be due on its first days
USUAL = ("6-20:00", "4-18:00", "6-22:00", "5-20:00")  # the codes that are offered

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_CHINESE_HOUR = re.compile(r"([一二两三四五六七八九十]{1,3})(?=[点时])")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_TIME = re.compile(
    r"(?P<part>凌晨|早上|早|上午|中午|下午|傍晚|晚上|晚|夜里)?\s*"
    r"(?<!\d)(?P<hour>\d{1,2})(?!\d)"
    r"(?:\s*(?:[:.]|点|时|h)\s*(?P<minute>\d{2}(?!\d)|半|一刻|三刻)?)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?"
)
_MINUTES = {"半": 30, "一刻": 15, "三刻": 45}
_EVENING = {"下午", "傍晚", "晚上", "晚", "夜里"}


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a log is due in its week; Monday is 0."""

    weekday: int
    at: time

    @property
    def code(self) -> str:
        """The deadline as a short ascii word, such as `6-20:00`."""
        return f"{self.weekday}-{self.at:%H:%M}"

    @property
    def possible(self) -> bool:
        """Whether the week has gone far enough by then."""
        return self.weekday >= EARLIEST


def of_code(code: str) -> Deadline:
    """Read a deadline's code."""
    weekday, _, at = code.partition("-")
    return Deadline(int(weekday), time.fromisoformat(at))


def read_deadline(text: str) -> Deadline | None:
    """Read what people type, such as "Sun 20:00", "8pm on Friday", 周日20:00, 星期五晚上八点半; None if unclear."""
    said = unicodedata.normalize("NFKC", text).casefold()
    weekdays = [_DIGITS.get(char, 7) - 1 for char in _CHINESE_WEEKDAY.findall(said)]
    rest = _CHINESE_WEEKDAY.sub(" ", said)
    for word in re.findall(r"[a-z]+", rest):
        weekdays += [i for i, name in enumerate(_WEEKDAYS) if len(word) > 2 and f"{name}s".startswith(word)]
    times = list(_TIME.finditer(_CHINESE_HOUR.sub(lambda hour: str(_number(hour.group())), rest)))
    if len(set(weekdays)) != 1 or len(times) != 1:
        return None
    at = _time(times[0])
    return Deadline(weekdays[0], at) if at else None


def _number(chinese: str) -> int:
    tens, ten, ones = chinese.rpartition("十")
    if not ten:
        return _DIGITS.get(chinese[-1], 0)
    return (_DIGITS[tens[-1]] if tens else 1) * 10 + (_DIGITS[ones[0]] if ones else 0)


def _time(match: re.Match[str]) -> time | None:
    hour, said = int(match["hour"]), match["minute"] or "0"
    minute = _MINUTES[said] if said in _MINUTES else int(said)
    half, part = (match["half"] or "")[:1], match["part"] or ""
    if half and not 1 <= hour <= 12:
        return None
    if (half == "p" or part in _EVENING or (part == "中午" and hour < 3)) and hour < 12:
        hour += 12
    elif hour == 12 and (half == "a" or part in {"凌晨", "晚", "晚上", "夜里"}):
        hour = 24 if part in _EVENING else 0
    if (hour, minute) == (24, 0):
        return time(23, 59)  # the end of that day
    return time(hour, minute) if hour < 24 and minute < 60 else None
