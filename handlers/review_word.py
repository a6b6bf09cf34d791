"""A word for the student, written or said: offered after an approval, sent with the answer or behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Show
from domain.logs import LogState
from domain.reviews import WORD_WAITS
from handlers.review_parts import CONFIRM, FORM, WORD
from handlers.review_remarks import as_said, speak, taken_from
from handlers.review_remarks_card import VOICE, WORDS
from handlers.review_steps import log_at, open_question, own_approval, read, too_late
from handlers.voices import NONE, PLAYS, WORD_ALONE
from storage import drafts, outbox, phrases, reviews
from storage.errors import Conflict, NotFound

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.logs import Review
    from domain.people import Draft
    from domain.reviews import Submission
    from handlers.review_remarks import Said
    from storage.database import Transaction


async def ask_word(context: Context, press: Press) -> Show:
    """Ask for a word about a log that has been approved."""

    async def work(tx: Transaction) -> Show:
        log = await log_at(tx, context, press.id, press.version)
        await own_approval(tx, context, log.id)
        await open_question(tx, context, log, WORD)
        return Show(FORM, log.id)

    return await context.write(work)


async def take_word(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Send the word, unless it came so late that it may be about something else: then ask."""
    taken = taken_from(message)

    async def work(tx: Transaction) -> Show:
        try:
            submission, review = await own_approval(tx, context, draft.subject)
        except (Conflict, NotFound) as error:
            return await too_late(tx, context, draft, error)
        said = await as_said(tx, context, taken)
        if draft.step == CONFIRM or context.now > review.created_at + WORD_WAITS:
            await open_question(tx, context, submission.log, CONFIRM, said)
            return Show(FORM, submission.log.id)
        context.receipt = True
        return await _send(tx, context, submission, review, said)

    return await context.write(work)


async def send_word(context: Context, press: Press) -> Show:
    """Send the word that was asked about."""

    async def work(tx: Transaction) -> Show:
        draft = await drafts.get(tx, context.person.id, FORM, press.id)
        submission, review = await own_approval(tx, context, press.id)
        if draft is None or draft.step != CONFIRM or draft.version != press.version:
            raise Conflict
        return await _send(tx, context, submission, review, draft.answers)

    return await context.write(work)


async def say(context: Context, press: Press) -> Show:
    """Send a phrase of one's own as the word."""
    if not press.number:
        raise Stale(Show(FORM, press.id))

    async def work(tx: Transaction) -> Show:
        submission, review = await own_approval(tx, context, press.id)
        if context.now > review.created_at + WORD_WAITS:
            raise Conflict
        phrase = await phrases.get(tx, press.number, context.person.id)
        return await _send(tx, context, submission, review, {WORDS: phrase.text})

    return await context.write(work)


async def _send(tx: Transaction, context: Context, submission: Submission, review: Review, said: Said) -> Show:
    log, problem = submission.log, ""
    if VOICE in said:
        problem = await speak(tx, context, submission, None, said)
    else:
        await reviews.add_words(tx, review, str(said[WORDS]))
    await drafts.close(tx, context.person.id, FORM, log.id)
    if not await _release(tx, context, review):
        await _follow(tx, context, submission, review, said)
    return Show(FORM, log.id, {"problem": problem} if problem else {})


async def _follow(tx: Transaction, context: Context, submission: Submission, review: Review, said: Said) -> None:
    """Send a word after the answer that has gone; to a log that is still with the school it goes without a message."""
    log, last, student = submission.log, submission.last, submission.log.placement.student_person
    if student is None or last is None:
        return
    if log.state is LogState.SUBMITTED:
        await outbox.add(tx, student, "log", log.id, now=context.now, manner=outbox.Manner.REFRESH)
    elif not await outbox.is_held(tx, reviews.answer_key(last.id), now=context.now):  # else it goes with that
        key, plays = (f"voice:{said[VOICE]}", WORD_ALONE) if VOICE in said else (f"word:{review.id}", NONE)
        args: dict[str, str | int] = {"review": last.id, PLAYS: plays}
        await outbox.add(tx, student, "log_answer", log.id, args=args, now=context.now, unique_key=key)


async def done(context: Context, press: Press) -> Show:
    """Close the question for a word; the answer goes now."""

    async def work(tx: Transaction) -> Show:
        log = (await read(tx, context, press.id)).log
        await drafts.close(tx, context.person.id, FORM, log.id)
        try:
            await _release(tx, context, (await own_approval(tx, context, log.id))[1])
        except Conflict:  # opened again meanwhile: the card shows that
            pass
        return Show(FORM, log.id)

    return await context.write(work)


async def _release(tx: Transaction, context: Context, review: Review) -> bool:
    """Let the answer go before its minute is over; False where it has gone."""
    await outbox.take_back(tx, reviews.closing_key(review.id), now=context.now)
    return await outbox.hasten(tx, reviews.answer_key(review.id), now=context.now)


def register(routes: Routes) -> None:
    """Open the room."""
    for verb, run in (("word", ask_word), ("say", say), ("send", send_word), ("done", done)):
        routes.button(f"review.{verb}", run, card=FORM)
