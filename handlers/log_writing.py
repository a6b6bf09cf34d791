"""Writing a log: each text, number, photo and file finds its place, is kept at once and confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import THERE, Show
from bot.texts import N_
from domain.logs import LOG_LIMIT, SECTION_LIMIT, LogState, Section
from domain.people import Role
from handlers import answers, hours
from handlers.hours_card import is_asked
from handlers.log_card import ADD, FORM, PHOTOS, READY, next_step, section_of
from handlers.log_files import attach
from handlers.log_steps import go_on
from handlers.moments import offer_for_log
from storage import logs

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.logs import Log
    from domain.people import Draft
    from storage.database import Transaction


async def take(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Take whatever the student sent while the log is the active form."""
    if message.photo or message.document or message.voice:
        return await _take_file(context, draft, message)
    words = answers.text(message, limit=SECTION_LIMIT)
    if is_asked(draft.step):
        return await hours.take(context, draft, words)
    section = section_of(draft.step)
    if section is None:
        log = await context.read(lambda tx: logs.for_student(tx, draft.subject, context.person.id))
        if log.state is LogState.NEEDS_INFO:  # one more thing to the mentor's question
            return await _take_text(context, draft, Section.ANSWER, words, add=True)
        return await offer_for_log(context, draft.subject, message)
    return await _take_text(context, draft, section, words, add=draft.step.endswith(ADD))


async def _take_text(context: Context, draft: Draft, section: Section, words: str, *, add: bool) -> Show:
    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, draft.subject, context.person.id)
        if section not in log.open_sections:
            raise Refused(N_("log.section_closed"))
        before = log.sections.get(section, "")
        whole = f"{before}\n{words}" if before and add else words
        must_fit(log, section, whole)
        log = await logs.write(tx, log, section, whole, message_id=context.message_id)
        step = next_step(log, section.value) if log.state is LogState.DRAFT else READY
        context.receipt = True
        return await go_on(tx, context, log, step)

    return await context.write(work)


def must_fit(log: Log, section: Section, whole: str) -> None:
    """Raise `Refused` where a text is too long for a section, or for the log."""
    if len(whole) > SECTION_LIMIT:
        raise Refused(N_("answer.too_long"), length=len(whole), limit=SECTION_LIMIT)
    if len(whole) > log.room(section):
        raise Refused(N_("log.full"), limit=LOG_LIMIT, left=log.room(section), length=len(whole))


async def _take_file(context: Context, draft: Draft, message: telegram.Message) -> Show:
    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, draft.subject, context.person.id)
        await attach(tx, context, log, message)
        context.receipt = True
        return Show(FORM, log.id, place=THERE)

    try:
        return await context.write(work)
    except Refused as refusal:
        if not message.media_group_id:
            raise
        # An album is one thing to its sender: what of it does not fit is said once, on the card that is there.
        problem = {"problem": refusal.msgid, **refusal.values}
        return Show(FORM, draft.subject, args=problem, place=THERE)


async def drop_last(context: Context, press: Press) -> Show:
    """Take the last photo or file out again."""

    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, press.id, context.person.id)
        if log.version != press.version or not log.files:
            raise Stale(Show(FORM, log.id))
        await logs.detach(tx, log, log.files[-1].file.id)
        return Show(FORM, log.id)

    return await context.write(work)


async def ask(context: Context, press: Press) -> Show:
    """Go to a section, the hours, those of a day, or the photos."""
    if section_of(press.rest) is None and not is_asked(press.rest) and press.rest not in {PHOTOS, READY}:
        raise Stale(Show(FORM, press.id))

    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, press.id, context.person.id)
        return await go_on(tx, context, log, press.rest) if log.is_open else Show(FORM, log.id)

    return await context.write(work)


async def take_edit(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Follow the student's own edit of a message that is a section's text."""
    words = answers.text(message, limit=SECTION_LIMIT)

    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, draft.subject, context.person.id)
        section = await logs.section_of_message(tx, log.id, message.message_id)
        if section is None or section not in log.open_sections:
            raise Refused(N_("fallback.edited"))
        must_fit(log, section, words)
        await logs.write(tx, log, section, words, message_id=message.message_id)
        context.receipt = True
        return Show(FORM, log.id, place=THERE)

    return await context.write(work)


def register(routes: Routes) -> None:
    """Take what the student writes."""
    routes.form(FORM, take, role=Role.STUDENT)
    routes.edited(FORM, take_edit)
    routes.button("log.ask", ask, role=Role.STUDENT, card=FORM)
    routes.button("log.drop", drop_last, role=Role.STUDENT, card=FORM)
    hours.register(routes)
