"""A call for help: whom it reaches, how long it waits for an answer, and how often it climbs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.words import clean_line

ANSWER_WITHIN = timedelta(minutes=10)  # after which a call that nobody has taken climbs
MOST_CLIMBS = 6  # an hour: then the student is told that nobody is asked again
WORDS_LIMIT = 500  # characters of one message about a call
MOST_WORDS = 30  # messages about one call
OUTCOME_LIMIT = 300  # characters that say how it ended

_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{1,24}")
_FEWEST_DIGITS = 3


class State(StrEnum):
    """Where a call for help stands."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class StepKind(StrEnum):
    """What happened in a call for help."""

    CALLED = "called"
    WORDS = "words"
    CLIMBED = "climbed"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened in a call: when, through whom (nobody: the clock), and what was said."""

    kind: StepKind
    at: datetime
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Call:
    """A student's call for help; `account` is the number by which messengers find who called."""

    id: int
    student_id: int
    student_person: int | None
    account: int | None
    student_name: str
    student_number: str
    class_name: str
    school_id: int
    state: State
    whole_school: bool
    climbs: int
    taken_by: int | None
    created_at: datetime

    @property
    def has_climbed_out(self) -> bool:
        """Whether nobody is asked again."""
        return self.climbs >= MOST_CLIMBS


@dataclass(frozen=True, slots=True)
class Helper:
    """A coordinator of a student's school whom a call for help may reach."""

    person_id: int
    name: str
    covers: bool  # looks after the student's class
    stopped: bool  # stopped the bot in Telegram


def first_asked(helpers: list[Helper], *, whole_school: bool) -> list[Helper]:
    """Return whom a call reaches: those who look after the class, or the whole school."""
    return [one for one in helpers if whole_school or one.covers]


def phone_number(typed: str) -> str | None:
    """Read a telephone number as people write it ("021-5555 1234", "+86 (21) 55551234"); None for what is none."""
    text = clean_line(unicodedata.normalize("NFKC", typed)).translate(str.maketrans("–—−", "---"))
    digits = sum(char.isdigit() for char in text)
    return text if _NUMBER.fullmatch(text) and digits >= _FEWEST_DIGITS else None
