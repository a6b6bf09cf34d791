"""Searching: both languages, by whole words and beginnings, and nothing that is typed is a syntax error."""

from __future__ import annotations

import pytest

from storage import search

TEXTS = (
    "护理实习生 北京 市第一医院 跟着带教老师测血压",
    "Frontend Software Engineer Intern, San Jose, TikTok",
    "Nursing assistant · Café Zürich · C++ <b>AI工程师</b> 🩺",
    "مساعد تمريض القاهرة",
)


@pytest.fixture
async def posts(database):
    async def fill(tx):
        for number, text in enumerate(TEXTS, 1):
            await search.keep(tx, number, text)

    await database.transaction(fill)
    return database


async def found(database, words):
    async def look(tx):
        source, matches, order, asked = search.matching(tx, words)
        ids = "SELECT 1 AS id UNION SELECT 2 UNION SELECT 3 UNION SELECT 4"
        sql = f"WITH posts AS ({ids}) SELECT p.id FROM {source} WHERE TRUE {matches} ORDER BY {order} DESC"
        return await tx.all(sql, **asked)

    return [row["id"] for row in await database.read(look)]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("", [4, 3, 2, 1]),
        ("护理", [1]),
        ("血压", [1]),
        ("护", [1]),
        ("生", [1]),
        ("师", [3, 1]),
        ("工程师", [3]),
        ("护理 北京", [1]),
        ("北京护理", []),
        ("理护", []),
        ("nurs", [3]),
        ("NURSING", [3]),
        ("engineer intern", [2]),
        ("cafe zurich", [3]),
        ("ＡＩ", [3]),
        ("ai工程", [3]),
        ("تمريض", [4]),
        ("🩺", []),
        ("…", []),
    ],
)
async def test_words_find_their_posts(posts, words, ids):
    """Pairs of Chinese characters, single ones, beginnings of words, any case and width; all words must be there."""
    assert ids == await found(posts, words)


@pytest.mark.parametrize(
    "words",
    [
        '"', '""', "'", "nurse AND", "OR", "NOT nurse", "NEAR(a b)", "a*", "*", "(", ")", "words:nurse", "-nurse",
        "^nurse", "a + b", "{a b}:c", "\\", "%", "nurse; DROP TABLE posts", '护"理', "护理*", "\u200b", "x" * 4000,
        "护" * 4000, "a b " * 500,
    ],
)  # fmt: skip
async def test_no_input_is_a_syntax_error(posts, words):
    """Operators, quotes and very long inputs are words like any other."""
    assert isinstance(await found(posts, words), list)


async def test_what_is_kept_again_replaces_what_was_kept(posts):
    """A changed post is found by its new words only."""
    await posts.transaction(lambda tx: search.keep(tx, 1, "厨师"))
    assert [1] == await found(posts, "厨师")
    assert [] == await found(posts, "护理")
