"""Time zones as people name them: an IANA name, a city or a country in their own language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from domain.words import key

# What is offered to press; anything else can be typed.
COMMON = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
)
SHORTEST = 2  # characters that a beginning of a name needs
MOST = 6  # zones that are offered for what several fit


def fold(name: str) -> str:
    """Return what two writings of a place have in common."""
    return key(name).replace("_", "").replace("-", "").replace("'", "")


def index(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return folded names and their zones, from pairs of (name, zone); the first of two equal names counts."""
    known: dict[str, str] = {}
    for name, zone in names:
        known.setdefault(fold(name), zone)
    return known


def find(typed: str, known: Mapping[str, str], endings: Sequence[str] = ()) -> list[str]:
    """Return the zones that the words may mean: one where they name it, several where they only begin names.

    `endings` are words that may be left off, such as "time" in "Berlin time".
    """
    wanted = fold(typed)
    for ending in ("", *map(fold, endings)):
        name = wanted.removesuffix(ending) if ending else wanted
        if name in known:
            return [known[name]]
    if len(wanted) < SHORTEST:
        return []
    begun = dict.fromkeys(zone for name, zone in sorted(known.items()) if name.startswith(wanted))
    return list(begun)[:MOST]
