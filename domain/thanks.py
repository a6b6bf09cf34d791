"""Thanks: for how many weeks in a row everybody had an answer in time. It is only ever said, never said to be over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

LOOKED_AT = timedelta(weeks=26)  # the longest placement that is usual
FEWEST = 2  # weeks: one is no row
ALONE = 4  # every so many weeks it is said although nothing waits


@dataclass(frozen=True, slots=True)
class Week:
    """What a mentor was handed in of one week.

    `missed` where the class's term was over before somebody had an answer, `waits` where somebody has none yet, `own`
    where the mentor answered at least one of them.
    """

    monday: date
    missed: bool
    waits: bool
    own: bool


def in_time(weeks: Iterable[Week]) -> list[date]:
    """Return the weeks of the row that holds, the newest first.

    A week that is still open, of which nothing came, or that others answered neither counts nor ends it.
    """
    row: list[date] = []
    for week in sorted(weeks, key=lambda week: week.monday, reverse=True):
        if week.missed:
            break
        if week.own and not week.waits:
            row.append(week.monday)
    return row
