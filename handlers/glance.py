"""At a glance: what waits for a person in each role, in a line or two on top of the overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain import weeks
from domain.logs import OPEN_STATES, LogState
from domain.people import Role
from handlers import dates
from handlers.away import line
from handlers.log_card import STATES
from handlers.log_weeks import SIGNS
from handlers.logs import current, week_to_open
from storage import hand_overs, logs, missing, placements, pulse, reviews, sos, students

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from markupsafe import Markup

    from bot.context import View
    from domain.placements import Placement

EARLIER = 2  # weeks that came back and wait are named, the others are found in the log


async def of_student(view: View) -> list[Markup]:
    """Say how this week's log stands, and which earlier ones came back."""
    placed = await placements.of_person(view.tx, view.person.id)
    placement = current(placed, view.now)
    if placement is None:
        return [_no_week(view, placed)]
    week = week_to_open(placement, view.now)
    back = [
        log
        for log in await logs.of_person(view.tx, view.person.id)
        if log.state in {LogState.NEEDS_INFO, LogState.RETURNED}
        and not (log.placement.id == placement.id and log.week == week)
    ]
    _ = view.texts
    earlier = [
        _("glance.week", sign=SIGNS[log.state], week=dates.log_name(_, log), state=_(STATES[log.state]))
        for log in back[:EARLIER]
    ]
    return [*earlier, await _this_week(view, placement)]


async def _this_week(view: View, placement: Placement) -> Markup:
    _, week = view.texts, week_to_open(placement, view.now)
    state = await logs.state_of_week(view.tx, placement.id, week)
    name = dates.week_name(_, weeks.number(placement.starts_on, week), week)
    free = await placements.excused(view.tx, placement.id)
    if state is None and not weeks.owed(placement.starts_on, placement.ends_on, week, free):
        return _("glance.week", sign=SIGNS[None], week=name, state=_("log.state.not_owed"))
    said = _(STATES[state]) if state else _("log.state.none")
    if state is not None and state not in OPEN_STATES:
        return _("glance.week", sign=SIGNS[state], week=name, state=said)
    due = dates.due(_, weeks.due_at(week, placement.rules), view.now, view.person.zone)
    return _("glance.week_due", sign=SIGNS[state], week=name, state=said, due=due)


def _no_week(view: View, placed: list[Placement]) -> Markup:
    _ = view.texts
    coming = [p for p in placed if p.starts_on > weeks.local_day(view.now, p.zone)]
    if coming:
        return _("glance.placement_coming", enterprise=coming[-1].enterprise, day=_.full_day(coming[-1].starts_on))
    return _("glance.placement_over") if placed else _("glance.no_placement")


async def of_coordinator(view: View) -> list[Markup]:
    """Say how many have handed in this week, and how many wait to be let in."""
    _, lines = view.texts, []
    if calls := await sos.count_open(view.tx, view.person.id):
        lines.append(_.plural("glance.sos", calls))
    if flags := await pulse.count_flags(view.tx, view.person.id):
        lines.append(_.plural("glance.flags", flags))
    classes = await missing.of_coordinator(view.tx, view.person.id, now=view.now)
    if owing := sum(its.owing for its in classes):
        lines.append(
            _.plural("glance.handed_in", owing, handed_in=owing - sum(len(its.missing) for its in classes)),
        )
    if Role.MENTOR not in view.person.roles and (waiting := await _to_review(view)):
        lines.append(_.plural("glance.to_review", waiting))
    if requests := await students.requests_of_coordinator(view.tx, view.person.id):
        lines.append(_.plural("glance.requests", len(requests)))
    return lines


async def of_mentor(view: View) -> list[Markup]:
    """Say how many logs wait for an answer, and who answers for whom."""
    _, me, waiting = view.texts, view.person.id, await _to_review(view)
    away = [line(_, its, me) for its in await hand_overs.open_of(view.tx, me)]
    return [_.plural("glance.to_review", waiting) if waiting else _("glance.nothing_to_review"), *away]


async def _to_review(view: View) -> int:
    today = weeks.local_day(view.now, view.person.zone)
    return await reviews.count_waiting(view.tx, view.person.id, today=today)


GLANCES: Mapping[Role, Callable[[View], Awaitable[list[Markup]]]] = {
    Role.STUDENT: of_student,
    Role.MENTOR: of_mentor,
    Role.COORDINATOR: of_coordinator,
}
