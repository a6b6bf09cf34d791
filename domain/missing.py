"""Who has not handed in a week's log: the students who owe one, class by class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain import weeks
from domain.schools import Class


@dataclass(frozen=True, slots=True)
class Owing:
    """A student who owes a week's log; without `person_id` the student has not joined and cannot be written to."""

    placement_id: int
    student_id: int
    person_id: int | None
    name: str
    handed_in: bool
    stopped: bool  # stopped the bot in Telegram
    zone: ZoneInfo | None  # where the student reads


@dataclass(frozen=True, slots=True)
class ClassWeek:
    """A class in one of its weeks: how many students owe a log, and who has not handed it in."""

    rules: Class
    week: date
    owing: int
    missing: tuple[Owing, ...]

    @property
    def due_at(self) -> datetime:
        """When the week's logs are due."""
        return weeks.due_at(self.week, self.rules)


def class_week(rules: Class, week: date, owing: list[Owing]) -> ClassWeek:
    """Count each student once: one with two placements in the week has handed in when both logs are there."""
    late: dict[int, Owing] = {}
    for entry in owing:
        if not entry.handed_in:
            late.setdefault(entry.student_id, entry)
    return ClassWeek(rules, week, len({entry.student_id for entry in owing}), tuple(late.values()))
