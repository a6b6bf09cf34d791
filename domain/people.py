"""Who uses Shixi: a person with a language, a time zone and the roles that invitations and the roster gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from domain.words import clean_line


class Role(StrEnum):
    """What a person may be; one person can be several."""

    STUDENT = "student"
    MENTOR = "mentor"
    COORDINATOR = "coordinator"


class Language(StrEnum):
    """The languages that Shixi speaks."""

    ENGLISH = "en"
    CHINESE = "zh_Hans"

    @classmethod
    def of_telegram(cls, code: str | None) -> Language:
        """Choose from Telegram's IETF tag: any `zh…` is Chinese, everything else English."""
        return cls.CHINESE if (code or "").lower().startswith("zh") else cls.ENGLISH


def name_of(first: str, last: str | None) -> str:
    """Join Telegram's two name fields as their owner says them: 张 and 小明 are 张小明, not 小明 张.

    Marks that hide in a name, or turn the rest of a line around, are left out.
    """
    first, last = clean_line(first), clean_line(last or "")
    if not first or not last:
        return first or last
    if all(0x3400 <= ord(char) <= 0x9FFF for char in first + last):
        return last + first
    return f"{first} {last}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person is being asked: a form, what it is about, the step, and the answers so far."""

    form: str
    subject: int
    step: str
    version: int
    answers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """A Telegram user as Shixi knows them."""

    id: int
    telegram_id: int
    name: str
    language: Language
    time_zone: str
    reminder_time: time | None
    agreed_version: int
    stopped_at: datetime | None
    roles: frozenset[Role]
    suspended: bool = False
    student_id: int | None = None
    class_id: int | None = None
    draft: Draft | None = None
    keeps_all: bool = False  # whatever they send is a moment of the week, unasked
    digest_days: tuple[int, ...] = (0,)  # weekdays on which a mentor hears of all that waits; Monday is 0

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone."""
        return ZoneInfo(self.time_zone)
