"""The hours of a week as they are asked for and read: one number in one press, or day by day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.texts import join
from domain.hours import FRIDAY, SUNDAY, WEEK_LIMIT, days_in
from handlers.buttons import button

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.send import Button
    from bot.texts import Texts
    from domain.logs import Log

HOURS, DAY = "hours", "day."  # the step that asks for the week's, and what comes before the weekday that is asked for
QUICK_HOURS = (40, 38, 35, 32, 24, 16)
_QUICK_OF_DAY = (0, 4, 6, 7, 7.5, 8, 9, 10)
_ROW = 4


def day_of(step: str) -> int | None:
    """Return the weekday whose hours a step asks for (Monday is 0)."""
    number = step.removeprefix(DAY)
    return int(number) if step != number and number in set("0123456") else None


def is_asked(step: str) -> bool:
    """Whether a step asks for hours."""
    return step == HOURS or day_of(step) is not None


def in_week(log: Log) -> range:
    """Return the weekdays of a log's week that are in its placement."""
    return days_in(log.placement.starts_on, log.placement.ends_on, log.week)


def line(_: Texts, log: Log) -> Markup | None:
    """Return the hours as everybody reads them: the sum, and the days on which there were any."""
    if log.hours is None:
        return None
    worked = [(number, hours) for number, hours in enumerate(log.days) if hours]
    if not worked:
        return _("log.hours", hours=_.number(log.hours))
    days = " · ".join(f"{_short(_, log, number)} {_.number(hours)}" for number, hours in worked)
    return _("log.hours_of_days", hours=_.number(log.hours), days=days)


def question(_: Texts, log: Log, step: str) -> Markup:
    """Ask for the hours of the week, or of one day of it."""
    number = day_of(step)
    if number is None:
        return _("log.ask.hours", limit=int(WEEK_LIMIT))
    day = log.week + timedelta(days=number)
    return join((_("hours.ask", weekday=_.weekday(day), day=_.day(day)), _("hours.how")))


def buttons(_: Texts, log: Log, step: str) -> list[list[Button]]:
    """Return what can be pressed: quick numbers, the same for the days that follow, other days."""
    number = day_of(step)
    if number is None:
        picks = [button(_.plain("log.pick_hours", hours=h), "log.hours", log.id, rest=h) for h in QUICK_HOURS]
        by_day = button(_.plain("hours.by_day"), "log.ask", log.id, rest=f"{DAY}{in_week(log)[0]}")
        return [picks[:3], picks[3:], [by_day]]
    picks = [button(_.number(h), "log.day", log.id, rest=f"{number}/{h}/{number}") for h in _QUICK_OF_DAY]
    rows = [picks[start : start + _ROW] for start in range(0, len(picks), _ROW)]
    rows.append(_same(_, log, number))
    others = [_other(_, log, other) for other in in_week(log) if other != number]
    rows += [others[start : start + _ROW] for start in range(0, len(others), _ROW)]
    return [*rows, [button(_.plain("hours.total"), "log.ask", log.id, rest=HOURS)]]


def _same(_: Texts, log: Log, number: int) -> list[Button]:
    """Offer the hours of the day before for all days up to the end of the workdays, or of the week."""
    before = log.days[number - 1] if log.days and number else None
    if not before:
        return []
    last = in_week(log)[-1]
    ends = sorted({min(end, last) for end in (FRIDAY, SUNDAY) if min(end, last) >= number})
    hours = _.number(before)
    return [
        button(
            _.plain("hours.same", hours=hours, day=_short(_, log, end)),
            "log.day",
            log.id,
            rest=f"{number}/{before}/{end}",
        )
        for end in ends
    ]


def _other(_: Texts, log: Log, number: int) -> Button:
    known = log.days[number] if log.days else None
    name = _short(_, log, number)
    label = name if known is None else f"{name} {_.number(known)}"
    return button(label, "log.ask", log.id, rest=f"{DAY}{number}")


def _short(_: Texts, log: Log, number: int) -> str:
    return _.short_weekday(log.week + timedelta(days=number))
