"""The desk: takes one stored update and lets the right room handle it; the answerer brings the answer.

Whatever a room raises becomes an answer here: a refusal says why, a stale button gets the thing as it is now.
An update whose effect was committed before the process died is not handled again, only answered.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from telegram.error import Forbidden, NetworkError, RetryAfter

from bot.answer import GONE, Answerer
from bot.context import Context, NotAdmitted, Press, Refused, Stale
from bot.errors import also_about, journal
from bot.house import House, is_transient, wait_after
from bot.send import Button, Message, Show
from bot.texts import N_
from domain.people import Language, name_of
from storage import drafts, inbox, outbox, people
from storage.errors import Conflict, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    import telegram

    from domain.people import Person, Role
    from storage.database import Transaction

log = journal(__name__)

OURS = N_("error.ours")
STALE = N_("button.stale")
REFUSALS_KEPT, REFUSALS_SPAN = 20, timedelta(days=1)  # rows of one person; more are only lines in the journal
_NOTICES = ("pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set")


class Desk:
    """Handles and answers updates, one at a time for each person."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._answerer = Answerer(house)

    async def receive(self, update: telegram.Update, item: inbox.Item) -> None:
        """Handle an update and answer it; what it raises is an error of ours."""
        now = self._house.clock()
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None or user.is_bot:
            await self._answerer.finish(item.update_id, now)
        elif chat.type != "private":
            await self._answer_elsewhere(update)
            await self._answerer.finish(item.update_id, now)
        else:
            await self._receive_from(update, item, await self._person(user, now), now)

    async def apologise(self, update: telegram.Update, failure: str) -> None:
        """Tell the sender of an update that was given up, with the id to report; later where it cannot be now."""
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None or chat.type != "private":
            return
        person = await self._house.database.read(lambda tx: people.by_telegram_id(tx, user.id))
        _ = self._house.texts[person.language if person else Language.of_telegram(user.language_code)]
        try:
            if update.callback_query:
                await self._house.sender.answer(update.callback_query.id)
            await self._house.sender.new(chat.id, Message(_(OURS, failure=failure)))
        except (RetryAfter, NetworkError) as error:
            if person is None or not is_transient(error):
                raise
            due, about = self._house.clock() + wait_after(error), {"problem": OURS, "failure": failure}
            await self._house.surely(partial(_apologise_later, person=person.id, about=about, due=due))

    async def _receive_from(self, update: telegram.Update, item: inbox.Item, person: Person, now: datetime) -> None:
        if update.my_chat_member:
            gone = update.my_chat_member.new_chat_member.status in {"kicked", "left"}
            await self._house.database.transaction(lambda tx: people.set_stopped(tx, person.id, now if gone else None))
            await self._answerer.finish(item.update_id, now)
            return
        also_about(person=person.id)
        message = update.callback_query.message if update.callback_query else update.effective_message
        context = Context(
            database=self._house.database,
            settings=self._house.settings,
            bot_username=self._house.bot_username,
            person=person,
            texts=self._house.texts,
            now=now,
            update_id=item.update_id,
            tried=item.tried,
            message_id=message.message_id if message else 0,
        )
        show = Show.load(item.reply) if item.reply else await self._handle(context, update)
        await self._answerer.reply(context, update, show)
        if context.refused and (person.suspended or not _is_offered(update.callback_query)):
            await self._record(context)

    async def _record(self, context: Context) -> None:
        """Keep who tried to reach what is not theirs, so that a school can ask about it."""
        what, subject_id = context.asked
        kept = await self._house.database.transaction(
            lambda tx: people.record_refusal(
                tx,
                actor_id=context.person.id,
                what=what,
                subject_id=subject_id,
                since=context.now - REFUSALS_SPAN,
                most=REFUSALS_KEPT,
                now=context.now,
            )
        )
        log.warning("refused", person=context.person.id, what=what, subject=subject_id, kept=kept)

    async def _person(self, user: telegram.User, now: datetime) -> Person:
        database = self._house.database
        person = await database.read(lambda tx: people.by_telegram_id(tx, user.id))
        if person is not None and person.stopped_at is None:
            return person
        if person is not None:
            known = person.id
            await database.transaction(lambda tx: people.set_stopped(tx, known, None))
            return replace(person, stopped_at=None)
        return await database.transaction(
            lambda tx: people.meet(
                tx,
                telegram_id=user.id,
                name=name_of(user.first_name, user.last_name),
                language=Language.of_telegram(user.language_code),
                time_zone=self._house.settings.timezone,
                now=now,
            )
        )

    # --- handling -------------------------------------------------------------------------------------------

    async def _handle(self, context: Context, update: telegram.Update) -> Show:
        if update.callback_query:
            return await self._press(context, update.callback_query.data or "")
        message = update.edited_message or update.message
        if message is None or _says_nothing(message):
            return Show()
        return await (self._edited if update.edited_message else self._message)(context, message)

    async def _press(self, context: Context, data: str) -> Show:
        press = Press.parse(data)
        verb = self._house.routes.verbs.get(press.verb) if press else None
        if press is None or verb is None:
            return Show("home", toast=STALE)
        also_about(act=f"press:{press.verb}")
        context.asked = (press.verb, press.id)
        try:
            self._admit(context.person, verb.role, open_to_all=verb.open_to_all)
            return await verb.run(context, press)
        except Refused as refusal:
            context.refused = isinstance(refusal, NotAdmitted)
            return Show(toast=refusal.msgid, args=refusal.values, alert=True)
        except Stale as stale:
            return replace(stale.view, toast=STALE)
        except Conflict:
            return Show(verb.card, press.id if verb.card != "home" else 0, toast=STALE)
        except NotFound:
            context.refused = True
            return Show(toast=GONE, alert=True)

    async def _message(self, context: Context, message: telegram.Message) -> Show:
        routes, person = self._house.routes, context.person
        draft = person.draft
        try:
            name, words = _command_in(message, self._house.bot_username)
            if name is not None:
                command = routes.commands.get(name)
                if command is None and draft:
                    return Show(draft.form, draft.subject, args={"problem": N_("fallback.unknown_in_form")})
                if command is None:
                    return Show("home", args={"problem": N_("fallback.unknown_command")})
                also_about(act=f"command:{name}")
                context.asked = (f"/{name}", 0)
                self._admit(person, command.role, open_to_all=command.open_to_all)
                if draft and command.lays_aside:
                    await self._house.database.transaction(lambda tx: drafts.pause(tx, person.id))
                    context.person = replace(person, draft=None)
                return await command.run(context, words)
            also_about(act=f"form:{draft.form}" if draft else "text")
            if draft and draft.form in routes.forms:
                self._admit_to(draft.form, person)
                return await routes.forms[draft.form](context, draft, message)
            return await self._otherwise(context, message)
        except Refused as refusal:
            problem = {"problem": refusal.msgid, **refusal.values}
            context.refused = isinstance(refusal, NotAdmitted) and name is not None
            if draft and name is None and not isinstance(refusal, NotAdmitted):
                return Show(draft.form, draft.subject, args=problem)
            return Show("notice", args=problem)
        except (Stale, Conflict):
            return Show("home", args={"problem": STALE})
        except NotFound:
            card, subject = (draft.form, draft.subject) if draft and name is None else ("home", 0)
            return Show(card, subject, args={"problem": GONE})

    async def _edited(self, context: Context, message: telegram.Message) -> Show:
        draft = context.person.draft
        try:
            if draft and draft.form in self._house.routes.edits:
                also_about(act=f"edit:{draft.form}")
                self._admit_to(draft.form, context.person)
                return await self._house.routes.edits[draft.form](context, draft, message)
        except Refused as refusal:
            return Show("notice", args={"problem": refusal.msgid, **refusal.values})
        except (Conflict, NotFound):
            pass
        return Show("notice", args={"problem": N_("fallback.edited")})

    async def _otherwise(self, context: Context, message: telegram.Message) -> Show:
        if self._house.routes.otherwise is None:
            raise RuntimeError("no room takes free text")
        return await self._house.routes.otherwise(context, message)

    def _admit(self, person: Person, role: Role | None, *, open_to_all: bool) -> None:
        if not open_to_all and self._house.routes.admit:
            self._house.routes.admit(person, role)

    def _admit_to(self, form: str, person: Person) -> None:
        roles = self._house.routes.form_roles
        self._admit(person, roles.get(form), open_to_all=form not in roles)

    async def _answer_elsewhere(self, update: telegram.Update) -> None:
        """In a group nobody's affairs are spoken of: a command gets the way to the private chat."""
        message = update.message
        if message is None or not (message.text or "").startswith("/") or message.from_user is None:
            return
        _ = self._house.texts[Language.of_telegram(message.from_user.language_code)]
        way = Button(_.plain("button.open_private"), url=f"https://t.me/{self._house.bot_username}")
        try:
            await self._house.sender.new(message.chat_id, Message(_("fallback.private_only"), ((way,),)))
        except (Forbidden, RetryAfter, NetworkError):
            pass  # a group that is busy or closed to us needs no answer


async def _apologise_later(tx: Transaction, *, person: int, about: Mapping[str, str | int], due: datetime) -> None:
    key = f"apology:{about['failure']}"
    await outbox.add(tx, person, "notice", args=about, now=due, priority=outbox.REPLY, unique_key=key)


def _is_offered(query: telegram.CallbackQuery | None) -> bool:
    """Whether a pressed button stands under its message: an old one of one's own, not one that somebody made up."""
    if query is None:
        return False
    markup = getattr(query.message, "reply_markup", None)
    return markup is not None and any(key.callback_data == query.data for row in markup.inline_keyboard for key in row)


def _says_nothing(message: telegram.Message) -> bool:
    """Whether a message is only a notice of Telegram's, or the next place of somebody who moves."""
    return any(getattr(message, kind) for kind in _NOTICES) or bool(message.edit_date and message.location)


def _command_in(message: telegram.Message, bot_username: str) -> tuple[str | None, str]:
    """Return the command's name in lower case and the words behind it; (None, "") where there is none."""
    text = message.text or ""
    if message.forward_origin or not text.startswith("/") or not message.entities:
        return None, ""
    first = message.entities[0]
    if first.type != "bot_command" or first.offset != 0:
        return None, ""
    name, _, address = text[1 : first.length].partition("@")
    if address and address.lower() != bot_username.lower():
        return None, ""
    return name.lower(), text[first.length :].strip()
