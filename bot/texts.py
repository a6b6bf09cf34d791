"""The sentences: gettext catalogues compiled in memory at start, and dates and numbers as the reader says them.

This is the one place where what people wrote becomes HTML: every value put into a sentence is escaped here,
unless it is `Markup`, which only this module and joins of its results make.
"""

from __future__ import annotations

import gettext
import string
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time, get_timezone_location
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from domain.people import Language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime, time
    from zoneinfo import ZoneInfo

# The English of this project puts the day before the month, as its readers outside America do.
LOCALES = {Language.ENGLISH: "en_GB", Language.CHINESE: "zh_Hans_CN"}


CACHED = 2048  # days and numbers in words; Babel takes 10 to 60 µs for one


class CatalogueError(Exception):
    """The catalogues are not complete or do not agree; the text says where."""


def N_(msgid: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark an id that is looked up later."""
    return msgid


class Texts:
    """One language: ids to sentences, dates and numbers to words."""

    def __init__(
        self, language: Language, sentences: Mapping[str, tuple[str, ...]], form: Callable[[int], int]
    ) -> None:
        self.language = language
        self._sentences = sentences
        self._form = form
        self._locale = Locale.parse(LOCALES[language])

    def __call__(self, msgid: str, /, **values: Any) -> Markup:
        """Return a sentence with its values put in, escaped; raises `KeyError` for an unknown id."""
        return _filled(self._sentences[msgid][0], values)

    def plural(self, msgid: str, n: int, /, **values: Any) -> Markup:
        """Return the sentence for a number of things; `{n}` is that number."""
        return _filled(self._sentences[msgid][self._form(n)], {"n": n, **values})

    def plain(self, msgid: str, /, **values: Any) -> str:
        """Return a sentence for where Telegram takes no HTML: buttons, toasts, command menus."""
        return self._sentences[msgid][0].format(**values)

    def plain_plural(self, msgid: str, n: int, /, **values: Any) -> str:
        """Return `plural` for where Telegram takes no HTML."""
        return self._sentences[msgid][self._form(n)].format(n=n, **values)

    @lru_cache(maxsize=CACHED)  # noqa: B019 - there are two of these objects, for the life of the program
    def day(self, day: date) -> str:
        """Return a day without its year: "16 Nov", 11月16日."""
        return format_skeleton("MMMd", _noon(day), locale=self._locale)

    @lru_cache(maxsize=CACHED)  # noqa: B019 - there are two of these objects, for the life of the program
    def full_day(self, day: date) -> str:
        """Return a day with its year: "16 Nov 2026", 2026年11月16日."""
        return format_date(day, "medium" if self.language is Language.ENGLISH else "long", locale=self._locale)

    @lru_cache(maxsize=CACHED)  # noqa: B019 - there are two of these objects, for the life of the program
    def days(self, first: date, last: date) -> str:
        """Return a span of days: "16–22 Nov", 11月16日至22日."""
        return format_interval(_noon(first), _noon(last), "MMMd", locale=self._locale)

    @lru_cache(maxsize=CACHED)  # noqa: B019 - there are two of these objects, for the life of the program
    def weekday(self, day: date) -> str:
        """Return the name of a weekday: "Sunday", 周日."""
        return format_date(day, "EEEE" if self.language is Language.ENGLISH else "EEE", locale=self._locale)

    @lru_cache(maxsize=CACHED)  # noqa: B019 - there are two of these objects, for the life of the program
    def short_weekday(self, day: date) -> str:
        """Return the name of a weekday for where there is little room: "Sun", 周日."""
        return format_date(day, "EEE", locale=self._locale)

    def clock(self, at: time | datetime) -> str:
        """Return a time of day: "20:00"."""
        return format_time(at, "HH:mm", locale=self._locale) if hasattr(at, "year") else at.strftime("%H:%M")

    def moment(self, at: datetime, zone: ZoneInfo) -> str:
        """Return a point in time as the reader's clock shows it: "Sunday 22 Nov, 20:00"."""
        local = at.astimezone(zone)
        return self.plain("time.moment", weekday=self.weekday(local), day=self.day(local), clock=f"{local:%H:%M}")

    def city(self, zone: str) -> str:
        """Return the city that a time zone is known by: "Shanghai", 上海."""
        return get_timezone_location(zone, locale=self._locale, return_city=True)

    @lru_cache(maxsize=CACHED)  # noqa: B019 - there are two of these objects, for the life of the program
    def number(self, value: float) -> str:
        """Return a number as the reader writes it, without useless zeros."""
        return format_decimal(value, format="#,##0.#", locale=self._locale)


def _filled(sentence: str, values: Mapping[str, Any]) -> Markup:
    """Put escaped values into a sentence of ours; as `Markup.format` does, whose formatter is in Python and slow."""
    escaped = {name: escape(value) for name, value in values.items()}
    return Markup(sentence.format_map(escaped))  # noqa: S704 - the sentence is ours, the values are escaped


def _noon(day: date) -> datetime:
    from datetime import datetime as moment  # noqa: PLC0415 - shadows the name for types

    return moment(day.year, day.month, day.day, 12)  # noqa: DTZ001 - a day, in no zone


def join(lines: Iterable[str | Markup | None], by: str = "\n") -> Markup:
    """Join sentences, leaving out the empty ones; what is not `Markup` is escaped."""
    return Markup(by).join(  # noqa: S704 - a separator of ours
        line for line in lines if line is not None and line != ""
    )


def tag(name: str, *inside: str | Markup | None, **attributes: str) -> Markup:
    """Return an element of a page, with what is in it and its attributes escaped; `class_` stands for `class`."""
    said = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    return Markup(f"<{name}{said}>{join(inside, '')}</{name}>")  # noqa: S704 - the names are ours, the values are escaped


def placeholders(sentence: str) -> frozenset[str]:
    """Return the names of the values that a sentence takes."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def read_catalogue(language: Language) -> tuple[dict[str, tuple[str, ...]], str]:
    """Read a catalogue from the package: ids to their sentences (one, or one for each plural form), and the rule."""
    path = resources.files("locales").joinpath(language.value, "LC_MESSAGES", "messages.po")
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language.value, abort_invalid=True)
    sentences: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        if isinstance(message.id, str):
            if message.id:
                sentences[message.id] = (str(message.string or ""),)
        else:
            sentences[message.id[0]] = tuple(str(form) for form in message.string or ("",))
    return sentences, catalogue.plural_expr


def check_catalogues(catalogues: Mapping[Language, Mapping[str, tuple[str, ...]]]) -> None:
    """Raise `CatalogueError` where a sentence is missing, empty, or takes other values than its translation."""
    reference = catalogues[Language.ENGLISH]
    for language, sentences in catalogues.items():
        if missing := sorted(set(reference) ^ set(sentences)):
            raise CatalogueError(f"{language.value}: not in both catalogues: {', '.join(missing)}")
        for msgid, forms in sentences.items():
            wanted = frozenset().union(*map(placeholders, reference[msgid]))
            if not all(forms):
                raise CatalogueError(f"{language.value}: {msgid} is empty")
            if any(placeholders(form) | {"n"} != wanted | {"n"} for form in forms):
                raise CatalogueError(f"{language.value}: {msgid} takes other values than in English")


@lru_cache(maxsize=1)
def all_texts() -> Mapping[Language, Texts]:
    """Compile every catalogue once; raises `CatalogueError`."""
    read = {language: read_catalogue(language) for language in Language}
    check_catalogues({language: sentences for language, (sentences, _) in read.items()})
    return {language: Texts(language, sentences, gettext.c2py(rule)) for language, (sentences, rule) in read.items()}
