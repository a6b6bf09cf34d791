"""What an invariant of the database is: a name, a sentence, and the SQL that finds what breaks it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from domain.weeks import monday_of
from storage.database import Transaction

Rows: TypeAlias = Sequence[Mapping[str, Any]]
# Keeps those of the rows that break the invariant, for what no portable SQL can say.
Narrow: TypeAlias = Callable[[Transaction, Rows, "datetime | None"], Awaitable[Rows]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that holds after every transaction; `sql` returns what breaks it, in columns named after records.

    The SQL may ask for `:day`, some days before which nothing that goes on can have ended anywhere.
    """

    name: str
    sentence: str
    sql: str
    narrow: Narrow | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken invariant, with the ids of the records that break it and nothing else of them."""

    name: str
    ids: Mapping[str, int | str]

    def __str__(self) -> str:
        """Return one line, such as `log_in_its_placement: log 17`."""
        return f"{self.name}: " + ", ".join(f"{kind} {value}" for kind, value in self.ids.items())


def ids_of(row: Mapping[str, Any]) -> dict[str, int | str]:
    """Return the ids of a row: its numbers, and the words that name a kind of record; days only serve to judge."""
    return {kind: value for kind, value in dict(row).items() if isinstance(value, (int, str))}


async def no_monday(_tx: Transaction, rows: Rows, _now: datetime | None) -> Rows:
    """Keep the rows whose `day` is not a Monday."""
    return [row for row in rows if row["day"].weekday() != 0]


async def before_its_week(_tx: Transaction, rows: Rows, _now: datetime | None) -> Rows:
    """Keep the rows whose `day` is before the week of `starts_on`."""
    return [row for row in rows if row["day"] < monday_of(row["starts_on"])]
