"""Headings of imported files: which column each one means, in English or Chinese, as `columns.toml` lists them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources

from domain.people import Language
from domain.words import clean_line, key

_LISTED = {Language.ENGLISH: "en", Language.CHINESE: "zh"}
_REMARK = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]\W*$")
_BETWEEN = re.compile(r"[_-]")
_AROUND = re.compile(r"^\W+|\W+$")


class Subject(StrEnum):
    """What a file is about."""

    STUDENTS = "students"
    PLACEMENTS = "placements"
    POSTS = "posts"


class TwoColumns(Exception):
    """Two headings mean the same column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is known, under the name the program uses."""

    name: str
    required: bool
    called: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a subject, and the headings that mean them."""

    by_name: Mapping[str, Column]
    by_heading: Mapping[str, str]

    def read(self, headings: Sequence[str]) -> Header:
        """Recognise a line of headings; raises `TwoColumns(name, first heading, second heading)`."""
        places: dict[str, int] = {}
        ignored: list[str] = []
        for place, heading in enumerate(headings):
            name = self.by_heading.get(heading_key(heading))
            if name is None:
                ignored += [clean_line(heading)] if heading.strip() else []
            elif name in places:
                raise TwoColumns(name, headings[places[name]], heading)
            else:
                places[name] = place
        missing = [column for column in self.by_name.values() if column.required and column.name not in places]
        return Header(places, tuple(ignored), tuple(missing), {n: clean_line(headings[i]) for n, i in places.items()})

    def known(self, headings: Sequence[str]) -> int:
        """Count the columns that a line of headings names."""
        return len({self.by_heading.get(heading_key(heading)) for heading in headings} - {None})


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised line of headings: the place of each column and how the file calls it."""

    places: Mapping[str, int]
    ignored: tuple[str, ...]
    missing: tuple[Column, ...]
    written: Mapping[str, str]

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """Return the cells of a row by column; a short row has nothing in the rest."""
        return {name: row[place] if place < len(row) else "" for name, place in self.places.items()}


def heading_key(heading: str) -> str:
    """Return what two writings of a heading have in common."""
    text = _BETWEEN.sub("", key(clean_line(heading)))
    return _AROUND.sub("", _REMARK.sub("", text) or text)


@lru_cache(maxsize=len(Subject))
def columns_of(subject: Subject) -> Columns:
    """Read the columns of a subject from the package."""
    listed = tomllib.loads(resources.files("bot").joinpath("columns.toml").read_text(encoding="utf-8"))[subject.value]
    by_name: dict[str, Column] = {}
    by_heading: dict[str, str] = {}
    for name, entry in listed.items():
        called = {language: entry[short][0] for language, short in _LISTED.items()}
        by_name[name] = Column(name, entry.get("required", False), called)
        by_heading |= {heading_key(heading): name for short in _LISTED.values() for heading in entry[short]}
    return Columns(by_name, by_heading)
