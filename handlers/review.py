"""Review: a mentor, or a coordinator in their place, answers a week on the card that shows it.

Approving takes one press. An approval is held back for a minute, so that it can be undone and a word can go with it;
a question or a return needs a reason, ready or typed, and goes to the student at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Press, Stale
from bot.send import ANEW, Show
from bot.texts import N_
from domain.logs import NEEDS_REASON, Decision, LogState
from domain.reviews import CODE, HOLD, READY, REASON_LIMIT, WORD_WAITS
from handlers import answers, review_card
from handlers.review_card import ALL, CONFIRM, FORM, PUSHED, QUEUE, STUDENT, WORD, today
from storage import drafts, outbox, reviews
from storage.errors import Conflict, NotFound, StorageError

if TYPE_CHECKING:
    from datetime import datetime

    import telegram

    from bot.context import Context
    from bot.routes import Routes
    from domain.logs import Log, Review
    from domain.people import Draft
    from storage.database import Transaction

_TOAST = {
    Decision.APPROVED: N_("review.toast.approved"),
    Decision.NEEDS_INFO: N_("review.toast.needs_info"),
    Decision.RETURNED: N_("review.toast.returned"),
    Decision.REOPENED: N_("review.toast.reopened"),
}


# --- deciding ---------------------------------------------------------------------------------------------------


async def approve(context: Context, press: Press) -> Show:
    """Approve a log, and ask for a word or go on to the next one of the queue."""

    async def work(tx: Transaction) -> Show:
        log = await _log(tx, context, press)
        review_id = await reviews.decide(tx, log, context.person.id, Decision.APPROVED, now=context.now)
        await _tell(tx, context, log, review_id, held=True)
        writing = _is_writing(context.person.draft, log)
        if not writing:
            await drafts.close_all(tx, context.person.id, FORM)
        if press.rest in {QUEUE, ALL}:
            return await _go_on(tx, context, log, Decision.APPROVED, press.rest)
        if not writing:
            await _open(tx, context, log, WORD, {})
        return Show(FORM, log.id, _values(log, press.rest), toast=_TOAST[Decision.APPROVED])

    return await context.write(work)


def _is_writing(draft: Draft | None, log: Log) -> bool:
    """Whether what the person types now is an answer to something else, so that no word may be asked for."""
    if draft is None:
        return False
    return draft.form != FORM or (draft.subject != log.id and draft.step not in {WORD, CONFIRM})


async def ask(context: Context, press: Press) -> Show:
    """Ask for the reason of a question, a return or a reopening."""
    step, _, origin = press.rest.partition(".")
    if step not in set(NEEDS_REASON):
        raise Stale(Show(FORM, press.id))
    before = LogState.APPROVED if step == Decision.REOPENED else LogState.SUBMITTED

    async def work(tx: Transaction) -> Show:
        log = await _log(tx, context, press)
        if log.state is not before:
            raise Conflict
        await _open(tx, context, log, step, {"version": log.version, "origin": origin})
        return Show(FORM, log.id, {"origin": origin})

    return await context.write(work)


async def pick_reason(context: Context, press: Press) -> Show:
    """Decide with a ready reason."""
    step, _, rest = press.rest.partition(".")
    code, _, origin = rest.partition(".")
    if step not in set(NEEDS_REASON) or code not in READY[Decision(step)]:
        raise Stale(Show(FORM, press.id))
    decision = Decision(step)

    async def work(tx: Transaction) -> Show:
        log = await _log(tx, context, press)
        await _decide(tx, context, log, decision, CODE + code)
        if origin in {QUEUE, ALL}:
            return await _go_on(tx, context, log, decision, origin)
        return Show(FORM, log.id, _values(log, origin), toast=_TOAST[decision])

    return await context.write(work)


async def take(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Take a typed reason, or a word for the student."""
    words = answers.text(message, limit=REASON_LIMIT)
    if draft.step in {WORD, CONFIRM}:
        return await _take_word(context, draft, words)
    context.receipt = True
    origin = str(draft.answers.get("origin", PUSHED))

    async def work(tx: Transaction) -> Show:
        try:
            log = await _log(tx, context, Press(FORM, draft.subject, int(draft.answers["version"])))
            await _decide(tx, context, log, Decision(draft.step), words)
        except (Conflict, NotFound) as error:
            return await _too_late(tx, context, draft, error)
        return Show(FORM, log.id, {"origin": origin})

    return await context.write(work)


async def _too_late(tx: Transaction, context: Context, draft: Draft, error: StorageError) -> Show:
    """Stop asking about a log that was decided, taken back or given to somebody else meanwhile."""
    await drafts.close(tx, context.person.id, FORM, draft.subject)
    if isinstance(error, NotFound):
        return Show("home", args={"problem": N_("review.not_yours")})
    return Show(FORM, draft.subject, {"problem": N_("review.changed")})


async def _decide(tx: Transaction, context: Context, log: Log, decision: Decision, words: str) -> None:
    if decision is Decision.REOPENED:
        review_id = await reviews.reopen(tx, log, context.person.id, words, now=context.now)
    else:
        review_id = await reviews.decide(tx, log, context.person.id, decision, words, now=context.now)
    await drafts.close(tx, context.person.id, FORM, log.id)
    await _tell(tx, context, log, review_id, held=False)


async def _tell(tx: Transaction, context: Context, log: Log, review_id: int, *, held: bool) -> None:
    """Send the answer to the student, and show everybody else who has the card how it stands."""
    now, me = context.now, context.person.id
    student, until = log.placement.student_person, now + HOLD if held else now
    if student is not None:
        key = reviews.answer_key(review_id)
        args = {"review": review_id}
        await outbox.add(tx, student, "log_answer", log.id, args=args, now=now, due_at=until, unique_key=key)
    if held:
        key = reviews.closing_key(review_id)
        await outbox.add(tx, me, FORM, log.id, now=now, due_at=until, unique_key=key, manner=outbox.Manner.REFRESH)
    await _refresh_others(tx, context, log, until)


async def _refresh_others(tx: Transaction, context: Context, log: Log, student_at: datetime) -> None:
    student, refresh = log.placement.student_person, outbox.Manner.REFRESH
    if student is not None:
        await outbox.add(tx, student, "log", log.id, now=context.now, due_at=student_at, manner=refresh)
    for reader in await reviews.readers(tx, log):
        if reader != context.person.id:
            await outbox.add(tx, reader, FORM, log.id, now=context.now, manner=refresh)


async def undo(context: Context, press: Press) -> Show:
    """Take an approval back while the student has not heard of it."""

    async def work(tx: Transaction) -> Show:
        log = await _log(tx, context, press)
        await reviews.undo(tx, log, await _own(tx, context, log), now=context.now)
        await drafts.close(tx, context.person.id, FORM, log.id)
        await _refresh_others(tx, context, log, context.now)
        return Show(FORM, log.id, toast=N_("review.toast.undone"))

    return await context.write(work)


async def _log(tx: Transaction, context: Context, press: Press) -> Log:
    """Read the log as it was when the button was drawn; raises `Conflict` where it has changed."""
    log = (await reviews.for_reviewer(tx, press.id, context.person.id, today=today(context))).log
    if log.version != press.version:
        raise Conflict
    return log


async def _own(tx: Transaction, context: Context, log: Log) -> Review:
    """Return one's own approval, which is the latest decision; raises `Conflict`."""
    last = (await reviews.for_reviewer(tx, log.id, context.person.id, today=today(context))).last
    if last is None or last.decision is not Decision.APPROVED or last.reviewer_id != context.person.id:
        raise Conflict
    return last


async def _open(tx: Transaction, context: Context, log: Log, step: str, known: dict[str, str | int]) -> None:
    await drafts.close_all(tx, context.person.id, FORM)
    await drafts.activate(tx, context.person.id, FORM, subject=log.id, step=step, answers=known, now=context.now)


def _values(log: Log, origin: str) -> dict[str, str | int]:
    """Return what the toast about a log says."""
    return {"origin": origin, "name": log.placement.student_name, "number": log.number}


async def _go_on(tx: Transaction, context: Context, log: Log, decision: Decision, origin: str) -> Show:
    """Turn the message into the next log of the queue, or into the queue at its end."""
    args = {**_values(log, origin), "after": log.id}
    following = await _behind(tx, context, log, origin)
    card, subject = ("queue", 0) if following is None else (FORM, following)
    return Show(card, subject, args, toast=_TOAST[decision])


async def _behind(tx: Transaction, context: Context, log: Log, origin: str) -> int | None:
    waiting = await reviews.queue(tx, context.person.id, today=today(context), everything=origin == ALL)
    if log.submitted_at is None:
        return waiting[0].id if waiting else None
    here = (log.submitted_at, log.id)
    return next((other.id for other in waiting if other.submitted_at and (other.submitted_at, other.id) > here), None)


# --- a word for the student -------------------------------------------------------------------------------------


async def ask_word(context: Context, press: Press) -> Show:
    """Ask for a word about a log that has been approved."""

    async def work(tx: Transaction) -> Show:
        log = await _log(tx, context, press)
        await _own(tx, context, log)
        await _open(tx, context, log, WORD, {})
        return Show(FORM, log.id)

    return await context.write(work)


async def _take_word(context: Context, draft: Draft, words: str) -> Show:
    """Send the word, unless it was typed so late that it may be about something else: then ask."""

    async def work(tx: Transaction) -> Show:
        try:
            log = (await reviews.for_reviewer(tx, draft.subject, context.person.id, today=today(context))).log
            review = await _own(tx, context, log)
        except (Conflict, NotFound) as error:
            return await _too_late(tx, context, draft, error)
        if draft.step == CONFIRM or context.now > review.created_at + WORD_WAITS:
            await drafts.activate(
                tx, context.person.id, FORM, subject=log.id, step=CONFIRM, answers={"words": words}, now=context.now
            )
            return Show(FORM, log.id)
        context.receipt = True
        return await _send_word(tx, context, log, review, words)

    return await context.write(work)


async def send_word(context: Context, press: Press) -> Show:
    """Send the word that was asked about."""

    async def work(tx: Transaction) -> Show:
        draft = await drafts.get(tx, context.person.id, FORM, press.id)
        log = (await reviews.for_reviewer(tx, press.id, context.person.id, today=today(context))).log
        if draft is None or draft.step != CONFIRM or draft.version != press.version:
            raise Conflict
        return await _send_word(tx, context, log, await _own(tx, context, log), str(draft.answers["words"]))

    return await context.write(work)


async def _send_word(tx: Transaction, context: Context, log: Log, review: Review, words: str) -> Show:
    await reviews.add_words(tx, review, words)
    await drafts.close(tx, context.person.id, FORM, log.id)
    await _release(tx, context, review)
    student = log.placement.student_person
    if student is not None:  # where the answer has gone already, the word follows it
        key, args = f"word:{review.id}", {"review": review.id}
        if not await outbox.hasten(tx, reviews.answer_key(review.id), now=context.now):
            await outbox.add(tx, student, "log_answer", log.id, args=args, now=context.now, unique_key=key)
    return Show(FORM, log.id)


async def done(context: Context, press: Press) -> Show:
    """Close the question for a word; the answer goes now."""

    async def work(tx: Transaction) -> Show:
        log = (await reviews.for_reviewer(tx, press.id, context.person.id, today=today(context))).log
        await drafts.close(tx, context.person.id, FORM, log.id)
        review = await _own(tx, context, log)
        await _release(tx, context, review)
        await outbox.hasten(tx, reviews.answer_key(review.id), now=context.now)
        return Show(FORM, log.id)

    return await context.write(work)


async def _release(tx: Transaction, context: Context, review: Review) -> None:
    """End the time for undoing; the card shows that by itself."""
    await outbox.take_back(tx, reviews.closing_key(review.id), now=context.now)


# --- looking ----------------------------------------------------------------------------------------------------


async def back(context: Context, press: Press) -> Show:
    """Leave the question for a reason."""

    async def work(tx: Transaction) -> Show:
        await drafts.close(tx, context.person.id, FORM, press.id)
        return Show(FORM, press.id, {"origin": press.rest})

    return await context.write(work)


async def open_log(context: Context, press: Press) -> Show:
    """Open the card of a log."""
    await context.read(lambda tx: reviews.for_reviewer(tx, press.id, context.person.id, today=today(context)))
    return Show(FORM, press.id, {"origin": press.rest if press.rest in {QUEUE, ALL, STUDENT} else PUSHED})


async def see_files(context: Context, press: Press) -> Show:
    """Show the photos and files of a log."""
    await context.read(lambda tx: reviews.for_reviewer(tx, press.id, context.person.id, today=today(context)))
    return Show("review_files", press.id, {"origin": press.rest}, place=ANEW)


async def later(context: Context, press: Press) -> Show:
    """Put a log off: it stays in the queue, which goes on with the next one."""
    log = await context.read(lambda tx: _log(tx, context, press))
    if press.rest not in {QUEUE, ALL}:
        return Show(FORM, log.id, {"folded": 1})
    following = await context.read(lambda tx: _behind(tx, context, log, press.rest))
    args = {"origin": press.rest}
    return Show("queue", 0, args) if following is None else Show(FORM, following, args)


def register(routes: Routes) -> None:
    """Open the room."""
    for verb, run in (
        ("approve", approve),
        ("ask", ask),
        ("reason", pick_reason),
        ("undo", undo),
        ("word", ask_word),
        ("send", send_word),
        ("done", done),
        ("back", back),
        ("open", open_log),
        ("files", see_files),
        ("later", later),
    ):
        routes.button(f"review.{verb}", run, card=FORM)
    routes.form(FORM, take)
    routes.card(FORM, review_card.review_card)
    routes.card("review_files", review_card.files_card)
