"""Changing a placement: another mentor, an earlier end, or cancelling what has not begun; all concerned are told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Message, Show
from bot.texts import N_
from domain.people import Role
from domain.weeks import local_day, monday_of
from handlers import answers
from handlers.buttons import PAGE, button, pager
from handlers.forms import Answers, Choice, Form, Step, open_form, register_form
from handlers.handover import hand_over_logs
from handlers.place_form import day_choice, record, show_day, take_day
from handlers.placement_lines import mentor_line
from storage import mentors, outbox, placements
from storage.errors import Conflict

if TYPE_CHECKING:
    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from domain.mentors import Mentor
    from domain.placements import Placement
    from storage.database import Transaction

END = "placement_end"
REASON_LIMIT = 300  # characters
NOBODY = "0"


async def _read(tx: Transaction, context: Context, press: Press) -> Placement:
    """Read a placement that is not over, for its coordinator."""
    placement = await placements.for_coordinator(tx, press.id, context.person.id)
    if placement.ends_on < local_day(context.now, placement.zone):
        raise Stale(Show("placement", placement.id))
    return placement


async def _tell(tx: Transaction, context: Context, person_id: int | None, card: str, placement: Placement) -> None:
    if person_id is not None and person_id != context.person.id:
        await outbox.add(tx, person_id, card, placement.id, now=context.now)


# --- another mentor ---------------------------------------------------------------------------------------------


async def choose_mentor(context: Context, press: Press) -> Show:
    """Offer the other mentors of the enterprise."""
    await context.read(lambda tx: _read(tx, context, press))
    return Show("placement_mentors", press.id, args={"page": press.page})


async def _others(view: Context | View, tx: Transaction, placement: Placement) -> list[Mentor]:
    day = local_day(view.now, placement.zone)
    known = await mentors.of_enterprise(tx, placement.enterprise_id, view.person.id, today=day)
    return [mentor for mentor in known if not mentor.suspended and mentor.person_id != placement.mentor_id]


async def set_mentor(context: Context, press: Press) -> Show:
    """Name another mentor, or none; the student and both mentors are told."""

    async def work(tx: Transaction) -> Show:
        placement = await _read(tx, context, press)
        if placement.version != press.version:
            raise Conflict
        offered = {str(mentor.person_id) for mentor in await _others(context, tx, placement)} | {NOBODY}
        if press.rest not in offered:
            raise Stale(Show("placement_mentors", press.id))
        await change_mentor(tx, context, placement, int(press.rest) or None)
        return Show("placement", press.id, toast=N_("placement.mentor_set"))

    return await context.write(work)


async def change_mentor(tx: Transaction, context: Context, placement: Placement, mentor_id: int | None) -> None:
    """Put another mentor in place, record it, and tell the student and both mentors."""
    await placements.set_mentor(tx, placement, mentor_id)
    await record(tx, context, "placement_mentor_changed", placement)
    await _tell(tx, context, placement.student_person, "placement_mentor", placement)
    await _tell(tx, context, placement.mentor_id, "placement_left", placement)
    await _tell(tx, context, mentor_id, "placement_made", placement)
    await hand_over_logs(tx, placement.id, placement.mentor_id, now=context.now)


async def mentors_card(view: View) -> Message | None:
    """Draw the mentors to choose from."""
    placement = await placements.for_coordinator(view.tx, view.subject, view.person.id)
    _, others = view.texts, await _others(view, view.tx, placement)
    pages = max(1, -(-len(others) // PAGE))
    page = min(int(view.args.get("page", 0)), pages - 1)
    said = N_("placement.choose_mentor") if others else N_("placement.no_other_mentor")
    text = _(said, name=placement.student_name, enterprise=placement.enterprise, mentor=mentor_line(_, placement))
    rows = [
        [
            button(
                _.plain_plural("placement.mentor_choice", mentor.students, name=mentor.name),
                "placement.mentor",
                placement.id,
                placement.version,
                mentor.person_id,
            )
        ]
        for mentor in others[page * PAGE : (page + 1) * PAGE]
    ]
    rows.append(pager(_, "placement.mentors", page, pages, placement.id))
    if placement.mentor_id is not None:
        nobody = _.plain("place.no_mentor_yet")
        rows.append([button(nobody, "placement.mentor", placement.id, placement.version, NOBODY)])
    return Message(text, [*rows, [button(_.plain("button.back"), "placement", placement.id)]])


# --- an earlier end ---------------------------------------------------------------------------------------------


async def end_placement(context: Context, press: Press) -> Show:
    """Ask for the last day and the reason; of a placement that has not begun, whether to cancel it."""

    async def work(tx: Transaction) -> Show:
        placement = await _read(tx, context, press)
        if placement.starts_on > local_day(context.now, placement.zone):
            return Show("placement", placement.id, args={"sure": 1})
        return await open_form(tx, context, ENDING, {"placement": placement.id}, placement.id)

    return await context.write(work)


async def _lasts(tx: Transaction, context: Context | View, known: Answers) -> list[Choice]:
    placement = await placements.for_coordinator(tx, int(known["placement"]), context.person.id)
    today = local_day(context.now, placement.zone)
    sunday = monday_of(today) + timedelta(days=6)
    days = (today - timedelta(days=1), today, sunday, sunday + timedelta(days=7))
    return [day_choice(context._, day) for day in sorted(set(days)) if placement.starts_on <= day < placement.ends_on]


def _take_last(context: Context, message: telegram.Message, _known: Answers) -> str:
    return take_day(context, message).isoformat()


def _take_reason(_context: Context, message: telegram.Message, _known: Answers) -> str:
    return answers.text(message, limit=REASON_LIMIT, at_least=2)


async def _end(tx: Transaction, context: Context, said: Answers, placement_id: int) -> Show:
    placement = await placements.for_coordinator(tx, placement_id, context.person.id)
    last, _ = date.fromisoformat(said["last"]), context._
    if last < placement.starts_on:
        raise Refused(N_("placement.end_before_start"), first=_.full_day(placement.starts_on))
    if last >= placement.ends_on:
        raise Refused(N_("placement.end_not_earlier"), last=_.full_day(placement.ends_on))
    await placements.end(tx, placement, ends_on=last, reason=said["reason"], now=context.now)
    await record(tx, context, "placement_ended", placement)
    await _tell(tx, context, placement.student_person, "placement_ended", placement)
    await _tell(tx, context, placement.mentor_id, "placement_ended", placement)
    return Show("placement", placement_id, toast=N_("placement.end_done"))


async def _head(view: View) -> Markup:
    placement = await placements.for_coordinator(view.tx, view.subject, view.person.id)
    return view._(
        "placement.form_head",
        name=placement.student_name,
        enterprise=placement.enterprise,
        day=view._.full_day(placement.ends_on),
    )


async def cancel_placement(context: Context, press: Press) -> Show:
    """Take back a placement that has not begun; student and mentor are told."""

    async def work(tx: Transaction) -> Show:
        placement = await _read(tx, context, press)
        if placement.version != press.version:
            raise Conflict
        await placements.cancel(tx, placement, today=local_day(context.now, placement.zone))
        await record(tx, context, "placement_cancelled", placement)
        about: dict[str, str | int] = {"enterprise": placement.enterprise_id, "first": placement.starts_on.isoformat()}
        for person_id in sorted({placement.student_person or 0, placement.mentor_id or 0} - {0, context.person.id}):
            await outbox.add(tx, person_id, "placement_cancelled", placement.student_id, args=about, now=context.now)
        return Show("student", placement.student_id, toast=N_("placement.cancel_done"))

    return await context.write(work)


ENDING = Form(
    END,
    N_("placement.end_title"),
    (
        Step("last", N_("placement.ask_last"), N_("placement.last"), _take_last, _lasts, show=show_day),
        Step("reason", N_("placement.ask_reason"), N_("placement.reason"), _take_reason),
    ),
    _end,
    done=N_("placement.end_it"),
    role=Role.COORDINATOR,
    after_cancel=lambda placement_id: Show("placement", placement_id),
    head=_head,
)


def register(routes: Routes) -> None:
    """Let coordinators change placements."""
    register_form(routes, ENDING)
    for verb, run in (
        ("placement.mentors", choose_mentor),
        ("placement.mentor", set_mentor),
        ("placement.end", end_placement),
        ("placement.cancel", cancel_placement),
    ):
        routes.button(verb, run, role=Role.COORDINATOR, card="placement")
    routes.card("placement_mentors", mentors_card)
