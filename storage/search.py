"""Searching posts by words of either language. The one place that knows how the database's own search is written.

Neither SQLite nor PostgreSQL can cut Chinese into words, so the cutting is done here: a run of Chinese becomes its
pairs of neighbouring characters ("护理学" → 护理 理学 学), everything else its words in lower case. A run is looked for
as a phrase of such pairs, a word by its beginning ("nurs" finds "nursing").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.database import Transaction

# Scripts written without spaces: Han with its extensions and compatibility forms, 々〆, Hiragana and Katakana.
_UNSPACED = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|[^\W_{_UNSPACED}]+")
LONGEST = 100  # characters of a word that count; PostgreSQL keeps no longer than 2,046 bytes
MOST_RUNS = 12  # of a query; who types more does not search but tells


def _runs(text: str) -> list[tuple[bool, str]]:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    folded = unicodedata.normalize("NFKC", plain)
    return [(match["unspaced"] is not None, match[0]) for match in _RUN.finditer(folded)]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def terms(text: str) -> list[str]:
    """Return what is kept of a text for searching: its words and pairs of characters, in their order.

    The last character of a run stands alone at its end, so that a single character is found wherever it is.
    """
    kept: list[str] = []
    for unspaced, run in _runs(text):
        kept += [*_pairs(run), run[-1]] if unspaced and len(run) > 1 else [run[:LONGEST]]
    return kept


def asked_for(words: str) -> list[tuple[list[str], bool]]:
    """Return what a person looks for: phrases, each with whether only its beginning has to fit."""
    return [
        (_pairs(run) if unspaced else [run[:LONGEST]], not unspaced or len(run) == 1)
        for unspaced, run in _runs(words)[:MOST_RUNS]
    ]


@dataclass(frozen=True, slots=True)
class _Tongue:
    """How one kind of database keeps words and is asked for them; no word holds a quote or a space."""

    id: str  # the column with the post's id
    join: str  # before the posts: SQLite's planner would otherwise ask of each post whether it has the words
    value: str
    condition: str
    kept: Callable[[list[str]], str]
    joint: str  # between the words of a phrase
    quote: str
    begins: str  # behind a phrase of which the beginning has to fit
    both: str  # between phrases

    @property
    def insert(self) -> str:
        """The statement that keeps the words of a post."""
        return f"INSERT INTO posts_search ({self.id}, words) VALUES (:id, {self.value})"

    def query(self, phrases: list[tuple[list[str], bool]]) -> str:
        """Write a query in the database's own language."""
        return self.both.join(
            self.quote + self.joint.join(phrase) + self.quote + (self.begins if begins else "")
            for phrase, begins in phrases
        )


_TONGUES = {
    # https://www.sqlite.org/fts5.html#full_text_query_syntax
    "sqlite": _Tongue("rowid", "CROSS JOIN", ":words", "posts_search MATCH :asked", " ".join, " ", '"', " *", " "),
    # https://www.postgresql.org/docs/current/datatype-textsearch.html
    "postgresql": _Tongue(
        "post_id",
        "JOIN",
        "CAST(CAST(:words AS TEXT) AS TSVECTOR)",
        "posts_search.words @@ CAST(CAST(:asked AS TEXT) AS TSQUERY)",
        lambda words: " ".join(f"'{word}':{place}" for place, word in enumerate(words, 1)),
        "' <-> '",
        "'",
        ":*",
        " & ",
    ),
}


async def keep(tx: Transaction, post_id: int, *texts: str) -> None:
    """Keep what a post is found by, instead of what was kept before."""
    tongue = _TONGUES[tx.kind]
    await tx.run(f"DELETE FROM posts_search WHERE {tongue.id} = :id", id=post_id)
    await tx.run(tongue.insert, id=post_id, words=tongue.kept(terms("\n".join(texts))))


async def keep_all_anew(tx: Transaction, posts: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Keep what many posts are found by, of which nothing is kept yet."""
    tongue = _TONGUES[tx.kind]
    rows = [{"id": post_id, "words": tongue.kept(terms("\n".join(texts)))} for post_id, texts in posts]
    await tx.many(tongue.insert, rows)


def matching(tx: Transaction, words: str) -> tuple[str, str, str, dict[str, Any]]:
    """Return how posts `p` with these words are selected, the newest first.

    What they are selected from, a condition, the column to sort by, and the parameters.
    """
    if not words:
        return "posts p", "", "p.id", {}
    phrases = asked_for(words)
    if not phrases:  # only signs and emoji: no post has them among its words
        return "posts p", "AND FALSE", "p.id", {}
    tongue = _TONGUES[tx.kind]
    source = f"posts_search {tongue.join} posts p ON p.id = posts_search.{tongue.id}"
    return source, f"AND {tongue.condition}", f"posts_search.{tongue.id}", {"asked": tongue.query(phrases)}


@asynccontextmanager
async def planned_for(tx: Transaction, words: str) -> AsyncIterator[None]:
    """Let PostgreSQL plan each search by its words: few posts are gathered by their index, many walked from the newest.

    A plan for all words alike walks a hundred thousand posts for one that is in none of them.
    """
    asks = tx.kind == "postgresql" and bool(words)
    if asks:
        await tx.all("SELECT set_config('plan_cache_mode', 'force_custom_plan', FALSE)")
    try:
        yield
    finally:
        if asks:
            await tx.all("SELECT set_config('plan_cache_mode', 'auto', FALSE)")
