"""The answer to an update: its card drawn and brought to the actor, and where it is remembered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from telegram.error import Forbidden, NetworkError, RetryAfter

from bot.house import House, is_transient, wait_after
from bot.send import ANEW, THERE, Message, Show
from bot.texts import N_
from storage import cards, drafts, inbox, outbox, people
from storage.errors import NotFound

if TYPE_CHECKING:
    import telegram

    from bot.context import Context
    from bot.texts import Texts
    from domain.people import Person
    from storage.database import Transaction

GONE = N_("button.gone")


@dataclass(frozen=True, slots=True)
class _Shown:
    """A card that is now in another message than before: one that was sent for it, or one that showed another card."""

    show: Show
    message_id: int
    is_new: bool


class Answerer:
    """Brings the answers; what cannot be sent now goes by the outbox."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def reply(self, context: Context, update: telegram.Update, show: Show) -> None:
        reader, older, message = context.person, None, None
        if show.card:
            reader, older, message = await self._house.database.read(lambda tx: self._look(tx, context, show))
            if message is None:
                show = await self._instead(context, show, pressed=update.callback_query is not None)
            if message is None and show.card:
                reader, older, message = await self._house.database.read(lambda tx: self._look(tx, context, show))
        try:
            sent = await self._bring(context, update, show, message, older, self._house.texts[reader.language])
        except Forbidden:
            await self._house.surely(lambda tx: people.set_stopped(tx, reader.id, context.now))
            sent = None
        except (RetryAfter, NetworkError) as error:
            if not is_transient(error):
                raise
            await self._put_off(context, show, error)
            return
        shown = None
        if show.card and sent is not None and sent != older:
            shown = _Shown(show, sent, is_new=sent != context.message_id)
        await self.finish(context.update_id, context.now, reader.id, shown)

    async def _instead(self, context: Context, show: Show, *, pressed: bool) -> Show:
        """Say that a card is not open any more; a form that is not is forgotten, or it would lead nowhere for ever."""
        if show.card in self._house.routes.forms:
            await self._house.surely(lambda tx: drafts.close(tx, context.person.id, show.card, show.subject))
        elif pressed:
            return Show(toast=GONE, alert=True)
        return Show("home", toast=GONE, alert=True) if pressed else Show("home", args={"problem": GONE})

    async def _look(self, tx: Transaction, context: Context, show: Show) -> tuple[Person, int | None, Message | None]:
        """Read the person anew, since the update may have changed language or roles, and draw the card for them."""
        if show.left is None:
            reader, older = await people.as_reader(tx, context.person.id, show.card, show.subject)
        else:
            reader, older = show.left.reader, await cards.message_of(tx, context.person.id, show.card, show.subject)
        try:
            return reader, older, await self._house.render(tx, reader, show)
        except NotFound:
            context.refused = bool(context.asked[1])
            return reader, older, None

    async def _bring(
        self,
        context: Context,
        update: telegram.Update,
        show: Show,
        message: Message | None,
        older: int | None,
        _: Texts,
    ) -> int | None:
        sender, chat_id = self._house.sender, context.person.telegram_id
        if update.callback_query:
            toast = _.plain(show.toast, **show.args) if show.toast else ""
            try:
                await sender.answer(update.callback_query.id, toast, alert=show.alert)
            except (RetryAfter, NetworkError):
                if message is None:  # else the card says the same
                    raise
        if message is None:
            return None
        self._house.pace.spend(message.weight)
        if update.callback_query:
            return await self._answer_press(context, show, message, older)
        if older is not None and show.place == THERE:
            if context.receipt:
                await sender.receipt(chat_id, context.message_id)
            return await sender.edit(chat_id, older, message)
        if context.receipt and context.message_id:
            receipt = sender.receipt(chat_id, context.message_id)
            sent, _none = await asyncio.gather(sender.new(chat_id, message), receipt)
        else:
            sent = await sender.new(chat_id, message)
        if older is not None and older != sent:
            await sender.strip(chat_id, older)
        return sent

    async def _answer_press(self, context: Context, show: Show, message: Message, older: int | None) -> int:
        sender, chat_id = self._house.sender, context.person.telegram_id
        if show.place == ANEW:
            sent = await sender.new(chat_id, message)
        else:
            sent = await sender.edit(chat_id, context.message_id, message)
        if older is not None and older != sent:  # the same thing was shown further up
            await sender.strip(chat_id, older)
        return sent

    async def _put_off(self, context: Context, show: Show, error: Exception) -> None:
        wait = wait_after(error)
        if isinstance(error, RetryAfter):
            self._house.pace.flooded(context.person.id, wait.total_seconds())

        later = show
        if not show.card and show.alert:  # why something was refused is said in a message where it cannot be shown
            later = Show("notice", args={"problem": show.toast, **show.args})

        async def work(tx: Transaction) -> None:
            if later.card:
                await outbox.add(
                    tx,
                    context.person.id,
                    later.card,
                    later.subject,
                    args=later.args,
                    now=context.now,
                    due_at=context.now + wait,
                    priority=outbox.REPLY,
                    unique_key=f"reply:{context.update_id}",
                )
            await inbox.finish(tx, context.update_id, now=context.now)

        await self._house.surely(work)

    async def finish(self, update_id: int, now: datetime, person_id: int = 0, shown: _Shown | None = None) -> None:
        async def work(tx: Transaction) -> None:
            await inbox.finish(tx, update_id, now=now)
            if shown is not None:
                card, subject = shown.show.card, shown.show.subject
                await cards.remember(tx, person_id, card, subject, shown.message_id, is_new=shown.is_new)

        await self._house.surely(work)  # the answer is there: repeated because of this, it would be there twice
