"""The weekly log: its sections and limits, its states, and what may happen to it in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from domain import receipts, weeks
from domain.files import StoredFile
from domain.hours import Days
from domain.placements import Placement

if TYPE_CHECKING:
    from domain.templates import Template

SECTION_LIMIT = 2000  # characters
LOG_LIMIT = 8000  # of all sections but the answer
FILES_LIMIT = 10


class Section(StrEnum):
    """What a log is made of, in the order in which it is read.

    `EXTRA1` to `EXTRA3` answer the class's own questions, whose words are in the log's template. `ANSWER` only exists
    after the mentor asked for more.
    """

    DONE = "done"
    LEARNED = "learned"
    PROBLEMS = "problems"
    PLAN = "plan"
    EXTRA1 = "extra1"
    EXTRA2 = "extra2"
    EXTRA3 = "extra3"
    ANSWER = "answer"


EXTRAS = (Section.EXTRA1, Section.EXTRA2, Section.EXTRA3)
# Whatever a student may write of a week; a template says which of it is asked.
WRITTEN = (Section.DONE, Section.LEARNED, Section.PROBLEMS, Section.PLAN, *EXTRAS)


class LogState(StrEnum):
    """Where a log is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    NEEDS_INFO = "needs_info"
    RETURNED = "returned"


# States in which the student writes: all sections, or only the answer to the mentor's question.
OPEN_STATES = frozenset({LogState.DRAFT, LogState.RETURNED, LogState.NEEDS_INFO})
_ANSWER_ALONE: Mapping[Section, int] = {Section.ANSWER: 1}


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file of a log with what the student wrote under it."""

    file: StoredFile
    caption: str


@dataclass(frozen=True, slots=True)
class Lack:
    """What must be there before a log can be handed in: so many more characters of a section, or photos for None."""

    section: Section | None
    more: int


@dataclass(frozen=True, slots=True)
class Log:
    """A week's log as it is now, with the template with which it was begun. Times are UTC."""

    id: int
    placement: Placement
    week: date
    state: LogState
    hours: float | None
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    decided_at: datetime | None
    version: int
    template: Template
    sections: Mapping[Section, str] = field(default_factory=dict)
    files: tuple[LogFile, ...] = ()
    moments: int = 0  # kept for its week and not in it yet
    nudged_at: datetime | None = None  # the mentor was reminded of this submission
    escalated_at: datetime | None = None  # the coordinators heard of this submission
    days: Days = ()  # the hours day by day, where the student said so
    asked: bool = False  # help was asked for in its week
    late_reason: str = ""  # as `domain.lateness` has it; "" where none was given
    school_since: datetime | None = None  # since when it is the school's to answer; until then it is the mentor's

    @property
    def number(self) -> int:
        """The placement's number of the week."""
        return weeks.number(self.placement.starts_on, self.week)

    @property
    def receipt(self) -> str:
        """The number by which people name the log."""
        return receipts.number_of(self.id)

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

    def comes_late(self, now: datetime) -> bool:
        """Whether it is late, or would be if it were handed in now."""
        return weeks.is_late(self.first_submitted_at or now, self.week, self.placement.rules)

    @property
    def with_school(self) -> bool:
        """Whether it is at its second stage, for good: what the school gives back comes to the school again."""
        return self.school_since is not None

    @property
    def waits_since(self) -> datetime | None:
        """Since when whoever answers it has had it; None where it was never handed in."""
        return self.school_since or self.submitted_at

    @property
    def is_open(self) -> bool:
        """Whether the student can write in it."""
        return self.state in OPEN_STATES

    @property
    def open_sections(self) -> tuple[Section, ...]:
        """The sections that the student can write in, in order."""
        return tuple(self.leasts) if self.is_open else ()

    @property
    def length(self) -> int:
        """Characters in all sections."""
        return sum(map(len, self.sections.values()))

    @property
    def photos(self) -> int:
        """How many of its files are pictures."""
        return sum(entry.file.is_picture for entry in self.files)

    @property
    def photos_lacking(self) -> int:
        """How many more pictures it needs; none where the class takes none, or only a question is to be answered."""
        if not self.template.photos or not self.placement.rules.photos_allowed or self.state is LogState.NEEDS_INFO:
            return 0
        return max(self.template.photos - self.photos, 0)

    @property
    def leasts(self) -> Mapping[Section, int]:
        """The sections to be written, with how many characters each needs at least; 0 for what may be left out."""
        return _ANSWER_ALONE if self.state is LogState.NEEDS_INFO else self.template.leasts

    def room(self, section: Section) -> int:
        """Return how many characters a section may have beside the others."""
        if section is Section.ANSWER:
            return SECTION_LIMIT
        others = sum(len(text) for its, text in self.sections.items() if its not in {section, Section.ANSWER})
        return max(min(SECTION_LIMIT, LOG_LIMIT - others), 0)

    def lacks(self) -> tuple[Lack, ...]:
        """Return what must be there before submission and is not, in the order of the sections; photos come last."""
        lacking = [
            Lack(section, least - len(self.sections.get(section, "")))
            for section, least in self.leasts.items()
            if least and len(self.sections.get(section, "")) < least
        ]
        if self.photos_lacking:
            lacking.append(Lack(None, self.photos_lacking))
        return tuple(lacking)

    def next_section(self, after: Section | None = None) -> Section | None:
        """Return the first open section without text, looking behind `after` first; None where all are written."""
        order = self.open_sections
        start = order.index(after) + 1 if after in order else 0
        return next((s for s in (*order[start:], *order[:start]) if not self.sections.get(s)), None)

    def content(self) -> dict[str, Any]:
        """Return what a revision keeps: sections, hours, those of the days if known, ids and captions of files."""
        return {
            "sections": {section.value: text for section, text in self.sections.items()},
            "hours": self.hours,
            **({"days": self.days} if self.days else {}),
            "files": [[entry.file.id, entry.caption] for entry in self.files],
        }


class Decision(StrEnum):
    """What a reviewer decides."""

    APPROVED = "approved"
    PASSED = "passed"  # approved by the mentor, and passed on to the school
    NEEDS_INFO = "needs_info"
    RETURNED = "returned"
    REOPENED = "reopened"


APPROVING = frozenset({Decision.APPROVED, Decision.PASSED})
NEEDS_REASON = frozenset({Decision.NEEDS_INFO, Decision.RETURNED, Decision.REOPENED})


@dataclass(frozen=True, slots=True)
class Review:
    """A decision with the reviewer's words; `revision` is the number of the submission that it answers.

    An approval may have stars, and the hours that the student wrote, confirmed. `language` is that in which the
    reviewer read the ready words; empty where nobody knows.
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
    language: str = ""


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
