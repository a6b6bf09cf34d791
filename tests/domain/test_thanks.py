"""Weeks in a row in which everybody had an answer in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.thanks import Week, in_time

FIRST = date(2026, 9, 7)


def row(said: str) -> int:
    """The length of the row: each letter is a week, the oldest first; - is one of which nothing came."""
    kinds = {
        "t": {"missed": False, "waits": False, "own": True},  # answered in time
        "m": {"missed": True, "waits": False, "own": True},
        "w": {"missed": False, "waits": True, "own": True},
        "o": {"missed": False, "waits": False, "own": False},  # by others
        "x": {"missed": True, "waits": True, "own": False},
    }
    weeks = [Week(FIRST + timedelta(weeks=n), **kinds[kind]) for n, kind in enumerate(said) if kind != "-"]
    return len(in_time(reversed(weeks)))


@pytest.mark.parametrize(
    ("said", "length"),
    [("", 0), ("t", 1), ("ttttt", 5), ("mtt", 2), ("ttm", 0), ("ttx", 0), ("tt-t", 3), ("totw", 2), ("mtwtt", 3)],
)
def test_the_row(said, length):
    """A missed week ends it; an open one, one without logs and one that others answered neither count nor end it."""
    assert length == row(said)


def test_the_newest_comes_first():
    """The first of the row is the newest week, which tells one row of so many weeks from the next."""
    weeks = [Week(FIRST + timedelta(weeks=n), missed=False, waits=False, own=True) for n in range(3)]
    assert [FIRST + timedelta(weeks=n) for n in (2, 1, 0)] == in_time(weeks)
