"""Rows of imported files: what they must hold, and what is wrong with those that do not.

Each reader takes a row as `{column: text}`, with a column left out or empty where the file has nothing, and returns a
clean record or raises `Problem`. The reader says what is wrong by an id; the words for it are chosen where it is told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from domain.days import parse_day
from domain.placements import LONGEST_DAYS
from domain.posts import MOST_PLACES, PAY_LIMIT, TASKS_LIMIT, TITLE_LIMIT, PostDetails
from domain.roster import NAME_LIMIT, NUMBER, clean_number
from domain.words import clean, clean_line

CELL_LIMIT = 4000  # characters; a longer cell is a file that is not meant for here
CLASS_LIMIT = 60
ENTERPRISE_LIMIT = 120
CITY_LIMIT = 200  # job boards put several cities into one cell
URL_LIMIT = 2000  # what browsers and proxies are sure to take

FIRST_YEAR, LAST_YEAR = 2000, 2100

Cells = Mapping[str, str]

_CLOCK = re.compile(r"(?<=\d)[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")  # a table program's midnight behind a day
_TODAYS = (date(2001, 1, 3), date(2037, 6, 19))  # days from which no date without its year reads the same


class Trouble(StrEnum):
    """What can be wrong with a row, or worth knowing about one that was taken."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    BROKEN_QUOTES = "broken_quotes"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_STUDENT_NUMBER = "not_a_student_number"
    NOT_A_DAY = "not_a_day"
    NO_YEAR = "no_year"
    NOT_A_URL = "not_a_url"
    END_BEFORE_START = "end_before_start"
    TOO_MANY_DAYS = "too_many_days"
    OTHER_LINE = "other_line"
    NO_SUCH_STUDENT = "no_such_student"
    OTHER_NAME = "other_name"
    CLOSED = "closed"
    OVERLAP = "overlap"
    REFUSED = "refused"
    # worth knowing about a row that was taken:
    NEW_CLASS = "new_class"
    NEW_ENTERPRISE = "new_enterprise"
    NO_MENTOR = "no_mentor"
    SEVERAL_MENTORS = "several_mentors"
    OTHER_MENTOR = "other_mentor"


class Problem(Exception):
    """What is wrong with a row: the trouble, the column where it lies, and values for the sentence about it."""

    def __init__(self, trouble: Trouble, column: str = "", **values: str | int | date) -> None:
        super().__init__(trouble, column, values)
        self.trouble = trouble
        self.column = column
        self.values = values


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A line for the roster."""

    class_name: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """A placement; `name` checks the number and `mentor` is a name, both may be empty."""

    number: str
    name: str
    enterprise: str
    mentor: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post; `apply_url` may be empty."""

    enterprise: str
    details: PostDetails
    apply_url: str


def read_student(cells: Cells) -> StudentRow:
    """Check a row of a roster; raises `Problem`."""
    return StudentRow(
        class_name=required(cells, "class", CLASS_LIMIT),
        number=student_number(cells, "number"),
        name=required(cells, "name", NAME_LIMIT),
    )


def read_placement(cells: Cells) -> PlacementRow:
    """Check a row of placements; raises `Problem`."""
    number = student_number(cells, "number")
    enterprise = required(cells, "enterprise", ENTERPRISE_LIMIT)
    starts_on, ends_on = required_day(cells, "start"), required_day(cells, "end")
    in_order(starts_on, ends_on)
    return PlacementRow(
        number=number,
        name=optional(cells, "name", NAME_LIMIT),
        enterprise=enterprise,
        mentor=optional(cells, "mentor", NAME_LIMIT),
        starts_on=starts_on,
        ends_on=ends_on,
    )


def read_post(cells: Cells) -> PostRow:
    """Check a row of posts; raises `Problem`."""
    enterprise, title = required(cells, "enterprise", ENTERPRISE_LIMIT), required(cells, "title", TITLE_LIMIT)
    starts_on, ends_on = optional_day(cells, "start"), optional_day(cells, "end")
    in_order(starts_on, ends_on)
    details = PostDetails(
        title=title,
        tasks=_short_enough(clean(cells.get("tasks", "")), "tasks", TASKS_LIMIT),
        city=optional(cells, "city", CITY_LIMIT),
        pay=optional(cells, "pay", PAY_LIMIT),
        places=whole_number(cells, "places", 1, MOST_PLACES),
        starts_on=starts_on,
        ends_on=ends_on,
        apply_by=optional_day(cells, "apply_by"),
    )
    return PostRow(enterprise, details, web_address(cells, "apply_url"))


def optional(cells: Cells, column: str, limit: int) -> str:
    """Return a cell as one clean line, empty where there is none."""
    return _short_enough(clean_line(cells.get(column, "")), column, limit)


def required(cells: Cells, column: str, limit: int) -> str:
    """Return a cell as one clean line that says something."""
    text = optional(cells, column, limit)
    if not text:
        raise Problem(Trouble.MISSING, column)
    return text


def _short_enough(text: str, column: str, limit: int) -> str:
    if len(text) > limit:
        raise Problem(Trouble.TOO_LONG, column, limit=limit, length=len(text))
    return text


def student_number(cells: Cells, column: str) -> str:
    """Return a student number as it is kept."""
    text = clean_number(required(cells, column, CELL_LIMIT))
    if not NUMBER.fullmatch(text):
        raise Problem(Trouble.NOT_A_STUDENT_NUMBER, column, value=text)
    return text


def whole_number(cells: Cells, column: str, lowest: int, highest: int) -> int | None:
    """Return a whole number within bounds, also from "3人"; None for an empty cell."""
    text = optional(cells, column, CELL_LIMIT)
    if not text:
        return None
    match = re.fullmatch(r"([0-9]{1,9})(?:\.0+)?\s*[人名个位]?", unicodedata.normalize("NFKC", text))
    if match is None or not lowest <= int(match[1]) <= highest:
        raise Problem(Trouble.NOT_A_NUMBER, column, value=text, lowest=lowest, highest=highest)
    return int(match[1])


def optional_day(cells: Cells, column: str) -> date | None:
    """Return a day, None for an empty cell.

    A file says the same whenever it is read, so a day must be written with its year: "12-01" or "tomorrow" is refused.
    """
    text = optional(cells, column, CELL_LIMIT)
    if not text:
        return None
    readings = {parse_day(_CLOCK.sub("", text), today) for today in _TODAYS}
    day = readings.pop()
    if readings:
        raise Problem(Trouble.NO_YEAR, column, value=text)
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Problem(Trouble.NOT_A_DAY, column, value=text)
    return day


def required_day(cells: Cells, column: str) -> date:
    """Return a day that must be there."""
    day = optional_day(cells, column)
    if day is None:
        raise Problem(Trouble.MISSING, column)
    return day


def in_order(starts_on: date | None, ends_on: date | None) -> None:
    """Refuse a period that ends before it starts, or that no internship lasts."""
    if starts_on is None or ends_on is None:
        return
    if ends_on < starts_on:
        raise Problem(Trouble.END_BEFORE_START, "end", start=starts_on, end=ends_on)
    if (ends_on - starts_on).days >= LONGEST_DAYS:
        raise Problem(Trouble.TOO_MANY_DAYS, "end", limit=LONGEST_DAYS)


def web_address(cells: Cells, column: str) -> str:
    """Return an address that a phone can open, empty for an empty cell."""
    text = optional(cells, column, URL_LIMIT)
    try:
        parts = urlsplit(text)
        good = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:  # such as a bracket that belongs to no IPv6 address
        good = False
    if text and not good:
        raise Problem(Trouble.NOT_A_URL, column, value=text)
    return text
