"""Schools, classes with their rules for the week, and enterprises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class School:
    """A vocational school."""

    id: int
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Class:
    """A class: its time zone decides about its weeks, `due_weekday` (Monday is 0) and `due_time` about lateness."""

    id: int
    school_id: int
    name: str
    specialty: str
    time_zone: str
    due_weekday: int = 6
    due_time: time = time(20)
    photos_allowed: bool = True
    answer_days: int = 3  # without an answer, after which a log is asked about
    second_stage: bool = False  # what a mentor approves goes on to the school

    @property
    def zone(self) -> ZoneInfo:
        """The class's time zone."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A partner enterprise."""

    id: int
    name: str
    city: str = ""
