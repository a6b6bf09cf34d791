"""The outbox worker: brings each waiting row to its reader at Telegram's pace, drawn at the moment of sending."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from telegram.error import Forbidden, RetryAfter, TelegramError

from bot.context import Later
from bot.errors import journal, new_failure_id
from bot.house import is_transient, wait_after
from bot.send import Message, Show
from bot.texts import N_
from storage import cards, outbox, people
from storage.errors import NotFound, StorageError, Unavailable
from storage.outbox import Letter, Manner, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.house import House
    from domain.people import Person
    from storage.database import Transaction

GIVE_UP_AFTER = timedelta(days=2)  # a transient trouble that lasts longer is not one
ERRORS_OF_OURS = 3
AT_ONCE = 16
# What a card says that its reader may not read any more; it is edited so, and has no buttons.
_GONE = {"review": N_("review.gone"), "application": N_("hiring.gone")}
LATE = 0.5  # seconds on the way, after which a form is drawn once more
LOOK_EVERY = 1.0  # seconds; another process may have written a row

log = journal(__name__)


class OutboxWorker:
    """Sends what is due; one message at a time to each person, many people side by side."""

    at_once = AT_ONCE

    def __init__(self, house: House) -> None:
        self._house = house
        self._wake = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Look again soon: there may be new rows."""
        self._wake.set()

    @property
    def busy(self) -> bool:
        """Whether a message is on its way or a look is asked for."""
        return bool(self._under_way) or self._wake.is_set()

    async def run(self) -> None:
        """Work until cancelled; a database that is away is waited for."""
        while True:
            self._wake.clear()
            try:
                found = await self.look()
            except StorageError as error:
                log.error("outbox.database", error=type(error).__name__)
                found = 0
            if not found:
                await self._rest()

    async def stop(self) -> None:
        """Wait for what is on its way."""
        if self._under_way:
            await asyncio.wait(list(self._under_way.values()), timeout=5)

    async def look(self) -> int:
        """Start sending what is due and return how many were started."""
        held = [*self._under_way, *self._house.pace.cooling_chats()]
        now = self._house.clock()
        letters = await self._due(held, now)
        started = 0
        for letter in letters:
            if letter.person_id in self._under_way or self._house.pace.chat_is_cooling(letter.person_id):
                continue
            while len(self._under_way) >= self.at_once:
                await asyncio.wait(list(self._under_way.values()), return_when=asyncio.FIRST_COMPLETED)
            if letter.manner is Manner.PUSH:
                await self._house.pace.turn()
            task = asyncio.get_running_loop().create_task(self._bring(letter), name=f"letter-{letter.id}")
            self._under_way[letter.person_id] = task
            task.add_done_callback(partial(self._done, letter.person_id))
            started += 1
        return started

    async def _due(self, held: Sequence[int], now: datetime) -> list[Letter]:
        return await self._house.database.read(lambda tx: outbox.due(tx, now=now, limit=self.at_once * 4, but=held))

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), timeout=min(LOOK_EVERY, self._house.pace.soonest_chat()))
        except TimeoutError:
            pass

    def _done(self, person_id: int, _task: asyncio.Task[None]) -> None:
        self._under_way.pop(person_id, None)
        self._wake.set()

    async def _bring(self, letter: Letter) -> None:
        try:
            await self._try(letter)
        except StorageError as error:  # what became of the letter could not be written down: it stays as it is
            log.error("outbox.database", **_ids(letter), error=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    async def _try(self, letter: Letter) -> None:
        try:
            await self._deliver(letter)
        except Later as later:
            await self._put_off(letter, later.until)
        except Forbidden as error:
            await self._close(letter, Outcome.STOPPED, failure=error.message, stopped=True)
        except Exception as error:  # noqa: BLE001 - whatever a renderer raises concerns this letter alone
            await self._after(letter, error)

    async def _deliver(self, letter: Letter) -> None:
        house = self._house
        show = Show(letter.card, letter.subject, letter.args)

        async def draw(tx: Transaction) -> tuple[Person, Message | None, int | None]:
            person = await people.by_id(tx, letter.person_id)
            wanted = await outbox.is_waiting(tx, letter.id)  # it may have been stopped since it was listed
            message = await house.render(tx, person, show) if wanted else None
            return person, message, await cards.message_of(tx, person.id, letter.card, letter.subject)

        try:
            person, message, there = await house.database.read(draw)
        except NotFound:
            person, message, there = await house.database.read(partial(self._emptied, letter))
        if message is None or (letter.manner is Manner.REFRESH and there is None):
            await self._close(letter, Outcome.SETTLED)
        elif person.stopped_at is not None:
            await self._close(letter, Outcome.STOPPED)
        elif letter.manner is Manner.REFRESH and there is not None:
            await self._close(letter, Outcome.SENT, await house.sender.edit(person.telegram_id, there, message))
        else:
            begun = monotonic()
            sent = await house.sender.new(person.telegram_id, message)
            house.pace.spend(message.weight - 1)  # its turn was one
            house.pace.chat_spent(person.id, message.weight)
            await self._close(letter, Outcome.SENT, sent)
            if monotonic() - begun > LATE:
                await self._draw_again(letter)
            if there is not None and there != sent:
                await house.sender.strip(person.telegram_id, there)

    async def _draw_again(self, letter: Letter) -> None:
        """Have a form edited that was long on its way: its reader may have gone on in an older message meanwhile."""
        if letter.card in self._house.routes.forms and not letter.args:
            about, now = (letter.person_id, letter.card, letter.subject), self._house.clock()
            await self._house.database.transaction(
                lambda tx: outbox.add(tx, *about, now=now, manner=Manner.REFRESH, priority=outbox.REPLY)
            )

    async def _emptied(self, letter: Letter, tx: Transaction) -> tuple[Person, Message | None, int | None]:
        """Return what a card says in which somebody may not read any more what it shows; nothing goes out anew."""
        person = await people.by_id(tx, letter.person_id)
        if letter.manner is not Manner.REFRESH or not await outbox.is_waiting(tx, letter.id):
            return person, None, None
        words = self._house.texts[person.language](_GONE.get(letter.card, N_("card.gone")))
        return person, Message(words), await cards.message_of(tx, person.id, letter.card, letter.subject)

    async def _close(
        self,
        letter: Letter,
        outcome: Outcome,
        message_id: int | None = None,
        *,
        failure: str | None = None,
        stopped: bool = False,
    ) -> None:
        now = self._house.clock()
        follow = self._house.routes.followers.get(letter.card)

        async def work(tx: Transaction) -> None:
            await outbox.close(tx, letter.id, outcome, now=now, failure=failure)
            if follow is not None:
                await follow(tx, letter.subject, now)
            if message_id:
                await cards.remember(tx, letter.person_id, letter.card, letter.subject, message_id)
            if stopped:
                await people.set_stopped(tx, letter.person_id, now)

        await self._house.surely(work)  # a letter that still waits would be sent once more
        self._house.metrics.letter(outcome)
        log.debug("outbox.done", **_ids(letter), outcome=outcome.value)

    async def _put_off(self, letter: Letter, until: datetime) -> None:
        now = self._house.clock()
        await self._house.surely(
            lambda tx: outbox.retry(tx, letter.id, now=now, due_at=until, failure=Later.__name__, counts=False)
        )

    async def _after(self, letter: Letter, error: Exception) -> None:
        now = self._house.clock()
        transient = is_transient(error) or isinstance(error, Unavailable)
        if transient:
            log.debug("outbox.put_off", **_ids(letter), error=type(error).__name__)
            wait = wait_after(error, letter.attempts)
            flood = isinstance(error, RetryAfter)
            if flood:
                self._house.pace.flooded(letter.person_id, wait.total_seconds())
            if now - letter.created_at < GIVE_UP_AFTER:
                await self._house.surely(
                    lambda tx: outbox.retry(
                        tx, letter.id, now=now, due_at=now + wait, failure=type(error).__name__, counts=not flood
                    )
                )
                return
        failure = new_failure_id()
        log.exception("outbox.failed", **_ids(letter), failure=failure, exc_info=error)
        if transient or letter.attempts + 1 >= ERRORS_OF_OURS or isinstance(error, TelegramError):
            await self._close(letter, Outcome.FAILED, failure=failure)
        else:
            await self._house.surely(
                lambda tx: outbox.retry(tx, letter.id, now=now, due_at=now + timedelta(seconds=5), failure=failure)
            )


def _ids(letter: Letter) -> dict[str, str | int]:
    return {"letter": letter.id, "card": letter.card, "person": letter.person_id}
