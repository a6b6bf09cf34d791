"""The weekly log: its sections and limits, its states, and what may happen to it in each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from domain import weeks
from domain.files import StoredFile
from domain.placements import Placement

SECTION_LIMIT = 2000  # characters
LOG_LIMIT = 8000
FILES_LIMIT = 10
HOURS_LIMIT = 100.0  # a week has 168; more than this is a slip of the finger


class Section(StrEnum):
    """What a log is made of. `ANSWER` only exists after the mentor asked for more."""

    DONE = "done"
    LEARNED = "learned"
    PROBLEMS = "problems"
    PLAN = "plan"
    ANSWER = "answer"


WRITTEN = (Section.DONE, Section.LEARNED, Section.PROBLEMS, Section.PLAN)


class LogState(StrEnum):
    """Where a log is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    NEEDS_INFO = "needs_info"
    RETURNED = "returned"


# States in which the student writes, and the sections that are open in each.
OPEN_SECTIONS: Mapping[LogState, tuple[Section, ...]] = {
    LogState.DRAFT: WRITTEN,
    LogState.RETURNED: WRITTEN,
    LogState.NEEDS_INFO: (Section.ANSWER,),
}


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file of a log with what the student wrote under it."""

    file: StoredFile
    caption: str


@dataclass(frozen=True, slots=True)
class Log:
    """A week's log as it is now. Times are UTC."""

    id: int
    placement: Placement
    week: date
    state: LogState
    hours: float | None
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    decided_at: datetime | None
    version: int
    sections: Mapping[Section, str] = field(default_factory=dict)
    files: tuple[LogFile, ...] = ()
    moments: int = 0  # kept for its week and not in it yet
    nudged_at: datetime | None = None  # the mentor was reminded of this submission
    escalated_at: datetime | None = None  # the coordinators heard of this submission

    @property
    def number(self) -> int:
        """The placement's number of the week."""
        return weeks.number(self.placement.starts_on, self.week)

    @property
    def due_at(self) -> datetime:
        """When the log is due."""
        return weeks.due_at(self.week, self.placement.rules)

    @property
    def is_late(self) -> bool:
        """Whether the first submission that was not withdrawn came late; a resubmission is never late."""
        return self.first_submitted_at is not None and weeks.is_late(
            self.first_submitted_at, self.week, self.placement.rules
        )

    @property
    def is_open(self) -> bool:
        """Whether the student can write in it."""
        return self.state in OPEN_SECTIONS

    @property
    def length(self) -> int:
        """Characters in all sections."""
        return sum(map(len, self.sections.values()))

    def lacks(self) -> tuple[Section, int] | None:
        """Return the section that must be written before submission and how many characters it needs at least."""
        if self.state is LogState.NEEDS_INFO:
            return None if self.sections.get(Section.ANSWER) else (Section.ANSWER, 1)
        least = max(self.placement.rules.min_length, 1)
        return (Section.DONE, least) if len(self.sections.get(Section.DONE, "")) < least else None

    def next_section(self, after: Section | None = None) -> Section | None:
        """Return the first open section without text, looking behind `after` first; None where all are written."""
        order = OPEN_SECTIONS.get(self.state, ())
        start = order.index(after) + 1 if after in order else 0
        return next((s for s in (*order[start:], *order[:start]) if not self.sections.get(s)), None)

    def content(self) -> dict[str, Any]:
        """Return what a revision keeps: sections, hours, ids and captions of files."""
        return {
            "sections": {section.value: text for section, text in self.sections.items()},
            "hours": self.hours,
            "files": [[entry.file.id, entry.caption] for entry in self.files],
        }


def parse_hours(text: str) -> float | None:
    """Read hours as people write them ("38", "37.5 h", "38小时"); None for what is no number from 0 to HOURS_LIMIT."""
    found = re.fullmatch(r"\s*(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|hours?|小时|个小时|时)?\s*", text, re.IGNORECASE)
    hours = float(found.group(1).replace(",", ".")) if found else -1.0
    return hours if 0 <= hours <= HOURS_LIMIT else None


class Decision(StrEnum):
    """What a reviewer decides."""

    APPROVED = "approved"
    NEEDS_INFO = "needs_info"
    RETURNED = "returned"
    REOPENED = "reopened"


NEEDS_REASON = frozenset({Decision.NEEDS_INFO, Decision.RETURNED, Decision.REOPENED})


@dataclass(frozen=True, slots=True)
class Review:
    """A decision with the reviewer's words; `revision` is the number of the submission that it answers.

    An approval may have stars, and the hours that the student wrote, confirmed.
    """

    id: int
    log_id: int
    revision: int
    reviewer_id: int
    reviewer: str
    decision: Decision
    words: str
    created_at: datetime
    stars: int | None = None
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """A submission as it was."""

    id: int
    log_id: int
    number: int
    sections: Mapping[Section, str]
    hours: float | None
    submitted_at: datetime
    withdrawn_at: datetime | None
