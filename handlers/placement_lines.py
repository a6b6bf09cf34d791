"""How a placement reads in a line or a few, and the buttons that change it; shared by the cards that show one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_, join
from domain import weeks
from handlers import dates
from handlers.buttons import button

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from markupsafe import Markup

    from bot.send import Button
    from bot.texts import Texts
    from domain.people import Person
    from domain.placements import Placement

# Reasons for an excused week are kept by these words; anything else is what somebody wrote.
REASONS = {"@holiday": N_("excuse.holiday"), "@illness": N_("excuse.illness"), "@school": N_("excuse.school")}


def period(_: Texts, placement: Placement) -> Markup:
    """Return the first and the last day."""
    return _("placement.period", first=_.full_day(placement.starts_on), last=_.full_day(placement.ends_on))


def placement_line(_: Texts, placement: Placement, today: date) -> Markup:
    """Return a placement in two lines: where and when, and with whom."""
    over = placement.ends_on < today
    said = N_("placement.line_over") if over else N_("placement.line")
    return join((_(said, enterprise=placement.enterprise, period=period(_, placement)), mentor_line(_, placement)))


def mentor_line(_: Texts, placement: Placement) -> Markup:
    """Return who guides the student."""
    if placement.mentor_id is None:
        return _("placement.no_mentor")
    return _("placement.mentor", name=placement.mentor_name)


def week_line(_: Texts, placement: Placement, today: date) -> Markup:
    """Return how far the placement is: not begun, in which week, or over."""
    if today < placement.starts_on:
        return _("placement.not_begun", day=_.full_day(placement.starts_on), weekday=_.weekday(placement.starts_on))
    if today > placement.ends_on:
        said = N_("placement.ended_early") if placement.ended_early else N_("placement.over")
        return _(said, day=_.full_day(placement.ends_on))
    last = weeks.number(placement.starts_on, placement.ends_on)
    return _("placement.running", number=weeks.number(placement.starts_on, weeks.monday_of(today)), last=last)


def excused_lines(_: Texts, placement: Placement, excused: Mapping[date, str]) -> Markup | None:
    """Return the excused weeks with their reasons; None where there are none."""
    return (
        join(
            _(
                "excuse.line",
                week=dates.week_name(_, weeks.number(placement.starts_on, week), week),
                reason=reason_words(_, reason),
            )
            for week, reason in excused.items()
        )
        if excused
        else None
    )


def reason_words(_: Texts, reason: str) -> str:
    """Return a kept reason as the reader says it."""
    return _.plain(REASONS[reason]) if reason in REASONS else reason


def first_due(placement: Placement, now: datetime) -> date | None:
    """Return the first week whose log is owed and not due yet; None where there is none."""
    return next(
        (
            week
            for week in weeks.weeks_between(placement.starts_on, placement.ends_on)
            if weeks.owed(placement.starts_on, placement.ends_on, week) and weeks.due_at(week, placement.rules) > now
        ),
        None,
    )


def next_log(_: Texts, placement: Placement, reader: Person, now: datetime) -> Markup | None:
    """Say which log comes first and until when."""
    week = first_due(placement, now)
    if week is None:
        return None
    name = dates.week_name(_, weeks.number(placement.starts_on, week), week)
    return _("placement.first_log", week=name, due=_.moment(weeks.due_at(week, placement.rules), reader.zone))


def placement_buttons(_: Texts, placement_id: int, *, begun: bool) -> list[list[Button]]:
    """Make the buttons with which a coordinator changes a placement that is not over."""
    end = _.plain("placement.end") if begun else _.plain("placement.cancel")
    return [
        [
            button(_.plain("placement.change_mentor"), "placement.mentors", placement_id),
            button(_.plain("placement.excuse"), "placement.excuse", placement_id),
        ],
        [button(end, "placement.end", placement_id)],
    ]
