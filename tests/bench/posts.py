"""A hundred thousand internship posts: browsed and searched by students, and the search alone, without a bot."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from time import perf_counter

from storage import people, posts
from storage.database import Database, open_database
from tests.bench.crowd import Manner
from tests.bench.filling import Contents, student_ids
from tests.bench.hall import Hall
from tests.bench.rounds import Load, beside_rivals
from tests.bench.table import Row, percentile

POSTS = 100_000
SCRIPT = (
    ("say", "/posts"),
    ("press", "posts.page"),
    ("say", "护理"),
    ("press", "post.open"),
    ("press", "posts.page"),
    ("press", "posts.cities"),
    ("press", "posts.city"),
)
LOAD = Load(SCRIPT, Manner.ANSWERED, warm=30, at_once=400, alone=10)
WORDS = ("护理", "数控", "电商", "口腔", "物流")  # in one of ten posts, of a hundred, of a thousand, and so on
SEARCHES = 200  # of each word in a round


def run(hall: Hall) -> list[Row]:
    """Measure both on each database."""
    return [row for kind in hall.kinds for row in _on(hall, kind)]


def _on(hall: Hall, kind: str) -> list[Row]:
    url = hall.database(kind, Contents(students=LOAD.people, posts=POSTS))
    rows = beside_rivals(hall, f"posts on {kind}", url, LOAD, lambda _round: student_ids(0, LOAD.people))
    return [*rows, *asyncio.run(_searches(url, kind, hall.rounds))]


async def _searches(url: str, kind: str, rounds: int) -> list[Row]:
    database = await open_database(url)
    try:
        taken = {words: [await _search(database, words) for _ in range(rounds)] for words in WORDS}
    finally:
        await database.close()
    return [_row(f"search in storage on {kind}: {words}", samples) for words, samples in taken.items()]


async def _search(database: Database, words: str) -> Sequence[float]:
    """Return how long each first page took, in milliseconds."""
    today = datetime.now(UTC).date()
    reader = await database.read(lambda tx: people.by_telegram_id(tx, student_ids(0, 1)[0]))
    assert reader is not None
    taken = []
    for _ in range(SEARCHES):
        begun = perf_counter()
        await database.read(lambda tx: posts.listed(tx, reader.id, today=today, words=words, limit=6))
        taken.append((perf_counter() - begun) * 1000)
    return taken


def _row(name: str, rounds: Sequence[Sequence[float]]) -> Row:
    p99 = [percentile(taken, 0.99) for taken in rounds]
    every = [one for taken in rounds for one in taken]
    return Row.of(name, "ms p99", p99, p50_ms=percentile(every, 0.5), p99_ms=percentile(every, 0.99))
