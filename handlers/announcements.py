"""Announcements: a coordinator writes a text, sees it as its readers will, chooses to whom, and sends it once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import ANEW, Show
from bot.texts import N_
from domain.announcements import TEXT_LIMIT, Announcement, Audience, Who
from domain.people import Role
from domain.words import clean
from handlers import answers
from handlers.announcement_drafts import CHECK, FORM, TEXT, as_pressed, change_draft, go_to, read_draft, today
from handlers.announcement_letter import WHOLE
from handlers.attachments import describe
from storage import announcements, audiences, drafts, files, people, schools

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.people import Draft
    from storage.database import Transaction


# --- beginning --------------------------------------------------------------------------------------------------


async def announce(context: Context, _words: str) -> Show:
    """Begin an announcement, or go on with the one that was begun."""
    return await context.write(lambda tx: _open(tx, context, None))


async def press_announce(context: Context, press: Press) -> Show:
    """Begin from a button; one that names an audience chooses it."""
    who = Who(press.rest) if press.rest in set(Who) else None
    return await context.write(lambda tx: _open(tx, context, who))


async def _open(tx: Transaction, context: Context, who: Who | None) -> Show:
    me = context.person.id
    known = await announcements.draft_of(tx, me)
    if known is None:
        covered = [one.school_id for one in await schools.classes_of_coordinator(tx, me)]
        school = min(covered) if covered else (await schools.school_of_coordinator(tx, me)).id
        audience = Audience(who or Who.STUDENTS)
        known = await announcements.begin(tx, author_id=me, school_id=school, audience=audience, now=context.now)
        step = TEXT
    else:
        its = await announcements.of_author(tx, known, me)
        if who is not None:
            await announcements.address(tx, its, Audience(who))
        step = CHECK if its.text else TEXT
    return await go_to(tx, context, known, step)


# --- writing ----------------------------------------------------------------------------------------------------


async def take(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Take the text, or a photo or file with its caption; it replaces what was there."""
    if message.photo or message.document:
        return await _take_file(context, draft, message)
    if message.text is None:
        raise Refused(N_("announce.wanted"))
    words = answers.text(message, limit=TEXT_LIMIT)
    context.receipt = True

    async def work(tx: Transaction) -> Show:
        its = await read_draft(tx, context, draft.subject)
        await announcements.write(tx, its, words)
        return await go_to(tx, context, its.id, CHECK, {"message": context.message_id})

    return await context.write(work)


async def _take_file(context: Context, draft: Draft, message: telegram.Message) -> Show:
    album = message.media_group_id or ""
    words = clean(message.caption or "")
    if len(words) > TEXT_LIMIT:
        raise Refused(N_("answer.too_long"), length=len(words), limit=TEXT_LIMIT)
    described = describe(message)
    if described is None:
        raise Refused(N_("announce.wanted"))
    more = bool(album) and draft.answers.get("album") == album
    context.receipt = not more

    async def work(tx: Transaction) -> Show:
        if more:  # the first of the album was taken and answered
            return Show()
        its = await read_draft(tx, context, draft.subject)
        file_id = await files.add(tx, owner_id=context.person.id, now=context.now, **described)
        await announcements.attach(tx, its, file_id, text=words)
        kept = {**draft.answers, "album": album} | ({"message": context.message_id} if words else {})
        show = await go_to(tx, context, its.id, CHECK if words or its.text else TEXT, kept)
        return Show(FORM, show.subject, args={"problem": N_("announce.one_file")}) if album else show

    return await context.write(work)


async def take_edit(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Let an edit of the message that the text came from change the text."""
    words = clean(message.text or message.caption or "")
    if draft.answers.get("message") != message.message_id or not words:
        raise Refused(N_("fallback.edited"))
    if len(words) > TEXT_LIMIT:
        raise Refused(N_("answer.too_long"), length=len(words), limit=TEXT_LIMIT)

    async def work(tx: Transaction) -> Show:
        its = await read_draft(tx, context, draft.subject)
        await announcements.write(tx, its, words)
        return await go_to(tx, context, its.id, CHECK, draft.answers)

    return await context.write(work)


# --- the buttons of the draft -----------------------------------------------------------------------------------


async def edit_text(context: Context, press: Press) -> Show:
    """Ask for another text."""

    async def work(tx: Transaction) -> Show:
        await as_pressed(tx, context, press)
        return await go_to(tx, context, press.id, TEXT)

    return await context.write(work)


async def keep_text(context: Context, press: Press) -> Show:
    """Leave the text as it is."""

    async def work(tx: Transaction) -> Show:
        its = await as_pressed(tx, context, press)
        return await go_to(tx, context, press.id, CHECK if its.text else TEXT)

    return await context.write(work)


async def show_whole(context: Context, press: Press) -> Show:
    """Send the author what the readers will get."""
    await context.read(lambda tx: announcements.of_author(tx, press.id, context.person.id))
    return Show(WHOLE, press.id, place=ANEW)


async def _toggle_acknowledgement(tx: Transaction, _context: Context, _press: Press, its: Announcement) -> None:
    await announcements.want_acknowledgement(tx, its, wanted=not its.acknowledge)


async def _drop_file(tx: Transaction, _context: Context, _press: Press, its: Announcement) -> None:
    await announcements.attach(tx, its, None)


async def cancel(context: Context, press: Press) -> Show:
    """Give the draft up; nothing goes out."""

    async def work(tx: Transaction) -> Show:
        its = await read_draft(tx, context, press.id)
        await announcements.cancel(tx, its)
        await drafts.close(tx, context.person.id, FORM, its.id)
        return Show("home", toast=N_("announce.cancelled_toast"))

    return await context.write(work)


async def send(context: Context, press: Press) -> Show:
    """Send it to whoever is in the audience at this moment; the card counts from then on."""

    async def work(tx: Transaction) -> Show:
        its, me = await as_pressed(tx, context, press), context.person
        if not its.text:
            raise Stale(Show(FORM, its.id))
        readers = await audiences.people(tx, its, today=today(context), now=context.now)
        if not readers:
            raise Refused(N_("announce.nobody"))
        await announcements.send(tx, its, readers, now=context.now)
        await drafts.close(tx, me.id, FORM, its.id)
        await people.record_act(
            tx,
            actor_id=me.id,
            act="announced",
            subject_kind="announcement",
            subject_id=its.id,
            now=context.now,
        )
        return Show(FORM, its.id)

    return await context.write(work)


def register(routes: Routes) -> None:
    """Open the room."""
    coordinator = Role.COORDINATOR
    routes.command("announce", announce, role=coordinator)
    routes.button("announce", press_announce, role=coordinator)
    routes.form(FORM, take, role=coordinator)
    routes.edited(FORM, take_edit)
    for verb, run in (
        ("text", edit_text),
        ("keep", keep_text),
        ("whole", show_whole),
        ("cancel", cancel),
        ("send", send),
        ("ack", partial(change_draft, _toggle_acknowledgement)),
        ("nofile", partial(change_draft, _drop_file)),
    ):
        routes.button(f"announce.{verb}", run, role=coordinator, card=FORM)
