"""The weeks of a student: open ones with their deadlines, handed in ones with who has them, one press each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.send import Button, Message
from bot.texts import N_, join
from domain import weeks
from domain.logs import LogState
from handlers import dates
from handlers.buttons import button, home, pager
from handlers.log_card import STATES
from storage import logs, placements

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from markupsafe import Markup

    from bot.context import View
    from bot.texts import Texts
    from domain.logs import Log
    from domain.placements import Placement

SIGNS = {
    None: "▫️",
    LogState.DRAFT: "📝",
    LogState.SUBMITTED: "📨",
    LogState.APPROVED: "✅",
    LogState.NEEDS_INFO: "💬",
    LogState.RETURNED: "↩️",
}
SCHOOL = "🏫"  # it waits for the school, which has the last word
SHOWN = 8  # weeks on a page


def sign_of(state: LogState | None, with_school: bool) -> str:  # noqa: FBT001
    """Return the sign of a week for whoever mentors it."""
    return SCHOOL if state is LogState.SUBMITTED and with_school else SIGNS[state]


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a placement that has begun, with its log if there is one; `owed` where one is asked for."""

    placement: Placement
    monday: date
    log: Log | None
    owed: bool

    @property
    def state(self) -> LogState | None:
        """Where the log is; None where nothing was begun."""
        return self.log.state if self.log else None

    @property
    def is_open(self) -> bool:
        """Whether the week is owed and was never handed in."""
        return self.owed and self.state in {None, LogState.DRAFT}

    def name(self, _: Texts) -> Markup:
        """Return its number and days."""
        return dates.week_name(_, weeks.number(self.placement.starts_on, self.monday), self.monday)


async def weeks_card(view: View) -> Message | None:
    """Draw the weeks of every placement that still takes logs, the newest first, one press each."""
    _, placed = view.texts, await placements.of_person(view.tx, view.person.id)
    taking = [p for p in placed if p.starts_on <= weeks.local_day(view.now, p.zone) <= p.ends_on + weeks.AFTER_END]
    if not taking:
        return Message(_("log.no_placement"), [[home(_)]])
    its = {(log.placement.id, log.week): log for log in await logs.of_person(view.tx, view.person.id)}
    known: list[Week] = []
    for placement in taking:
        known += _weeks(placement, its, await placements.excused(view.tx, placement.id), view.now)
    pages = -(-len(known) // SHOWN)
    page = min(int(view.args.get("page", 0)), pages - 1)
    shown = known[page * SHOWN : (page + 1) * SHOWN]
    title = _.plural("log.weeks_open", sum(week.is_open for week in known), enterprise=taking[0].enterprise)
    text = join((title, join(_line(view, week) for week in shown)), "\n\n")
    return Message(text, [*([_button(_, week)] for week in shown), pager(_, "log.weeks", page, pages), [home(_)]])


def _weeks(
    placement: Placement, its: Mapping[tuple[int, date], Log], excused: Collection[date], now: datetime
) -> list[Week]:
    begun, starts_on, ends_on = weeks.week_of(now, placement.zone), placement.starts_on, placement.ends_on
    return [
        Week(placement, week, its.get((placement.id, week)), weeks.owed(starts_on, ends_on, week, excused))
        for week in reversed(weeks.weeks_between(starts_on, ends_on))
        if week <= begun
    ]


def _line(view: View, week: Week) -> Markup | None:
    """Say until when an open week is due, or who has a log since when; None where nothing is left to do or to wait."""
    _, log, zone = view.texts, week.log, view.person.zone
    if week.is_open:
        due_at = weeks.due_at(week.monday, week.placement.rules)
        said = _("weeks.open", sign=SIGNS[week.state], week=week.name(_), due=dates.due(_, due_at, view.now, zone))
    elif log is not None and log.state is LogState.SUBMITTED:
        at, sign = dates.at(_, log.waits_since or view.now, view.now, zone), sign_of(log.state, log.with_school)
        said = _("weeks.waits", sign=sign, week=week.name(_), name=_who(_, log), at=at)
    elif log is not None and log.is_open and log.decided_at is not None:
        at = dates.at(_, log.decided_at, view.now, zone)
        said = _("weeks.back", sign=SIGNS[log.state], week=week.name(_), state=_(STATES[log.state]), at=at)
    else:
        return None
    return _("weeks.late", line=said) if log is not None and log.is_late else said


def _who(_: Texts, log: Log) -> str:
    placement = log.placement
    name = placement.stand_in_name if placement.handed_over else placement.mentor_name
    return (not log.with_school and name) or _.plain("log.your_coordinator")


def _button(_: Texts, week: Week) -> Button:
    empty = N_("log.state.none") if week.owed else N_("log.state.not_owed")
    said = _.plain(STATES[week.state] if week.state else empty)
    label = _.plain("log.week_button", sign=SIGNS[week.state], week=week.name(_), state=said)
    return button(label, "log.open", week.placement.id, rest=week.monday.isoformat())
