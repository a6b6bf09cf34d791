"""The plot of the demo: who is there and what happened when, as the TOML files beside this module tell it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from domain.people import Language

FILES = ("school", "posts", "news", "logs_zh", "logs_en")
FIRST_TELEGRAM_ID = 5_000_000_101
LANGUAGES = {"zh": Language.CHINESE, "en": Language.ENGLISH}
TELEGRAM_CODES = {"zh": "zh-hans", "en": "en"}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with a phone."""

    name: str
    telegram_id: int
    role: str  # student, mentor, coordinator, newcomer
    code: str  # zh or en
    phone: int  # 1, 2 or 3 of those that stand side by side in this language; 0: one switch away
    about: str  # the class or the enterprise
    row: Row

    @property
    def language(self) -> Language:
        """The language in which this person reads."""
        return LANGUAGES[self.code]


@dataclass(frozen=True)
class Plot:
    """Everything that the files say."""

    told: Row

    @property
    def zone(self) -> ZoneInfo:
        """The school's time zone."""
        return ZoneInfo(self.told["zone"])

    @property
    def now(self) -> datetime:
        """When the demo begins."""
        return self.at(self.told["now"])

    def at(self, told: str) -> datetime:
        """Read `MM-DD HH:MM`, a time of the school, and return the moment (UTC)."""
        local = datetime.fromisoformat(f"{self.told['year']}-{told}").replace(tzinfo=self.zone)
        return local.astimezone(UTC)

    def day(self, told: str, years: int = 0) -> date:
        """Read `MM-DD`."""
        return date.fromisoformat(f"{self.told['year'] + years}-{told}")

    @property
    def first_day(self) -> date:
        """The first day of the placements, a Monday."""
        return self.day(self.told["first_day"])

    @property
    def last_day(self) -> date:
        """The last day of the placements."""
        return self.day(self.told["last_day"], years=1)

    def week(self, number: int) -> date:
        """Return the Monday of a week of the placements; the first is 1."""
        return self.first_day + timedelta(days=7 * (number - 1))

    def actors(self) -> list[Actor]:
        """List everybody; ids are given in the order of the files."""
        found: list[Actor] = []
        for role in ("student", "mentor", "coordinator", "newcomer"):
            for row in self.told[f"{role}s"]:
                about = str(row.get("class") or row.get("enterprise") or "")
                phone = int(row.get("phone", 0))
                telegram_id = FIRST_TELEGRAM_ID + len(found)
                found.append(Actor(row["name"], telegram_id, role, row["language"], phone, about, row))
        return found

    def label(self, actor: Actor, *, bare: bool = False) -> str:
        """Return who somebody is, as the page shows it above a phone; `bare`: only the role."""
        about = "" if bare else actor.about
        return " · ".join(part for part in (self.told["labels"][actor.code][actor.role], about) if part)


@lru_cache(maxsize=1)
def read_plot() -> Plot:
    """Read the files; lists of the same name follow each other."""
    told: Row = {}
    for name in FILES:
        text = resources.files("bot.demo").joinpath(f"{name}.toml").read_text(encoding="utf-8")
        for key, value in tomllib.loads(text).items():
            told[key] = [*told.get(key, []), *value] if isinstance(value, list) else value
    return Plot(told)
