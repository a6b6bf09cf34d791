"""Announcements: what a coordinator tells many people at once, to whom, and how far it has come."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.files import StoredFile

TEXT_LIMIT = 4000  # characters; the reader's card adds who it is from and stays near Telegram's 4,096
PROGRESS_EVERY = timedelta(seconds=3)  # how often the author's card changes by itself at most
PROGRESS_AFTER = timedelta(seconds=1)  # behind that, so that a change which commits a little late is in it


class Who(StrEnum):
    """The kinds of people that an announcement can be for."""

    STUDENTS = "students"
    EVERYONE = "everyone"  # the students and their mentors
    MENTORS = "mentors"
    MISSING = "missing"  # students who owe this week's log and have not handed it in
    COLLEAGUES = "colleagues"  # the coordinators of the school
    ENTERPRISE = "enterprise"  # its mentors and the students placed there


@dataclass(frozen=True, slots=True)
class Audience:
    """Who an announcement is for: always within the classes of its school that its author covers, or colleagues.

    Without `classes` all of them are meant. `enterprise` counts for `Who.ENTERPRISE` only, where it is needed.
    """

    who: Who = Who.STUDENTS
    classes: tuple[int, ...] = ()
    enterprise: int | None = None

    def dump(self) -> str:
        """Return JSON."""
        return json.dumps({"who": self.who.value, "classes": self.classes, "enterprise": self.enterprise})

    @classmethod
    def load(cls, text: str) -> Audience:
        """Read what `dump` wrote; an empty object is the default."""
        kept = json.loads(text)
        return cls(Who(kept.get("who", Who.STUDENTS)), tuple(kept.get("classes", ())), kept.get("enterprise"))

    def of(self, who: Who) -> Audience:
        """Return the audience of other people in the same classes; colleagues are of the whole school."""
        return replace(self, who=who, classes=() if who is Who.COLLEAGUES else self.classes, enterprise=None)

    def at(self, enterprise: int) -> Audience:
        """Return the people of an enterprise."""
        return Audience(Who.ENTERPRISE, (), enterprise)

    def toggle(self, class_id: int) -> Audience:
        """Take a class in, or out again; an enterprise's people and colleagues give way to the class's students."""
        who = Who.STUDENTS if self.who in {Who.ENTERPRISE, Who.COLLEAGUES} else self.who
        left = tuple(known for known in self.classes if known != class_id)
        return Audience(who, left if class_id in self.classes else (*left, class_id))


class State(StrEnum):
    """Where an announcement is; what was sent cannot be changed any more."""

    DRAFT = "draft"
    SENT = "sent"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Announcement:
    """An announcement with its author's and school's name. Times are UTC."""

    id: int
    school_id: int
    school: str
    author_id: int
    author: str
    text: str
    file: StoredFile | None
    audience: Audience
    acknowledge: bool
    state: State
    version: int
    sent_at: datetime | None
    acknowledged_at: datetime | None = None  # by the reader for whom it was read


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an announcement has come: people by what became of their copy.

    `halted` are those whom it does not reach because its author stopped the sending.
    """

    total: int
    waiting: int = 0
    sent: int = 0
    acknowledged: int = 0
    failed: int = 0
    stopped: int = 0
    halted: int = 0

    @property
    def unreached(self) -> int:
        """How many it could not be brought to."""
        return self.failed + self.stopped

    @property
    def open(self) -> int:
        """How many have it and have not acknowledged it."""
        return max(self.sent - self.acknowledged, 0)


def progress_slot(now: datetime) -> tuple[int, datetime]:
    """Return the number of the span of time that `now` is in, and when the author's card is due for it."""
    epoch = datetime.fromtimestamp(0, tz=now.tzinfo)
    slot = (now - epoch) // PROGRESS_EVERY
    return slot, epoch + PROGRESS_EVERY * (slot + 1) + PROGRESS_AFTER
