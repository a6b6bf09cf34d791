"""What the whole program shares: the database, the clock, the sentences, the rooms, and the way to Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.clock import Clock
from bot.config import Settings
from bot.context import View
from bot.errors import journal
from bot.metrics import Metrics
from bot.pace import Pace
from bot.routes import Routes
from bot.send import Message, Sender, Show
from bot.texts import Texts, join
from domain.people import Language, Person
from storage.database import Database, Transaction
from storage.errors import Unavailable

T = TypeVar("T")

DATABASE_PAUSE = 1.0  # seconds between two looks whether the database is back

log = journal(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """What the whole program shares."""

    database: Database
    settings: Settings
    clock: Clock
    texts: Mapping[Language, Texts]
    routes: Routes
    sender: Sender
    pace: Pace
    bot_username: str
    metrics: Metrics

    async def surely(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Write down what has happened already, such as a message that was sent; waits for a database that is away.

        Whether a change was made is not known when the database breaks off, so `work` does no harm the second time.
        """
        while True:
            try:
                return await self.database.transaction(work)
            except Unavailable as error:
                log.error("database.waiting", error=str(error))
                await asyncio.sleep(DATABASE_PAUSE)

    async def render(self, tx: Transaction, person: Person, show: Show) -> Message | None:
        """Draw a card for a reader from the state as it is now; None where there is nothing to show any more."""
        view = View(
            tx=tx,
            person=person,
            texts=self.texts[person.language],
            now=self.clock(),
            bot_username=self.bot_username,
            secret=self.settings.token.get_secret_value(),
            subject=show.subject,
            args=show.args,
            record=show.left.record if show.left else None,
        )
        message = await self.routes.cards[show.card](view)
        if message is None or "problem" not in show.args:
            return message
        values = {name: value for name, value in show.args.items() if name != "problem"}
        problem = view.texts(str(show.args["problem"]), **values)
        return replace(message, text=join((problem, message.text), "\n\n"))


def is_transient(error: Exception) -> bool:
    """Whether trying again later may help; a BadRequest, which is a NetworkError there, is not."""
    return isinstance(error, (RetryAfter, NetworkError)) and not isinstance(error, BadRequest)


def wait_after(error: Exception, attempts: int = 0) -> timedelta:
    """Return how long to wait: what Telegram says, else 2 s doubling with each attempt up to ten minutes."""
    after = getattr(error, "retry_after", None)
    if isinstance(after, timedelta):
        return after
    return timedelta(seconds=after if after is not None else min(2 * 2**attempts, 600))
