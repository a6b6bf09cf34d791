"""Moments: whatever a placed student sends outside every form is kept for the week's log after one tap, never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import ANEW, THERE, Show
from bot.texts import N_
from domain import weeks
from domain.moments import TEXT_LIMIT, WEEK_FILES_LIMIT, WEEK_LIMIT, MomentState
from domain.people import Role
from handlers import answers, moment_cards, moment_use
from handlers.log_files import caption_of, keep_file
from handlers.moment_cards import CARD, LIST
from handlers.moment_use import takes_moments
from storage import logs, moments, people, placements

if TYPE_CHECKING:
    from datetime import date

    import telegram

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.placements import Placement
    from storage.database import Transaction


async def offer_for_log(context: Context, log_id: int, message: telegram.Message) -> Show:
    """Keep a text that answers no question of an open log as a moment of its week, and ask where it belongs."""
    log = await context.read(lambda tx: logs.for_student(tx, log_id, context.person.id))
    if not takes_moments(log):
        raise Refused(N_("moment.closed"))
    return await _capture(context, log.placement, log.week, message, state=MomentState.SAVED)


async def find_place(context: Context, message: telegram.Message) -> Show | None:
    """Keep what came outside every form as a moment of this week; None where no placement runs, or it is of no use."""
    if context.person.student_id is None or not any((message.text, message.photo, message.document, message.voice)):
        return None
    placed = await context.read(lambda tx: placements.of_person(tx, context.person.id))
    placement = next((p for p in placed if p.runs_on(weeks.local_day(context.now, p.zone))), None)
    if placement is None:
        return None
    week, unasked = weeks.week_of(context.now, placement.zone), context.person.keeps_all
    state = MomentState.SAVED if unasked else MomentState.OFFERED
    return await _capture(context, placement, week, message, state=state, counted=unasked)


async def _capture(
    context: Context,
    placement: Placement,
    week: date,
    message: telegram.Message,
    *,
    state: MomentState,
    counted: bool = False,
) -> Show:
    """Keep a message as a moment; the answer asks about it, or only counts it with the others."""
    words = answers.text(message, limit=TEXT_LIMIT) if message.text else ""

    async def work(tx: Transaction) -> Show:
        await _check_room(tx, placement, week, is_file=not words)
        file_id = 0 if words else await keep_file(tx, context, placement, message)
        moment_id = await _moment_of(tx, context, placement, week, message, words=words, state=state)
        if file_id:
            await moments.attach(tx, moment_id, file_id, caption=caption_of(message))
        if counted:
            return Show(LIST, place=THERE)
        return Show(CARD, moment_id, place=THERE if message.media_group_id else ANEW)

    show = await context.write(work)
    context.receipt = state is MomentState.SAVED
    return show


async def _check_room(tx: Transaction, placement: Placement, week: date, *, is_file: bool) -> None:
    waiting, files = await moments.waiting_in_week(tx, placement.id, week)
    if waiting >= WEEK_LIMIT or (is_file and files >= WEEK_FILES_LIMIT):
        raise Refused(N_("moment.week_full"), limit=WEEK_LIMIT, files=WEEK_FILES_LIMIT)


async def _moment_of(
    tx: Transaction,
    context: Context,
    placement: Placement,
    week: date,
    message: telegram.Message,
    *,
    words: str,
    state: MomentState,
) -> int:
    """Return the moment that a message belongs to: that of its album, also after a restart, else a new one."""
    album = message.media_group_id
    begun = await moments.of_album(tx, placement.id, album) if album else None
    if begun and begun.state is not MomentState.USED:
        return begun.id
    return await moments.offer(
        tx,
        placement_id=placement.id,
        week=week,
        text=words,
        album=None if begun else album,
        state=state,
        now=context.now,
    )


# --- one moment -------------------------------------------------------------------------------------------------


async def keep(context: Context, press: Press) -> Show:
    """Keep a moment for the log of its week."""
    return await context.write(lambda tx: _keep(tx, context, press.id))


async def always(context: Context, press: Press) -> Show:
    """Keep a moment, and from now on whatever is sent, without asking."""

    async def work(tx: Transaction) -> Show:
        shown = await _keep(tx, context, press.id)
        await people.set_keeps_all(tx, context.person.id, keeps=True)
        return shown

    return await context.write(work)


async def _keep(tx: Transaction, context: Context, moment_id: int) -> Show:
    moment = await moments.for_student(tx, moment_id, context.person.id)
    if moment.state is MomentState.USED:
        raise Stale(Show(CARD, moment.id))
    await moments.move(tx, moment, MomentState.SAVED)
    return Show(CARD, moment.id)


async def drop(context: Context, press: Press) -> Show:
    """Leave a moment out of the log."""

    async def work(tx: Transaction) -> Show:
        moment = await moments.for_student(tx, press.id, context.person.id)
        if moment.state is MomentState.USED:
            raise Stale(Show(CARD, moment.id))
        await moments.move(tx, moment, MomentState.DROPPED)
        return Show(CARD, moment.id)

    return await context.write(work)


async def show(context: Context, press: Press) -> Show:
    """Show one moment."""
    await context.read(lambda tx: moments.for_student(tx, press.id, context.person.id))
    return Show(CARD, press.id)


async def list_waiting(_context: Context, _words: str) -> Show:
    """List the moments that are not used yet."""
    return Show(LIST)


async def turn_page(_context: Context, press: Press) -> Show:
    """List the moments that are not used yet, from a button."""
    return Show(LIST, args={"page": press.page})


def register(routes: Routes) -> None:
    """Find a place for whatever comes outside every form."""
    student = Role.STUDENT
    routes.command("moments", list_waiting, role=student)
    routes.button("moments", turn_page, role=student)
    for verb, run in (("keep", keep), ("always", always), ("drop", drop), ("show", show)):
        routes.button(f"moment.{verb}", run, role=student, card=CARD)
    routes.card(CARD, moment_cards.moment_card)
    routes.card(LIST, moment_cards.list_card)
    moment_use.register(routes)
