"""Placements: a student at an enterprise with a mentor, from a day to a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from domain.schools import Class

LONGEST_DAYS = 731


@dataclass(frozen=True, slots=True)
class Placement:
    """A placement with the names that its cards show and the rules of the student's class.

    `mentor_id` is None while no mentor is named; then the coordinator reviews.
    """

    id: int
    student_id: int
    student_person: int | None
    student_name: str
    student_number: str
    enterprise_id: int
    enterprise: str
    mentor_id: int | None
    mentor_name: str
    starts_on: date
    ends_on: date
    ended_early: bool
    end_reason: str
    version: int
    rules: Class

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that decides about the placement's weeks."""
        return self.rules.zone

    def runs_on(self, day: date) -> bool:
        """Whether a day is in the placement."""
        return self.starts_on <= day <= self.ends_on
