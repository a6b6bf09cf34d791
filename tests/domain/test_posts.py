"""When two posts are the same, and how one reads as a line of a list."""

from __future__ import annotations

from datetime import date

import pytest

from domain.posts import BEFORE, ApplicationState, Post, PostDetails, PostState, row_label, same_key


def post(state: PostState = PostState.OPEN, apply_by: date | None = None) -> Post:
    return Post(
        id=1,
        enterprise_id=1,
        enterprise="City Hospital",
        mentor_id=None,
        mentor="",
        is_public=False,
        details=PostDetails("Nurse", apply_by=apply_by),
        apply_url=None,
        state=state,
        version=1,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("https://a.example/1", "A", "Nurse", "X"), (" https://a.example/1 ", "B", "Cook", "Y")),
        (("HTTPS://A.example/1", "A", "Nurse", "X"), ("https://a.example/1", "A", "Nurse", "X")),
        ((None, "City Hospital", "Nurse", "Beijing"), ("", "city  hospital", "ＮＵＲＳＥ", " beijing")),
        ((None, "市第一医院", "护理 实习生", ""), (None, "市第一医院", "护理实习生", "")),
    ],
)
def test_the_same_post_is_recognised(one, other):
    """The apply_url decides, else enterprise, title and city as people compare them."""
    assert same_key(*one) == same_key(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("https://a.example/1", "A", "Nurse", "X"), ("https://a.example/2", "A", "Nurse", "X")),
        (("https://a.example/Job", "A", "Nurse", "X"), ("https://a.example/job", "A", "Nurse", "X")),
        (("https://a.example/1", "A", "Nurse", "X"), (None, "A", "Nurse", "X")),
        ((None, "A", "Nurse", "X"), (None, "A", "Nurse", "Y")),
        ((None, "AB", "C", "X"), (None, "A", "BC", "X")),
        (("http://[broken", "A", "Nurse", "X"), (None, "A", "Nurse", "X")),
    ],
)
def test_different_posts_are_told_apart(one, other):
    """Another URL, city or boundary between the names is another post."""
    assert same_key(*one) != same_key(*other)


def test_a_post_is_open_up_to_and_on_its_last_day():
    """The day of apply_by still counts, the one after does not, and a closed post never does."""
    last = date(2026, 11, 20)
    assert post(apply_by=last).is_open(last)
    assert not post(apply_by=last).is_open(date(2026, 11, 21))
    assert not post(PostState.CLOSED).is_open(last)


def test_a_row_leaves_out_what_is_not_known():
    """Missing parts leave no separators behind, and a long title leaves room for city and pay."""
    assert "Nurse · ¥3000" == row_label("Nurse", "", "¥3000")
    assert "护理实习生 · 北京 · 3000元/月" == row_label("护理实习生", "北京", "3000元/月")
    long = row_label("x" * 200, "y" * 200, "z" * 200)
    assert 3 == long.count("…")
    assert len(long) < 60


def test_every_state_but_the_first_is_reached_from_somewhere():
    """An application can come into each state, and into none from one that is final."""
    assert set(ApplicationState) - {ApplicationState.SENT} == set(BEFORE)
    final = {
        ApplicationState.DECLINED,
        ApplicationState.WITHDRAWN,
        ApplicationState.CONFIRMED,
        ApplicationState.REFUSED,
    }
    assert not final & {state for before in BEFORE.values() for state in before}
