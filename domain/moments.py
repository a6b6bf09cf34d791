"""Moments of a week: what a student sends when it happens, and how it becomes the draft of the week's log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from domain.logs import SECTION_LIMIT, LogFile
from domain.templates import USUAL, Template
from domain.weeks import local_day, monday_of

TEXT_LIMIT = 1900  # characters: with its day's name it fits into an empty section
WEEK_LIMIT = 100  # moments of a week that wait
WEEK_FILES_LIMIT = 50  # files in them


class MomentState(StrEnum):
    """Where a moment is; the value of `USED` is older than the name."""

    OFFERED = "offered"
    SAVED = "saved"
    USED = "kept"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Moment:
    """A text, or `files` files of a `kind` sent together, with what was written under them in `text`."""

    id: int
    placement_id: int
    starts_on: date
    week: date
    zone: ZoneInfo
    text: str
    state: MomentState
    created_at: datetime
    files: int = 0
    kind: str = ""
    template: Template = USUAL  # of the log of its week

    @property
    def sent_on(self) -> date:
        """The day on which it was sent, in the class's zone."""
        return local_day(self.created_at, self.zone)

    @property
    def day(self) -> date | None:
        """The day of its week; None where it was sent in a later one."""
        return self.sent_on if monday_of(self.sent_on) == self.week else None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the moments of a week make of a log: the whole section, the files that are added, the moments in it."""

    text: str
    files: tuple[LogFile, ...]
    used: tuple[int, ...]


def gather(
    waiting: Sequence[Moment],
    files: Mapping[int, Sequence[LogFile]],
    before: str,
    *,
    room: int,
    limit: int = SECTION_LIMIT,
    head: Callable[[date], str],
) -> Gathered:
    """Put texts behind what is there, under the `head` of their day, and files where there is `room` for so many.

    `limit` is the longest that the section may become. A moment goes in whole or stays: what does not fit is not among
    the used.
    """
    texts: list[Moment] = []
    taken: list[LogFile] = []
    used: list[int] = []
    for moment in waiting:
        its = files.get(moment.id, ())
        if its and len(taken) + len(its) <= room:
            taken += its
        elif not its and len(_behind(before, [*texts, moment], head)) <= limit:
            texts.append(moment)
        else:
            continue
        used.append(moment.id)
    return Gathered(_behind(before, texts, head), tuple(taken), tuple(used))


def _behind(before: str, texts: Sequence[Moment], head: Callable[[date], str]) -> str:
    lines = [before] if before else []
    for day, moments in groupby(texts, key=lambda moment: moment.day):
        of_day = [moment.text for moment in moments]
        title = head(day) if day else ""
        if len(of_day) == 1:
            lines.append(title + of_day[0])
        else:
            lines += filter(None, [title.rstrip(), *(f"– {text}" for text in of_day)])
    return "\n".join(lines)
