"""Excused weeks: a coordinator says that no log is owed (holiday, illness), or that it is after all."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from bot.context import Refused
from bot.send import Show
from bot.texts import N_
from domain import weeks
from domain.people import Role
from handlers import answers, dates
from handlers.forms import Answers, Choice, Form, Step, open_form, register_form
from handlers.place_form import record
from handlers.placement_lines import REASONS, reason_words
from storage import outbox, placements
from storage.errors import Conflict

if TYPE_CHECKING:
    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.texts import Texts
    from domain.placements import Placement
    from storage.database import Transaction

NAME = "excuse"
BACK, AHEAD = 4, 1  # weeks that are offered before and after this one
REASON_LIMIT = 120  # characters


async def _open_weeks(tx: Transaction, context: Context | View, placement: Placement) -> list[date]:
    excused = await placements.excused(tx, placement.id)
    this = weeks.week_of(context.now, placement.zone)
    return [
        week
        for week in (this + weeks.WEEK * distance for distance in range(AHEAD, -BACK - 1, -1))
        if week not in excused and weeks.days_in(placement.starts_on, placement.ends_on, week)
    ]


async def _weeks(tx: Transaction, context: Context | View, known: Answers) -> list[Choice]:
    placement = await placements.for_coordinator(tx, int(known["placement"]), context.person.id)
    return [
        Choice(week.isoformat(), str(dates.week_name(context._, weeks.number(placement.starts_on, week), week)))
        for week in await _open_weeks(tx, context, placement)
    ]


async def _reasons(_tx: Transaction, context: Context | View, _known: Answers) -> list[Choice]:
    return [Choice(code, reason_words(context._, code)) for code in REASONS]


def _take_reason(_context: Context, message: telegram.Message, _known: Answers) -> str:
    return answers.line(message, limit=REASON_LIMIT, at_least=2)


def _show_reason(_: Texts, value: Any) -> str:
    return reason_words(_, str(value))


async def choose_week(context: Context, press: Press) -> Show:
    """Ask which week is excused and why."""

    async def work(tx: Transaction) -> Show:
        placement = await placements.for_coordinator(tx, press.id, context.person.id)
        if not await _open_weeks(tx, context, placement):
            raise Refused(N_("excuse.no_week"))
        return await open_form(tx, context, EXCUSE, {"placement": placement.id}, placement.id)

    return await context.write(work)


async def _excuse(tx: Transaction, context: Context, said: Answers, placement_id: int) -> Show:
    me = context.person.id
    placement = await placements.for_coordinator(tx, placement_id, me)
    week = date.fromisoformat(said["week"])
    if week not in await _open_weeks(tx, context, placement):
        raise Conflict
    await placements.excuse(tx, placement_id, week, reason=said["reason"], created_by=me, now=context.now)
    await record(tx, context, "week_excused", placement)
    await _tell(tx, context, placement, week)
    return Show("placement", placement_id, toast=N_("excuse.done"))


async def take_back(context: Context, press: Press) -> Show:
    """Let a week be owed again."""

    async def work(tx: Transaction) -> Show:
        placement = await placements.for_coordinator(tx, press.id, context.person.id)
        excused = await placements.excused(tx, placement.id)
        week = next((week for week in excused if week.isoformat() == press.rest), None)
        if week is None:
            raise Conflict
        await placements.unexcuse(tx, placement.id, week, now=context.now)
        await record(tx, context, "week_owed_again", placement)
        await _tell(tx, context, placement, week)
        return Show("placement", placement.id, toast=N_("excuse.taken_back"))

    return await context.write(work)


async def _tell(tx: Transaction, context: Context, placement: Placement, week: date) -> None:
    if placement.student_person is not None:
        await outbox.add(
            tx,
            placement.student_person,
            "week_excused",
            placement.id,
            args={"week": week.isoformat()},
            now=context.now,
        )


async def _head(view: View) -> Markup:
    placement = await placements.for_coordinator(view.tx, view.subject, view.person.id)
    return view._("excuse.head", name=placement.student_name, enterprise=placement.enterprise)


EXCUSE = Form(
    NAME,
    N_("excuse.title"),
    (
        Step("week", N_("excuse.ask_week"), N_("excuse.week"), choices=_weeks),
        Step("reason", N_("excuse.ask_reason"), N_("excuse.reason"), _take_reason, _reasons, show=_show_reason),
    ),
    _excuse,
    done=N_("excuse.it"),
    role=Role.COORDINATOR,
    after_cancel=lambda placement_id: Show("placement", placement_id),
    head=_head,
)


def register(routes: Routes) -> None:
    """Let coordinators excuse weeks."""
    register_form(routes, EXCUSE)
    routes.button("placement.excuse", choose_week, role=Role.COORDINATOR, card="placement")
    routes.button("placement.unexcuse", take_back, role=Role.COORDINATOR, card="placement")
