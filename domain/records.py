"""What is kept about one person, as it is found: rows of each record by name, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(slots=True)
class Rows:
    """What was found: the rows that a page shows, and how many there are of each record."""

    shown: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A time at which a person asked for their records; `waiting` while they are not there yet."""

    at: datetime
    waiting: bool
