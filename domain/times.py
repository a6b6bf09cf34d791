"""Times of day as people type them, and the hours in which nobody is written to."""

from __future__ import annotations

import re
import unicodedata
from datetime import time

from domain.people import Role

QUIET_FROM, QUIET_UNTIL = time(22), time(8)  # of the reader's clock

# When a role is reminded unless the person chose a time: students two days before a log is due, the others of what
# waits for an answer.
USUAL = {Role.STUDENT: time(17), Role.MENTOR: time(9), Role.COORDINATOR: time(9)}

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMBER = r"\d{1,2}|[零〇一二两三四五六七八九十]{1,3}"
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}
_BEFORE_NOON = {"凌晨", "清晨", "早上", "早晨", "早", "上午", "am"}
_AFTER_NOON = {"中午", "下午", "傍晚", "晚上", "晚", "夜里", "pm"}
_PARTS = "|".join(sorted(_BEFORE_NOON | _AFTER_NOON, key=len, reverse=True))
_CLOCK = re.compile(
    rf"(?:at)?(?P<part>{_PARTS})?(?P<hour>{_NUMBER})"
    rf"(?:[:.h点时](?:(?P<quarter>半|一刻|三刻)|(?P<minute>{_NUMBER})分?|整|钟)?)?"
    r"(?P<half>am|pm)?(?:o'?clock)?"
)
_FOUR_DIGITS = re.compile(r"(\d{2})(\d{2})")


def is_quiet(at: time) -> bool:
    """Whether nobody is written to at this time of day: from 22:00 until 08:00."""
    return at >= QUIET_FROM or at < QUIET_UNTIL


def parse_time(typed: str) -> time | None:
    """Read a time of day ("17:30", "8点半", "8:30 pm", "下午五点"); None for what is none."""
    text = unicodedata.normalize("NFKC", typed).casefold()
    text = re.sub(r"\b([ap])\.\s?m\.?", r"\1m", re.sub(r"[’`]", "'", text))
    text = re.sub(r"\s+", "", text)
    if four := _FOUR_DIGITS.fullmatch(text):
        return _time(int(four[1]), int(four[2]))
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour, part = _number(found["hour"]), found["part"] or found["half"]
    minute = _QUARTERS[found["quarter"]] if found["quarter"] else _number(found["minute"] or "0")
    if part in _AFTER_NOON and 1 <= hour < 12 and not (part == "中午" and hour == 11):
        hour += 12
    elif hour == 12 and part in _BEFORE_NOON | {"晚上", "晚", "夜里"}:
        hour = 0
    return _time(hour, minute)


def _time(hour: int, minute: int) -> time | None:
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _number(written: str) -> int:
    """Read digits, or a Chinese number below a hundred."""
    if written.isdecimal():  # of any script, as people's keyboards have them
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[char]) for char in written))
    return (_digits(tens) if tens else 1) * 10 + _digits(ones)


def _digits(written: str) -> int:
    return int("".join(str(_DIGITS.get(char, 99)) for char in written) or "0")
