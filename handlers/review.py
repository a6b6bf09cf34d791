"""Review: a mentor, or a coordinator in their place, answers a week on the card that shows it.

Approving takes one press. An approval is held back for a minute, so that it can be undone and a word can go with it;
a question or a return needs a reason, ready or typed, and goes to the student at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import ANEW, Show
from bot.texts import N_
from domain.logs import NEEDS_REASON, Decision, LogState
from domain.reviews import CODE, READY, REASON_LIMIT, REMARKED, SPOKEN
from domain.words import whole_number
from handlers import (
    answers,
    hearing,
    phrases_of_mine,
    questions,
    review_rating,
    review_remarks,
    review_steps,
    review_word,
)
from handlers.review_card import review_card
from handlers.review_decided import files_card
from handlers.review_parts import ALL, CONFIRM, FORM, PUSHED, QUEUE, STUDENT, WORD
from handlers.review_steps import (
    TOAST,
    answerable_at,
    behind,
    go_on,
    log_at,
    open_question,
    read,
    tell,
    too_late,
    values,
)
from storage import drafts, openings, phrases, reviews
from storage.errors import Conflict, NotFound

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.logs import Log
    from domain.people import Draft
    from storage.database import Transaction


async def approve(context: Context, press: Press) -> Show:
    """Approve a log, and ask for a word or go on to the next one of the queue."""

    async def work(tx: Transaction) -> Show:
        log = await log_at(tx, context, press.id, press.version)
        decision = await review_steps.approve(tx, context, log)
        writing = _is_writing(context.person.draft, log)
        if not writing:
            await drafts.close_all(tx, context.person.id, FORM)
        if press.rest in {QUEUE, ALL}:
            return await go_on(tx, context, log, decision, press.rest)
        if not writing:
            await open_question(tx, context, log, WORD)
        return Show(FORM, log.id, values(log, press.rest), toast=TOAST[decision])

    return await context.write(work)


def _is_writing(draft: Draft | None, log: Log) -> bool:
    """Whether what the person types now is an answer to something else, so that no word may be asked for."""
    if draft is None:
        return False
    return draft.form != FORM or (draft.subject != log.id and draft.step not in {WORD, CONFIRM})


async def undo(context: Context, press: Press) -> Show:
    """Take an approval back while the student has not heard of it."""

    async def work(tx: Transaction) -> Show:
        await log_at(tx, context, press.id, press.version)
        await review_steps.take_back(tx, context, press.id)
        await drafts.close(tx, context.person.id, FORM, press.id)
        return Show(FORM, press.id, toast=N_("review.toast.undone"))

    return await context.write(work)


# --- with a reason ----------------------------------------------------------------------------------------------


async def ask(context: Context, press: Press) -> Show:
    """Ask for the reason of a question, a return or a reopening."""
    step, _, origin = press.rest.partition(".")
    if step not in set(NEEDS_REASON):
        raise Stale(Show(FORM, press.id))
    asks_again = step == Decision.REOPENED

    async def work(tx: Transaction) -> Show:
        log = await (log_at if asks_again else answerable_at)(tx, context, press.id, press.version)
        if asks_again and log.state is not LogState.APPROVED:
            raise Conflict
        await open_question(tx, context, log, step, {"version": log.version, "origin": origin})
        return Show(FORM, log.id, {"origin": origin})

    return await context.write(work)


async def pick_reason(context: Context, press: Press) -> Show:
    """Decide with a ready reason, or with a phrase of one's own, by its id."""
    step, _, rest = press.rest.partition(".")
    code, _, origin = rest.partition(".")
    phrase = whole_number(code)
    if step not in set(NEEDS_REASON) or not (phrase or code in {SPOKEN, REMARKED, *READY[Decision(step)]}):
        raise Stale(Show(FORM, press.id))
    decision = Decision(step)

    async def work(tx: Transaction) -> Show:
        log = await log_at(tx, context, press.id, press.version)
        if code in {SPOKEN, REMARKED}:
            await review_remarks.must_be_offered(tx, context, log, decision, code)
        words = (await phrases.get(tx, phrase, context.person.id)).text if phrase else CODE + code
        await _decide(tx, context, log, decision, words)
        if origin in {QUEUE, ALL}:
            return await go_on(tx, context, log, decision, origin)
        return Show(FORM, log.id, values(log, origin), toast=TOAST[decision])

    return await context.write(work)


async def take(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Take a reason, a remark, or a word for the student."""
    remarked = await review_remarks.take_reply(context, message, but=draft.subject)
    if remarked is not None:
        return remarked
    if (answered := await questions.take_reply(context, message)) is not None:
        return answered
    if draft.step in {WORD, CONFIRM}:
        return await review_word.take_word(context, draft, message)
    if draft.step not in set(NEEDS_REASON):
        return await review_remarks.take_remark(context, draft, message)
    if message.voice is not None:
        return await hearing.take_with_reason(context, draft, message)
    words = answers.text(message, limit=REASON_LIMIT)
    context.receipt = True
    origin = str(draft.answers.get("origin", PUSHED))

    async def work(tx: Transaction) -> Show:
        try:
            log = await log_at(tx, context, draft.subject, int(draft.answers["version"]))
            await _decide(tx, context, log, Decision(draft.step), words)
        except (Conflict, NotFound) as error:
            return await too_late(tx, context, draft, error)
        return Show(FORM, log.id, {"origin": origin})

    return await context.write(work)


async def _decide(tx: Transaction, context: Context, log: Log, decision: Decision, words: str) -> None:
    if decision is Decision.REOPENED:
        review_id = await reviews.reopen(tx, log, context.person.id, words, now=context.now)
    else:
        review_id = await reviews.decide(tx, log, context.person.id, decision, words, now=context.now)
    await drafts.close(tx, context.person.id, FORM, log.id)
    await tell(tx, context, log, review_id, decision)


async def back(context: Context, press: Press) -> Show:
    """Leave the question for a reason."""

    async def work(tx: Transaction) -> Show:
        await drafts.close(tx, context.person.id, FORM, press.id)
        return Show(FORM, press.id, {"origin": press.rest})

    return await context.write(work)


# --- looking ----------------------------------------------------------------------------------------------------


async def open_log(context: Context, press: Press) -> Show:
    """Open the card of a log."""

    async def work(tx: Transaction) -> Show:
        await read(tx, context, press.id)
        await openings.note(tx, press.id, context.person.id)
        return Show(FORM, press.id, {"origin": press.rest if press.rest in {QUEUE, ALL, STUDENT} else PUSHED})

    return await context.write(work)


async def open_whole(context: Context, press: Press) -> Show:
    """Show the whole of a log, instead of what was changed in it."""
    await context.read(lambda tx: read(tx, context, press.id))
    return Show(FORM, press.id, {"origin": press.rest, "whole": 1})


async def see_files(context: Context, press: Press) -> Show:
    """Show the photos and files of a log."""
    await context.read(lambda tx: read(tx, context, press.id))
    return Show("review_files", press.id, {"origin": press.rest}, place=ANEW)


async def later(context: Context, press: Press) -> Show:
    """Put a log off: it stays in the queue, which goes on with the next one."""
    log = await context.read(lambda tx: log_at(tx, context, press.id, press.version))
    if press.rest not in {QUEUE, ALL}:
        return Show(FORM, log.id, {"folded": 1})

    async def work(tx: Transaction) -> Show:
        following, args = await behind(tx, context, log, press.rest), {"origin": press.rest}
        return Show("queue", 0, args) if following is None else Show(FORM, following, args)

    return await context.write(work)


def register(routes: Routes) -> None:
    """Open the room."""
    for verb, run in (
        ("approve", approve),
        ("ask", ask),
        ("reason", pick_reason),
        ("undo", undo),
        ("back", back),
        ("open", open_log),
        ("whole", open_whole),
        ("files", see_files),
        ("later", later),
    ):
        routes.button(f"review.{verb}", run, card=FORM)
    routes.form(FORM, take)
    routes.card(FORM, review_card)
    routes.card("review_files", files_card)
    review_word.register(routes)
    review_remarks.register(routes)
    review_rating.register(routes)
    phrases_of_mine.register(routes)
    hearing.register(routes)
