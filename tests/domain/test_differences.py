"""What changed between two texts: marked as a person would mark it, complete, and bounded in what it costs."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.differences import Change, Piece, pieces, shortened

SIGN = {Change.KEPT: "{}", Change.REMOVED: "[-{}]", Change.ADDED: "[+{}]"}


def marked(before: str, after: str) -> str:
    """The pieces in one line."""
    return "".join(SIGN[piece.change].format(piece.text) for piece in pieces(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("", "", ""),
        ("Same.", "Same.", "Same."),
        ("", "New.", "[+New.]"),
        ("Gone.", "", "[-Gone.]"),
        # Latin script by words, and a word is never cut.
        ("I took blood pressure.", "I took her blood pressure twice.", "I took [+her ]blood pressure[+ twice]."),
        ("We measured 38.5 h.", "We measured 37.5 h.", "We measured [-38.5][+37.5] h."),
        # Chinese by characters.
        ("我给病人量血压。", "我给6位病人量了血压。", "我给[+6位]病人量[+了]血压。"),
        ("袖带的位置会影响读数。", "袖带的松紧会影响读数。", "袖带的[-位置][+松紧]会影响读数。"),
        # Sentences that stay are left alone, wherever new ones stand.
        ("One. Three.", "One. Two. Three.", "One.[+ Two.] Three."),
        ("第一天学习。第三天考试。", "第一天学习。第二天练习！第三天考试。", "第一天学习。[+第二天练习！]第三天考试。"),
        # What has nothing in common is no confetti of single characters.
        ("今天下雨了。", "病人的情况好了。", "[-今天下雨了。][+病人的情况好了。]"),
        ("a b c d e", "v b x y z", "[-a b c d e][+v b x y z]"),
    ],
)
def test_changes_are_marked(before, after, shown):
    """Each as somebody with a pencil would mark it."""
    assert shown == marked(before, after)


TEXT = st.text(alphabet="ab 一二了。.\n!🙂é", max_size=60)


@given(TEXT, TEXT)
def test_nothing_is_lost_or_made_up(before, after):
    """The kept and the removed are the earlier text, the kept and the added the later; neighbours differ."""
    found = pieces(before, after)
    assert before == "".join(piece.text for piece in found if piece.change is not Change.ADDED)
    assert after == "".join(piece.text for piece in found if piece.change is not Change.REMOVED)
    assert all(piece.text for piece in found)
    assert all(one.change is not other.change for one, other in pairwise(found))


@pytest.mark.parametrize("alphabet", ["啊", "ab", "ab ", "的了。", "一.二 三!"])
def test_texts_that_are_made_to_be_hard_come_whole(alphabet):
    """2,000 characters of a few signs in no order, as somebody would send to keep the bot busy."""
    dice = random.Random(7)
    before, after = ("".join(dice.choice(alphabet) for _ in range(2000)) + end for end in ("x", "y"))
    found = pieces(before, after)
    assert after == "".join(piece.text for piece in found if piece.change is not Change.REMOVED)


def test_what_was_kept_is_left_out_but_for_its_ends():
    """At the beginning and the end of the text only the side of the change stays."""
    found = (Piece(Change.KEPT, "x" * 50), Piece(Change.ADDED, "new" * 20), Piece(Change.KEPT, "y" * 50))
    assert ["…xxx", "new" * 20, "yyy…"] == [piece.text for piece in shortened(found, 3)]
    between = (Piece(Change.ADDED, "a"), Piece(Change.KEPT, "1234567890"), Piece(Change.REMOVED, "b"))
    assert ["a", "123…890", "b"] == [piece.text for piece in shortened(between, 3)]
    assert ["a", "1234567890", "b"] == [piece.text for piece in shortened(between, 5)]
