"""What a button carries, and the numbers that are read from it."""

from __future__ import annotations

import pytest

from bot.context import Press


@pytest.mark.parametrize(
    ("rest", "number", "page"),
    [
        ("", 0, 0),
        ("3", 3, 3),
        ("12.4", 12, 4),
        ("open.2", 0, 2),
        ("classes.", 0, 0),
        ("²", 0, 0),
        ("٣", 0, 0),
        ("-1", 0, 0),
        ("999999999", 999_999_999, 999_999_999),
        ("9999999999", 0, 0),
    ],
)
def test_numbers_of_a_button(rest, number, page):
    """An id before the dot, a page behind it; whatever no button of ours carries counts as 0."""
    press = Press("any", rest=rest)
    assert (number, page) == (press.number, press.page)


@pytest.mark.parametrize("data", ["", "log", "log:1", "log:1:2", "log:²:0:", "log:-1:0:", "log:1:9999999999999999:"])
def test_what_no_button_carries_is_no_press(data):
    """A forged or foreign text is refused as a whole."""
    assert Press.parse(data) is None


def test_a_press_is_read():
    """Verb, id, version, and whatever comes behind, colons included."""
    assert Press("log.open", 7, 2, "a:b") == Press.parse("log.open:7:2:a:b")
