"""Remarks on the card of a log: ready ones and words on one section, noted while reading, sent with the answer.

An approval may also get stars, and the student's hours confirmed. None of it is ever needed to decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Show
from bot.texts import N_
from domain.logs import Section
from domain.remarks import CHIPS, MOST_STARS
from domain.reviews import REASON_LIMIT, WORD_WAITS
from handlers import answers
from handlers.review_parts import FORM, may_answer
from handlers.review_remarks_card import NOTES, WORDS, section_of
from handlers.review_steps import open_question, read, too_late
from storage import cards, drafts, outbox, remarks, reviews
from storage.errors import Conflict, NotFound

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import telegram

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.logs import Log, Review
    from domain.people import Draft
    from domain.reviews import Submission
    from storage.database import Transaction


# --- who may still make them ------------------------------------------------------------------------------------


async def _open(tx: Transaction, context: Context, log_id: int, version: int) -> Submission:
    """Read a log on which remarks can be made; raises `NotFound` or `Conflict`.

    That is one that waits for one's answer, or one's own approval while a word can be added to it too.
    """
    submission = await read(tx, context, log_id)
    if submission.number is None or submission.log.version != version:
        raise Conflict
    if await may_answer(tx, context.person, submission.log):
        return submission
    own = submission.approval_of(context.person.id)
    if own is None or context.now >= own.created_at + WORD_WAITS:
        raise Conflict
    return submission


async def must_have_some(tx: Transaction, context: Context, log: Log) -> None:
    """Raise `Conflict` where nothing was noted, so that remarks are no reason."""
    submission = await read(tx, context, log.id)
    if not await remarks.noted(tx, submission.revision_id, context.person.id):
        raise Conflict


async def _ask(tx: Transaction, context: Context, log: Log, step: str, origin: str, words: str = "") -> Show:
    known: dict[str, str | int] = {"version": log.version, "origin": origin}
    if words:
        known[WORDS] = words
    await open_question(tx, context, log, step, known)
    return Show(FORM, log.id, {"origin": origin})


async def _follow(tx: Transaction, context: Context, submission: Submission) -> None:
    """Let what the student has already been sent say what is said now, silently."""
    review, student = submission.last, submission.log.placement.student_person
    if review is None or student is None or submission.approval_of(context.person.id) is None:
        return
    if await outbox.is_held(tx, reviews.answer_key(review.id), now=context.now):
        return
    manner, args = outbox.Manner.REFRESH, {"review": review.id}
    for card in ("log_answer", "log"):
        await outbox.add(tx, student, card, submission.log.id, args=args, now=context.now, manner=manner)


# --- choosing ---------------------------------------------------------------------------------------------------


async def open_notes(context: Context, press: Press) -> Show:
    """Show the ready remarks and the sections."""

    async def work(tx: Transaction) -> Show:
        log = (await _open(tx, context, press.id, press.version)).log
        return await _ask(tx, context, log, NOTES, press.rest)

    return await context.write(work)


async def choose(context: Context, press: Press) -> Show:
    """Choose a ready remark, or leave it out again."""
    code, chosen, origin = _three(press.rest)
    if code not in CHIPS or chosen not in {"0", "1"}:
        raise Stale(Show(FORM, press.id))

    async def work(tx: Transaction) -> Show:
        submission = await _open(tx, context, press.id, press.version)
        await remarks.choose(tx, submission.revision_id, context.person.id, code, chosen=chosen == "1")
        await _follow(tx, context, submission)
        return await _ask(tx, context, submission.log, NOTES, origin)

    return await context.write(work)


async def choose_section(context: Context, press: Press) -> Show:
    """Take what was typed as the remark on a section, or ask for it."""
    section, origin = _section(press)

    async def work(tx: Transaction) -> Show:
        submission = await _open(tx, context, press.id, press.version)
        log, draft = submission.log, await drafts.get(tx, context.person.id, FORM, press.id)
        if section not in log.sections:
            raise Conflict
        words = str(draft.answers.get(WORDS, "")) if draft and draft.step == NOTES else ""
        if not words:
            return await _ask(tx, context, log, f"{NOTES}.{section.value}", origin)
        return await _keep(tx, context, submission, section, words, origin)

    return await context.write(work)


async def unsay(context: Context, press: Press) -> Show:
    """Take the remark on a section out again."""
    section, origin = _section(press)

    async def work(tx: Transaction) -> Show:
        submission = await _open(tx, context, press.id, press.version)
        await remarks.drop(tx, submission.revision_id, context.person.id, section)
        await _follow(tx, context, submission)
        return await _ask(tx, context, submission.log, NOTES, origin)

    return await context.write(work)


def _three(rest: str) -> tuple[str, str, str]:
    first, _, behind = rest.partition(".")
    second, _, third = behind.partition(".")
    return first, second, third


def _section(press: Press) -> tuple[Section, str]:
    name, _, origin = press.rest.partition(".")
    if name not in set(Section):
        raise Stale(Show(FORM, press.id))
    return Section(name), origin


# --- typing -----------------------------------------------------------------------------------------------------


async def _keep(
    tx: Transaction, context: Context, submission: Submission, section: Section, words: str, origin: str
) -> Show:
    await remarks.write(tx, submission.revision_id, context.person.id, section, words)
    await _follow(tx, context, submission)
    return await _ask(tx, context, submission.log, NOTES, origin)


async def take_remark(context: Context, draft: Draft, words: str) -> Show:
    """Keep a typed remark; where no section was chosen, ask which it is about."""
    origin, section = str(draft.answers.get("origin", "")), section_of(draft.step)
    context.receipt = True

    async def work(tx: Transaction) -> Show:
        try:
            submission = await _open(tx, context, draft.subject, int(draft.answers["version"]))
        except (Conflict, NotFound) as error:
            return await too_late(tx, context, draft, error)
        if section is None:
            return await _ask(tx, context, submission.log, NOTES, origin, words)
        return await _keep(tx, context, submission, section, words, origin)

    return await context.write(work)


async def take_reply(context: Context, message: telegram.Message, *, but: int = 0) -> Show | None:
    """Take a reply to the card of a log as a remark on it; None where it replies to none, or to that of `but`."""
    replied = message.reply_to_message
    if replied is None or message.text is None:
        return None
    person, card = context.person.id, replied.message_id
    log_id = await context.read(lambda tx: cards.shown_in(tx, person, FORM, card))
    if log_id is None or log_id == but:
        return None
    words = answers.text(message, limit=REASON_LIMIT)

    async def work(tx: Transaction) -> Show:
        log = (await read(tx, context, log_id)).log
        try:
            await _open(tx, context, log_id, log.version)
        except Conflict:
            return Show(FORM, log_id, {"problem": N_("review.changed")})
        return await _ask(tx, context, log, NOTES, "", words)

    return await context.write(work)


# --- with an approval -------------------------------------------------------------------------------------------


async def rate(context: Context, press: Press) -> Show:
    """Give an approval stars, or take them away."""
    number = press.number
    if number > MOST_STARS or not press.rest[:1].isdecimal():
        raise Stale(Show(FORM, press.id))
    return await _add(context, press, lambda tx, review, _log: remarks.rate(tx, review, number or None))


async def confirm_hours(context: Context, press: Press) -> Show:
    """Confirm the student's hours with an approval, or leave them open again."""
    confirmed = press.number == 1
    return await _add(
        context, press, lambda tx, review, log: remarks.confirm_hours(tx, review, log.hours if confirmed else None)
    )


async def _add(context: Context, press: Press, change: Callable[[Transaction, Review, Log], Awaitable[None]]) -> Show:
    origin = press.rest.partition(".")[2]

    async def work(tx: Transaction) -> Show:
        submission = await _open(tx, context, press.id, press.version)
        own = submission.approval_of(context.person.id)
        if own is None or own is not submission.last:
            raise Conflict
        await change(tx, own, submission.log)
        await _follow(tx, context, submission)
        return Show(FORM, press.id, {"origin": origin})

    return await context.write(work)


def register(routes: Routes) -> None:
    """Open the room."""
    for verb, run in (
        ("notes", open_notes),
        ("chip", choose),
        ("on", choose_section),
        ("unsay", unsay),
        ("stars", rate),
        ("hours", confirm_hours),
    ):
        routes.button(f"review.{verb}", run, card=FORM)
