"""Phrases of one's own: what a reviewer says again and again, kept as they say it, one press beside the ready remarks.

Nobody else sees the list. What was chosen of it goes with an answer in the words that it had then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain.remarks import MOST_PHRASES, PHRASE_LIMIT
from domain.words import whole_number
from handlers import answers
from handlers.access import admit_staff
from handlers.buttons import button, home
from handlers.review_remarks import ask_more, follow, still_open
from handlers.review_remarks_card import NOTES, WORDS, is_phrase
from handlers.review_steps import read
from storage import drafts, phrases, remarks
from storage.errors import Conflict, NotFound

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from domain.people import Draft
    from domain.remarks import Phrase
    from storage.database import Transaction

FORM = "phrases"  # the card too; its one step asks for a new phrase
ROW = 4


async def show(context: Context, press: Press) -> Show:
    """List one's phrases; the id is the log from which one came, and to which a button leads back."""
    admit_staff(context.person)

    async def work(tx: Transaction) -> Show:
        await drafts.close(tx, context.person.id, FORM)
        return Show(FORM, args={"log": press.id, "origin": press.rest})

    return await context.write(work)


async def ask(context: Context, press: Press) -> Show:
    """Ask for a new phrase."""
    admit_staff(context.person)
    known = {"log": press.id, "origin": press.rest}

    async def work(tx: Transaction) -> Show:
        await _must_have_room(tx, context)
        await drafts.activate(tx, context.person.id, FORM, step="new", answers=known, now=context.now)
        return Show(FORM)

    return await context.write(work)


async def _must_have_room(tx: Transaction, context: Context) -> None:
    if len(await phrases.of_person(tx, context.person.id)) >= MOST_PHRASES:
        raise Refused(N_("phrases.full"), limit=MOST_PHRASES)


async def take(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Keep a typed phrase; where it was asked for at a log, it is chosen there too."""
    words = answers.line(message, limit=PHRASE_LIMIT)
    log_id, origin = int(draft.answers.get("log", 0)), str(draft.answers.get("origin", ""))

    async def work(tx: Transaction) -> Show:
        await _must_have_room(tx, context)
        phrase = await phrases.add(tx, context.person.id, words, now=context.now)
        await drafts.close(tx, context.person.id, FORM)
        if not log_id:
            return Show(FORM)
        try:
            return await _choose(tx, context, log_id, (await read(tx, context, log_id)).log.version, phrase, origin)
        except (Conflict, NotFound):  # decided, or somebody else's by now
            return Show(FORM)

    shown = await context.write(work)
    context.receipt = True
    return shown


async def _choose(tx: Transaction, context: Context, log_id: int, version: int, phrase: Phrase, origin: str) -> Show:
    submission = await still_open(tx, context, log_id, version)
    await remarks.say(tx, submission.revision_id, context.person.id, phrase)
    await follow(tx, context, submission)
    return await ask_more(tx, context, submission.log, NOTES, origin)


async def keep(context: Context, press: Press) -> Show:
    """Keep what was typed as a remark as a phrase too, and choose it for the whole log."""

    async def work(tx: Transaction) -> Show:
        submission = await still_open(tx, context, press.id, press.version)
        draft = await drafts.get(tx, context.person.id, "review", press.id)
        words = str(draft.answers.get(WORDS, "")) if draft and draft.step == NOTES else ""
        if not words or not is_phrase(words):
            raise Conflict
        await _must_have_room(tx, context)
        phrase = await phrases.add(tx, context.person.id, words, now=context.now)
        return await _choose(tx, context, press.id, submission.log.version, phrase, press.rest)

    return await context.write(work)


async def drop(context: Context, press: Press) -> Show:
    """Delete a phrase; the next button takes that back."""
    log_id, origin = _came_from(press)

    async def work(tx: Transaction) -> Show:
        try:
            phrase = await phrases.get(tx, press.id, context.person.id)
        except Conflict:
            raise Stale(Show(FORM, args={"log": log_id, "origin": origin})) from None
        await phrases.drop(tx, phrase, context.person.id, now=context.now)
        return Show(FORM, args={"log": log_id, "origin": origin, "dropped": phrase.id}, toast=N_("phrases.dropped"))

    return await context.write(work)


async def undo(context: Context, press: Press) -> Show:
    """Keep a phrase that was deleted just now."""
    log_id, origin = _came_from(press)

    async def work(tx: Transaction) -> Show:
        shown = Show(FORM, args={"log": log_id, "origin": origin})
        try:
            await phrases.take_back(tx, press.id, context.person.id)
        except Conflict:
            raise Stale(shown) from None
        return shown

    return await context.write(work)


def _came_from(press: Press) -> tuple[int, str]:
    log_id, _, origin = press.rest.partition(".")
    return whole_number(log_id), origin


async def phrases_card(view: View) -> Message | None:
    """Draw one's phrases, with what deletes each, or ask for a new one."""
    _, draft = view.texts, view.person.draft
    if draft is not None and draft.form == FORM:
        known = draft.answers
        back = button(_.plain("button.back"), "phrases", int(known.get("log", 0)), rest=str(known.get("origin", "")))
        return Message(_("phrases.ask", limit=PHRASE_LIMIT), [[back]])
    log_id, origin = int(view.args.get("log", 0)), str(view.args.get("origin", ""))
    mine, came_from = await phrases.of_person(view.tx, view.person.id), f"{log_id}.{origin}"
    lines = [_("phrases.line", number=number, words=phrase.text) for number, phrase in enumerate(mine, 1)]
    title = _.plural("phrases.title", len(mine), limit=MOST_PHRASES) if mine else _("phrases.empty")
    drops = [
        button(_.plain("phrases.drop", number=number), "phrases.drop", phrase.id, rest=came_from)
        for number, phrase in enumerate(mine, 1)
    ]
    rows = [drops[start : start + ROW] for start in range(0, len(drops), ROW)]
    if view.args.get("dropped"):
        rows.append([button(_.plain("phrases.undo"), "phrases.undo", int(view.args["dropped"]), rest=came_from)])
    if len(mine) < MOST_PHRASES:
        rows.append([button(_.plain("phrases.new"), "phrases.new", log_id, rest=origin)])
    away = button(_.plain("review.button.text"), "review.open", log_id, rest=origin) if log_id else home(_)
    return Message(join((title, join(lines) or None, _("phrases.about")), "\n\n"), [*rows, [away]])


def register(routes: Routes) -> None:
    """Open the room."""
    for verb, run in (("", show), (".new", ask), (".drop", drop), (".undo", undo)):
        routes.button(f"phrases{verb}", run)
    routes.button("review.keep", keep, card="review")
    routes.form(FORM, take)
    routes.card(FORM, phrases_card)
