"""Searching posts by words of either language. The one place that knows how the database's own search is written.

Neither SQLite nor PostgreSQL can cut Chinese into words, so the cutting is done here: a run of Chinese becomes its
pairs of neighbouring characters ("护理学" → 护理 理学 学), everything else its words in lower case. A run is looked for
as a phrase of such pairs, a word by its beginning ("nurs" finds "nursing").
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.database import Transaction

# Scripts written without spaces: Han with its extensions and compatibility forms, 々〆, Hiragana and Katakana.
_UNSPACED = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|[^\W_{_UNSPACED}]+")
MOST_RUNS = 12  # of a query; who types more does not search but tells


def _runs(text: str) -> list[tuple[bool, str]]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [(match["unspaced"] is not None, match[0]) for match in _RUN.finditer(folded)]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def terms(text: str) -> str:
    """Return what is kept of a text for searching: words and pairs of characters, separated by spaces.

    The last character of a run stands alone at its end, so that a single character is found wherever it is.
    """
    kept: list[str] = []
    for unspaced, run in _runs(text):
        kept += [*_pairs(run), run[-1]] if unspaced and len(run) > 1 else [run]
    return " ".join(kept)


def query(words: str) -> str:
    """Return an FTS5 query for what a person typed; empty where there is nothing to look for.

    Each run is a quoted string, in which nothing is an operator, and runs hold neither quotes nor spaces.
    """
    parts = []
    for unspaced, run in _runs(words)[:MOST_RUNS]:
        whole = '"' + " ".join(_pairs(run) if unspaced else [run]) + '"'
        parts.append(whole if len(run) > 1 and unspaced else whole + " *")
    return " ".join(parts)


async def keep(tx: Transaction, post_id: int, *texts: str) -> None:
    """Keep what a post is found by, instead of what was kept before."""
    await tx.run("DELETE FROM posts_search WHERE rowid = :id", id=post_id)
    await tx.run(
        "INSERT INTO posts_search (rowid, words) VALUES (:id, :words)",
        id=post_id,
        words=terms("\n".join(texts)),
    )


def matching(words: str) -> tuple[str, str, str, dict[str, Any]]:
    """Return how posts `p` with these words are selected, the newest first.

    A join, a condition, the column to sort by, and the parameters.
    """
    if not words:
        return "", "", "p.id", {}
    asked = query(words)
    if not asked:  # only signs and emoji: no post has them among its words
        return "", "AND FALSE", "p.id", {}
    join = "JOIN posts_search ON posts_search.rowid = p.id"
    return join, "AND posts_search MATCH :asked", "posts_search.rowid", {"asked": asked}
