"""The cities of internship posts, to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage import search
from storage.posts import OPEN_TO

if TYPE_CHECKING:
    from datetime import date

    from storage.database import Transaction

MANY = 100  # posts of a city that are counted; a button says "99+"
NEWEST = 500  # posts with the words of a search whose cities are counted
# From one city to the next in the index, instead of through all posts.
_NAMED_CITIES = """WITH RECURSIVE named (city) AS (
    SELECT min(p.city) FROM posts p WHERE p.state = 'open'
    UNION ALL
    SELECT (SELECT min(p.city) FROM posts p WHERE p.state = 'open' AND p.city > named.city)
    FROM named WHERE named.city IS NOT NULL)"""


@dataclass(frozen=True, slots=True)
class Cities:
    """Cities with how many posts each has, most first."""

    counted: list[tuple[str, int]]
    newest_only: bool  # there are more posts than were looked at


async def listed(tx: Transaction, person_id: int, *, today: date, words: str = "") -> Cities:
    """List the cities of the open posts that are meant for this person, those with most of them first.

    Nobody counts a hundred thousand posts to choose a city: without words each city's are counted up to `MANY`, with
    words the newest `NEWEST` that have them.
    """
    source, matches, order, asked = search.matching(tx, words)
    if words:
        sql = f"""SELECT city, count(*) AS n FROM (
            SELECT p.city FROM {source} WHERE {OPEN_TO} {matches} ORDER BY {order} DESC LIMIT {NEWEST}) AS newest
            GROUP BY city"""
    else:
        sql = f"""{_NAMED_CITIES} SELECT city, (SELECT count(*) FROM (
            SELECT 1 FROM posts p WHERE p.city = named.city AND {OPEN_TO} LIMIT {MANY}) AS few) AS n
        FROM named WHERE city IS NOT NULL"""
    async with search.planned_for(tx, words):
        rows = await tx.all(sql, person=person_id, today=today, **asked)
    counted = sorted(((row["city"], row["n"]) for row in rows if row["city"] and row["n"]), key=_most_first)
    return Cities(counted, newest_only=bool(words) and sum(row["n"] for row in rows) == NEWEST)


async def names(tx: Transaction) -> list[str]:
    """List the cities of all open posts, whoever they are meant for: to know a city again, not to show it."""
    rows = await tx.all(f"{_NAMED_CITIES} SELECT city FROM named WHERE city <> ''")
    return [row["city"] for row in rows]


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]
