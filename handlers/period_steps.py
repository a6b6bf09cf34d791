"""The questions for a period: its first and last day, chosen from a few or typed as people write days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.context import Refused
from bot.texts import N_
from domain.days import RECENT, parse_day, parse_last_day, weeks_after
from domain.placements import LONGEST_DAYS
from domain.weeks import local_day, monday_of
from handlers import answers
from handlers.forms import Answers, Choice, Step

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, View
    from bot.texts import Texts
    from storage.database import Transaction

STARTS_ON, ENDS_ON = "starts_on", "ends_on"
_LENGTHS = (8, 12, 16, 26)  # weeks that internships usually last
_MONTHS_AHEAD = 3


def as_day(value: Any) -> date | None:
    """Return the day that an answer keeps."""
    return date.fromisoformat(value) if value else None


def show_day(_: Texts, value: Any) -> str:
    """Return how a kept day reads."""
    return _.full_day(date.fromisoformat(value))


def today(context: Context | View) -> date:
    """Return the day it is where the person is."""
    return local_day(context.now, context.person.zone)


def starts_on(*, optional: bool) -> Step:
    """Ask for the first day."""
    return Step(
        STARTS_ON,
        N_("period.ask_start"),
        N_("period.start"),
        take=_take_start,
        choices=_starts,
        optional=optional,
        show=show_day,
    )


def ends_on(*, optional: bool) -> Step:
    """Ask for the last day."""
    return Step(
        ENDS_ON,
        N_("period.ask_end"),
        N_("period.end"),
        take=_take_end,
        choices=_ends,
        optional=optional,
        show=show_day,
    )


def check_period(first: date | None, last: date | None, today: date) -> None:
    """Raise `Refused` where the last day has passed or the two days make no internship."""
    if last is not None and last < today:
        raise Refused(N_("period.past"))
    if first is None or last is None:
        return
    if last < first:
        raise Refused(N_("period.end_first"))
    if (last - first).days >= LONGEST_DAYS:
        raise Refused(N_("period.too_long"))


async def _starts(_tx: Transaction, context: Context | View, _answers: Answers) -> list[Choice]:
    monday = monday_of(today(context))
    days = [monday + timedelta(days=7), monday + timedelta(days=14)]
    month = today(context).replace(day=1)
    for _n in range(_MONTHS_AHEAD):
        month = (month + timedelta(days=32)).replace(day=1)
        days.append(month)
    return [Choice(day.isoformat(), context._.day(day)) for day in sorted(set(days))]


async def _ends(_tx: Transaction, context: Context | View, known: Answers) -> list[Choice]:
    first = as_day(known.get(STARTS_ON)) or today(context)
    lasts = {weeks: weeks_after(first, weeks) for weeks in _LENGTHS}
    return [
        Choice(last.isoformat(), context._.plain_plural("period.weeks", weeks, day=context._.day(last)))
        for weeks, last in lasts.items()
    ]


def _take_start(context: Context, message: telegram.Message, _answers: Answers) -> str:
    said = answers.line(message, limit=60)
    day = parse_day(said, today(context))
    if day is None:
        raise Refused(N_("period.day_wanted"))
    if day < today(context) - RECENT:
        raise Refused(N_("period.past"))
    return day.isoformat()


def _take_end(context: Context, message: telegram.Message, known: Answers) -> str:
    said = answers.line(message, limit=60)
    first = as_day(known.get(STARTS_ON))
    day = parse_last_day(said, first or today(context), today(context))
    if day is None:
        raise Refused(N_("period.last_day_wanted"))
    check_period(first, day, today(context))
    return day.isoformat()
