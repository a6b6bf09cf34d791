"""Remarks on the card of a log: ready ones, words and voice notes on one section, noted while reading.

They go with the answer; none of it is ever needed to decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Show
from bot.texts import N_
from domain.logs import LogState, Section
from domain.remarks import CHIPS
from domain.reviews import REASON_LIMIT, WORD_WAITS, ready_for
from handlers import answers
from handlers.review_parts import FORM, may_answer
from handlers.review_remarks_card import NOTES, OF_VOICE, VOICE, WORDS, section_of
from handlers.review_steps import open_question, read, too_late
from handlers.voices import NONE, PLAYS, WHOLE, Spoken, keep, spoken
from storage import cards, drafts, outbox, phrases, remarks, reviews
from storage.errors import Conflict, NotFound

if TYPE_CHECKING:
    from typing import TypeAlias

    import telegram

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.logs import Decision, Log
    from domain.people import Draft
    from domain.reviews import Submission
    from storage.database import Transaction

    Said: TypeAlias = dict[str, str | int]  # by the names under which a form remembers it


# --- who may still make them ------------------------------------------------------------------------------------


async def still_open(tx: Transaction, context: Context, log_id: int, version: int) -> Submission:
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


async def must_be_offered(tx: Transaction, context: Context, log: Log, decision: Decision, code: str) -> None:
    """Raise `Conflict` where a ready reason points at remarks or voice notes that nobody has made."""
    submission = await read(tx, context, log.id)
    if code not in ready_for(decision, await remarks.noted(tx, submission.revision_id, context.person.id)):
        raise Conflict


async def ask_more(
    tx: Transaction, context: Context, log: Log, step: str, origin: str, said: Said | None = None, *, problem: str = ""
) -> Show:
    """Show the remarks at a step, with what came before anybody said what it is about."""
    await open_question(tx, context, log, step, {"version": log.version, "origin": origin, **(said or {})})
    return Show(FORM, log.id, {"origin": origin, "problem": problem} if problem else {"origin": origin})


async def follow(tx: Transaction, context: Context, submission: Submission) -> None:
    """Let what the student has already been sent say what is said now, silently."""
    review, student = submission.last, submission.log.placement.student_person
    if review is None or student is None or submission.approval_of(context.person.id) is None:
        return
    if await outbox.is_held(tx, reviews.answer_key(review.id), now=context.now):
        return
    manner = outbox.Manner.REFRESH
    args: dict[str, str | int] = {"review": review.id, PLAYS: NONE}
    for card in ("log_answer", "log"):
        await outbox.add(tx, student, card, submission.log.id, args=args, now=context.now, manner=manner)


# --- choosing ---------------------------------------------------------------------------------------------------


async def open_notes(context: Context, press: Press) -> Show:
    """Show the ready remarks and the sections."""

    async def work(tx: Transaction) -> Show:
        log = (await still_open(tx, context, press.id, press.version)).log
        return await ask_more(tx, context, log, NOTES, press.rest)

    return await context.write(work)


async def choose(context: Context, press: Press) -> Show:
    """Choose a ready remark, or a phrase of one's own by its id, or leave it out again."""
    code, chosen, origin = _three(press.rest)
    if not (code in CHIPS or press.number) or chosen not in {"0", "1"}:
        raise Stale(Show(FORM, press.id))

    async def work(tx: Transaction) -> Show:
        submission, me = await still_open(tx, context, press.id, press.version), context.person.id
        if code in CHIPS:
            await remarks.choose(tx, submission.revision_id, me, code, chosen=chosen == "1")
        elif chosen == "1":
            await remarks.say(tx, submission.revision_id, me, await phrases.get(tx, press.number, me))
        else:
            await remarks.unsay(tx, submission.revision_id, me, press.number)
        await follow(tx, context, submission)
        return await ask_more(tx, context, submission.log, NOTES, origin)

    return await context.write(work)


async def choose_section(context: Context, press: Press) -> Show:
    """Take what was typed or said as the remark on a section, a voice note also on the whole log, or ask for it."""
    section, origin = section_in(press)

    async def work(tx: Transaction) -> Show:
        submission = await still_open(tx, context, press.id, press.version)
        log, draft = submission.log, await drafts.get(tx, context.person.id, FORM, press.id)
        said = _said(draft)
        if section not in log.sections if section else VOICE not in said:
            raise Conflict
        if section and not said:
            return await ask_more(tx, context, log, f"{NOTES}.{section.value}", origin)
        return await _keep(tx, context, submission, section, said, origin)

    return await context.write(work)


async def unsay(context: Context, press: Press) -> Show:
    """Take the remark on a section out again."""
    section, origin = section_in(press)

    async def work(tx: Transaction) -> Show:
        submission = await still_open(tx, context, press.id, press.version)
        if section is None:
            raise Conflict
        await remarks.drop(tx, submission.revision_id, context.person.id, section)
        await follow(tx, context, submission)
        return await ask_more(tx, context, submission.log, NOTES, origin)

    return await context.write(work)


def _three(rest: str) -> tuple[str, str, str]:
    first, _, behind = rest.partition(".")
    second, _, third = behind.partition(".")
    return first, second, third


def section_in(press: Press) -> tuple[Section | None, str]:
    """Return the section that a button names, None for the whole log, and where its card was opened."""
    name, _, origin = press.rest.partition(".")
    if name not in {WHOLE, *Section}:
        raise Stale(Show(FORM, press.id))
    return None if name == WHOLE else Section(name), origin


def _said(draft: Draft | None) -> Said:
    """Return what came before anybody said what it is about."""
    if draft is None or draft.step != NOTES:
        return {}
    return {name: draft.answers[name] for name in (WORDS, *OF_VOICE) if name in draft.answers}


# --- typing -----------------------------------------------------------------------------------------------------


async def _keep(
    tx: Transaction, context: Context, submission: Submission, section: Section | None, said: Said, origin: str
) -> Show:
    problem = ""
    if VOICE in said:
        problem = await speak(tx, context, submission, section, said)
    elif section is not None:
        await remarks.write(tx, submission.revision_id, context.person.id, section, str(said[WORDS]))
    await follow(tx, context, submission)
    return await ask_more(tx, context, submission.log, NOTES, origin, problem=problem)


async def speak(tx: Transaction, context: Context, submission: Submission, section: Section | None, said: Said) -> str:
    """Keep a voice note and return the id of the sentence that says that it replaces another, if it does."""
    me, seconds, caption = context.person.id, int(said["seconds"]), str(said["caption"])
    before = await remarks.noted(tx, submission.revision_id, me)
    await remarks.speak(
        tx, submission.revision_id, me, section, file_id=int(said[VOICE]), seconds=seconds, caption=caption
    )
    return N_("voice.replaced") if section in before.voices else ""


def taken_from(message: telegram.Message) -> str | Spoken:
    """Return the words or the voice note of a message; raises `Refused`."""
    return spoken(message) or answers.text(message, limit=REASON_LIMIT)


async def as_said(tx: Transaction, context: Context, taken: str | Spoken) -> Said:
    """Return what a form remembers of it; the file of a voice note is recorded."""
    return {WORDS: taken} if isinstance(taken, str) else await keep(tx, context, taken)


async def take_remark(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Keep a remark that was typed or said; where no section was chosen, ask which it is about."""
    origin, section = str(draft.answers.get("origin", "")), section_of(draft.step)
    taken = taken_from(message)
    context.receipt = True

    async def work(tx: Transaction) -> Show:
        try:
            submission = await still_open(tx, context, draft.subject, int(draft.answers["version"]))
        except (Conflict, NotFound) as error:
            return await too_late(tx, context, draft, error)
        said = await as_said(tx, context, taken)
        if section is None:
            return await ask_more(tx, context, submission.log, NOTES, origin, said)
        return await _keep(tx, context, submission, section, said, origin)

    return await context.write(work)


async def take_reply(context: Context, message: telegram.Message, *, but: int = 0) -> Show | None:
    """Take a reply to the card of a log as a remark on it; None where it replies to none, or to that of `but`."""
    replied = message.reply_to_message
    if replied is None or not (message.text or message.voice):
        return None
    person, card = context.person.id, replied.message_id
    log_id = await context.read(lambda tx: cards.shown_in(tx, person, FORM, card))
    if log_id is None or log_id == but:
        return None
    return await _ask_where(context, message, log_id)


async def take_voice(context: Context, message: telegram.Message) -> Show | None:
    """Take a voice note that answers nothing as a remark on the log whose card came last; None where it waits no more.

    Nobody has to find a button before they talk; what it is about is asked anyway.
    """
    if message.voice is None:
        return None
    person = context.person.id
    card, log_id = await context.read(lambda tx: cards.newest(tx, person))
    if card != FORM:
        return None
    try:
        submission = await context.read(lambda tx: read(tx, context, log_id))
    except NotFound:
        return None
    return await _ask_where(context, message, log_id) if submission.log.state is LogState.SUBMITTED else None


async def _ask_where(context: Context, message: telegram.Message, log_id: int) -> Show:
    taken = taken_from(message)

    async def work(tx: Transaction) -> Show:
        log = (await read(tx, context, log_id)).log
        try:
            await still_open(tx, context, log_id, log.version)
        except Conflict:
            return Show(FORM, log_id, {"problem": N_("review.changed")})
        return await ask_more(tx, context, log, NOTES, "", await as_said(tx, context, taken))

    return await context.write(work)


def register(routes: Routes) -> None:
    """Open the room."""
    for verb, run in (
        ("notes", open_notes),
        ("chip", choose),
        ("on", choose_section),
        ("unsay", unsay),
    ):
        routes.button(f"review.{verb}", run, card=FORM)
