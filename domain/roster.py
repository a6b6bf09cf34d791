"""The roster: who a person says to be, and whether the school's list agrees."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from domain.words import clean_line, key

NAME_LIMIT = 60
NUMBER = re.compile(r"(?<![0-9A-Za-z])(?=[0-9A-Za-z-]*[0-9])[0-9A-Za-z][0-9A-Za-z-]{2,23}(?![0-9A-Za-z])")


class Match(StrEnum):
    """What the roster says of a name and a student number."""

    SAME = "same"
    OTHER_NAME = "other_name"
    OTHER_CLASS = "other_class"
    TAKEN = "taken"
    CLOSED = "closed"  # suspended or removed: a coordinator has to say yes
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A line of the roster; `person_id` where somebody has joined with it, `closed` where a coordinator shut it."""

    id: int
    class_id: int
    number: str
    name: str
    person_id: int | None
    closed: bool = False


def clean_number(number: str) -> str:
    """Return a student number as it is kept: full-width characters, case and spaces do not tell two apart."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", number)).upper()


def name_and_number(text: str) -> tuple[str, str] | None:
    """Read a name and a student number in either order, such as "张小明 20230115"; None where one is missing."""
    line = clean_line(text).translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    numbers = list(NUMBER.finditer(line))
    if len(numbers) != 1:
        return None
    number = numbers[0]
    around = line[: number.start()].strip("/| "), line[number.end() :].strip("/| ")
    name = re.sub(r"[,，、;；:：]+", " ", " ".join(around))
    name = clean_line(re.sub(r"(?:姓名|学号|name|student number|number)\s", "", name, flags=re.IGNORECASE))
    return (name, clean_number(number.group())) if 0 < len(name) <= NAME_LIMIT else None


def compare(line: RosterLine | None, *, class_id: int, name: str, person_id: int) -> Match:
    """Judge what a person says by the line with their number."""
    if line is None:
        return Match.UNKNOWN
    if line.person_id is not None and line.person_id != person_id:
        return Match.TAKEN
    if line.closed:
        return Match.CLOSED
    if key(line.name) != key(name):
        return Match.OTHER_NAME
    return Match.SAME if line.class_id == class_id else Match.OTHER_CLASS
