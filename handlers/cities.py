"""Cities: which time zone people mean by what they type, in either language."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from domain import zones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.texts import Texts

_NOT_FOR_PEOPLE = {"Factory", "localtime", "posixrules"}


def find(typed: str, texts: Iterable[Texts]) -> list[str]:
    """Return the time zones that the words may mean: one where that is clear, several, or none."""
    known, endings = _known(tuple(texts))
    return zones.find(typed, known, endings)


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return name not in _NOT_FOR_PEOPLE


@lru_cache(maxsize=1)
def _known(texts: tuple[Texts, ...]) -> tuple[dict[str, str], list[str]]:
    data = tomllib.loads(resources.files("locales").joinpath("cities.toml").read_text(encoding="utf-8"))
    return zones.index(_names(data["zones"], texts)), data["endings"]


def _names(more: Mapping[str, list[str]], texts: tuple[Texts, ...]) -> Iterator[tuple[str, str]]:
    """Give every name of every zone, the surest first."""
    for zone, names in more.items():
        yield from ((name, zone) for name in names)
    every = sorted(available_timezones() - _NOT_FOR_PEOPLE)
    yield from ((zone, zone) for zone in every)
    cities = {zone: zone.rpartition("/")[2] for zone in every if "/" in zone and not zone.startswith("Etc/")}
    yield from ((city, zone) for zone, city in cities.items())
    for zone, city in cities.items():
        if any(zones.fold(_.city(zone)) == zones.fold(city) for _ in texts):  # else an old name of another zone
            yield from ((_.city(zone), zone) for _ in texts)
