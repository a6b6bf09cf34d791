"""Time zones as people name them."""

from __future__ import annotations

from domain.zones import find, index

KNOWN = index(
    [
        ("Europe/London", "Europe/London"),
        ("London", "Europe/London"),
        ("伦敦", "Europe/London"),
        ("Port-au-Prince", "America/Port-au-Prince"),
        ("San Juan", "America/Puerto_Rico"),
        ("San Marino", "Europe/San_Marino"),
        ("London", "America/Nowhere"),
    ]
)


def test_a_name_is_found_however_it_is_written():
    """Case, spaces, underscores and hyphens do not count."""
    for typed in ("London", "london", " LONDON ", "europe/london", "伦敦"):
        assert find(typed, KNOWN) == ["Europe/London"]
    assert find("port au prince", KNOWN) == ["America/Port-au-Prince"]


def test_the_first_of_two_equal_names_counts():
    """The surest source is given first, and later ones do not replace it."""
    assert KNOWN["london"] == "Europe/London"


def test_endings_may_be_left_on():
    """ "London time" is London."""
    assert find("London time", KNOWN, ["time"]) == ["Europe/London"]


def test_a_beginning_offers_all_that_fit():
    """Where several places begin alike, all are offered; one that is alone is meant."""
    assert find("san", KNOWN) == ["America/Puerto_Rico", "Europe/San_Marino"]
    assert find("san m", KNOWN) == ["Europe/San_Marino"]


def test_too_little_finds_nothing():
    """One letter, or nothing that any name begins with, means no place."""
    assert find("s", KNOWN) == []
    assert find("", KNOWN) == []
    assert find("Atlantis", KNOWN) == []
