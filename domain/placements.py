"""Placements: a student at an enterprise with a mentor, from a day to a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.schools import Class

LONGEST_DAYS = 731
EARLIEST = timedelta(days=366)  # a placement may be entered that has been running for at most a year
FURTHEST = timedelta(days=731)


class PeriodTrouble(StrEnum):
    """Why two days do not make a placement."""

    LONG_AGO = "long_ago"
    FAR_AHEAD = "far_ahead"
    END_FIRST = "end_first"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Placement:
    """A placement with the names that its cards show and the rules of the student's class.

    `mentor_id` is None while no mentor is named; then the coordinator reviews. A mentor may have handed over: to who
    stands in, or to the coordinators.
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
    handed_over: bool = False
    stand_in_id: int | None = None
    stand_in_name: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that decides about the placement's weeks."""
        return self.rules.zone

    @property
    def answerer_id(self) -> int | None:
        """Who answers the logs: the mentor, or who stands in; None while that is up to the coordinators."""
        return self.stand_in_id if self.handed_over else self.mentor_id

    def runs_on(self, day: date) -> bool:
        """Whether a day is in the placement."""
        return self.starts_on <= day <= self.ends_on


def period_trouble(starts_on: date, ends_on: date | None, today: date) -> PeriodTrouble | None:
    """Say what is wrong with the days of a placement that is entered today, if anything."""
    if starts_on < today - EARLIEST:
        return PeriodTrouble.LONG_AGO
    if starts_on > today + FURTHEST:
        return PeriodTrouble.FAR_AHEAD
    if ends_on is not None and ends_on < starts_on:
        return PeriodTrouble.END_FIRST
    if ends_on is not None and (ends_on - starts_on).days >= LONGEST_DAYS:
        return PeriodTrouble.TOO_LONG
    return None


def nearest(placements: Sequence[Placement], today: date) -> Placement | None:
    """Return the placement that runs, else the next one, else the last one."""
    running = [placement for placement in placements if placement.runs_on(today)]
    coming = sorted((p for p in placements if p.starts_on > today), key=lambda p: p.starts_on)
    over = sorted((p for p in placements if p.ends_on < today), key=lambda p: p.ends_on, reverse=True)
    return next(iter([*running, *coming, *over]), None)
