"""Moments: what a placed student sends outside every form is offered a place in the week's log, never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import ANEW, Message, Show
from bot.texts import N_, join
from domain import weeks
from domain.logs import SECTION_LIMIT, WRITTEN, LogState, Section
from domain.people import Role
from domain.words import shorten
from handlers import answers, dates
from handlers.buttons import button
from handlers.log_card import FORM, NAMES, PHOTOS
from handlers.log_files import attach
from storage import drafts, logs, moments, placements

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from domain.logs import Log
    from storage.database import Transaction

CARD = "moment"


async def offer_for_log(context: Context, log_id: int, words: str) -> Show:
    """Ask into which section of a log a text belongs."""

    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, log_id, context.person.id)
        if log.state not in {LogState.DRAFT, LogState.RETURNED}:
            raise Refused(N_("moment.closed"))
        return await _offer(tx, context, log, words)

    return await context.write(work)


async def find_place(context: Context, message: telegram.Message) -> Show | None:
    """Find a place in this week's log for what came outside every form; None where there is no log to keep it for.

    A text is offered; a photo or file is put in at once, where one press takes it out again.
    """
    if context.person.student_id is None or not (message.text or message.photo or message.document):
        return None
    placed = await context.read(lambda tx: placements.of_person(tx, context.person.id))
    placement = next((p for p in placed if p.runs_on(weeks.local_day(context.now, p.zone))), None)
    if placement is None:
        return None
    words = answers.text(message, limit=SECTION_LIMIT) if message.text else ""
    week = weeks.week_of(context.now, placement.zone)

    async def work(tx: Transaction) -> Show:
        log = await logs.begin(tx, placement, week, now=context.now)
        if log.state not in {LogState.DRAFT, LogState.RETURNED}:
            raise Refused(N_("moment.closed"))
        if words:
            return await _offer(tx, context, log, words)
        await attach(tx, context, log, message)
        await drafts.activate(tx, context.person.id, FORM, subject=log.id, step=PHOTOS, now=context.now)
        context.receipt = True
        return Show(FORM, log.id, args={"problem": N_("moment.file_kept")})

    return await context.write(work)


async def _offer(tx: Transaction, context: Context, log: Log, words: str) -> Show:
    moment = await moments.offer(tx, placement_id=log.placement.id, week=log.week, text=words, now=context.now)
    return Show(CARD, moment, place=ANEW)


async def moment_card(view: View) -> Message | None:
    """Ask where a text belongs."""
    moment = await moments.for_student(view.tx, view.subject, view.person.id)
    log = await logs.of_week(view.tx, moment.placement_id, moment.week)
    if log is None:
        return None
    _, name = view.texts, dates.log_name(view.texts, log)
    if moment.state != "offered":
        said = N_("moment.kept") if moment.state == "kept" else N_("moment.dropped")
        return Message(_(said, week=name), [[button(_.plain("moment.to_log"), "log.edit", log.id)]])
    sections = [button(_.plain(NAMES[section]), "moment.keep", moment.id, rest=section.value) for section in WRITTEN]
    text = join((_("moment.ask", week=name), _("log.quote", text=shorten(moment.text, 200))), "\n\n")
    return Message(text, [sections[:2], sections[2:], [button(_.plain("moment.no"), "moment.drop", moment.id)]])


async def keep(context: Context, press: Press) -> Show:
    """Put the text into a section, behind what is there."""
    if press.rest not in set(WRITTEN):
        raise Stale(Show(CARD, press.id))

    async def work(tx: Transaction) -> Show:
        moment = await moments.for_student(tx, press.id, context.person.id)
        log = await logs.of_week(tx, moment.placement_id, moment.week)
        if log is None or log.state not in {LogState.DRAFT, LogState.RETURNED}:
            raise Refused(N_("moment.closed"))
        section = Section(press.rest)
        whole = "\n".join(filter(None, (log.sections.get(section), moment.text)))
        if len(whole) > SECTION_LIMIT:
            raise Refused(N_("moment.too_long"), limit=SECTION_LIMIT)
        await moments.settle(tx, moment.id, kept=True)
        await logs.write(tx, log, section, whole)
        draft = context.person.draft
        if draft and draft.form == "log" and draft.subject == log.id:
            await drafts.activate(tx, context.person.id, "log", subject=log.id, step="ready", now=context.now)
        return Show(CARD, moment.id)

    return await context.write(work)


async def drop(context: Context, press: Press) -> Show:
    """Leave the text out of the log."""

    async def work(tx: Transaction) -> Show:
        moment = await moments.for_student(tx, press.id, context.person.id)
        await moments.settle(tx, moment.id, kept=False)
        return Show(CARD, moment.id)

    return await context.write(work)


def register(routes: Routes) -> None:
    """Find a place for free text."""
    routes.button("moment.keep", keep, role=Role.STUDENT, card=CARD)
    routes.button("moment.drop", drop, role=Role.STUDENT, card=CARD)
    routes.card(CARD, moment_card)
