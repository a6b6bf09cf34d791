"""Questions: what a student needs help with now. It goes to the mentor at once, and the answer back at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain import weeks
from domain.placements import Placement
from domain.reviews import CODE

MOST = 3  # in a week, so that each is read
TELL_AFTER = timedelta(days=1)  # without an answer the coordinators can be asked too
ANSWER_LIMIT = 1000  # characters
# Ready answers are kept by their codes, so that each reader reads them in their own language.
READY = ("show", "tomorrow", "wait")


class State(StrEnum):
    """Whether a question has its answer."""

    OPEN = "open"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a student's week. Times are UTC."""

    id: int
    placement: Placement
    week: date
    text: str
    state: State
    answer: str
    answered_by: int | None
    answerer: str
    answered_at: datetime | None
    told_at: datetime | None
    asked_at: datetime

    @property
    def number(self) -> int:
        """The placement's number of the week."""
        return weeks.number(self.placement.starts_on, self.week)

    def can_be_told(self, now: datetime) -> bool:
        """Whether the coordinators can be asked too."""
        return self.state is State.OPEN and self.told_at is None and now >= self.asked_at + TELL_AFTER


def asked_enough(asked_at: Collection[datetime], placement: Placement, now: datetime) -> bool:
    """Whether a student has asked as often as a week has room for."""
    this_week = weeks.week_of(now, placement.zone)
    return sum(weeks.week_of(at, placement.zone) >= this_week for at in asked_at) >= MOST


def coded(answer: str) -> str | None:
    """Return the code of a ready answer; None for words that somebody wrote."""
    code = answer.removeprefix(CODE)
    return code if answer.startswith(CODE) and code in READY else None
