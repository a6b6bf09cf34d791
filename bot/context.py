"""What a room gets: who is speaking, in which language, when, and the two doors to the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from domain.words import whole_number
from storage import inbox

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from bot.config import Settings
    from bot.send import Show
    from bot.texts import Texts
    from domain.people import Person
    from storage.database import Database, Transaction

T = TypeVar("T")


class Refused(Exception):
    """What the person sent cannot be taken; `msgid` says why and what to do next. Nothing was changed."""

    def __init__(self, msgid: str, /, **values: str | int) -> None:
        super().__init__(msgid)
        self.msgid = msgid
        self.values = values


class NotAdmitted(Refused):
    """The person asks for what is not theirs: refused in the same way, and recorded."""


class Later(Exception):
    """The reader is not to be disturbed now: the outbox draws the card again, and sends it, at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class Stale(Exception):
    """The button belongs to an earlier state; `view` shows the thing as it is now."""

    def __init__(self, view: Show) -> None:
        super().__init__(view.card)
        self.view = view


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: what to do, with which record, as it was in which version, and anything else it carries."""

    verb: str
    id: int = 0
    version: int = 0
    rest: str = ""

    @classmethod
    def parse(cls, data: str) -> Press | None:
        """Read what a button carries (`verb:id:version:rest`); None for what no button of ours carries."""
        parts = data.split(":", 3)
        numbers = parts[1:3]
        if len(parts) != 4 or not all(len(part) < 16 and part.isascii() and part.isdigit() for part in numbers):
            return None
        return cls(parts[0], int(numbers[0]), int(numbers[1]), parts[3])

    @property
    def page(self) -> int:
        """The page of a list that the button leads to: what `rest` ends with, behind a dot if there is more."""
        return whole_number(self.rest.rpartition(".")[2])

    @property
    def number(self) -> int:
        """The number that `rest` begins with, before a dot if there is more: an id, or a count."""
        return whole_number(self.rest.partition(".")[0])


@dataclass(slots=True)
class Context:
    """One update on its way through a room."""

    database: Database
    settings: Settings
    bot_username: str
    person: Person
    texts: Mapping[Any, Texts]
    now: datetime
    update_id: int
    tried: bool = True  # somebody may have begun to handle this update before
    message_id: int = 0  # of the message that came, or that carries the pressed button
    receipt: bool = field(default=False)  # react to the person's message: it was taken as an answer
    asked: tuple[str, int] = ("", 0)  # what for: a button's verb with its id, or a command
    refused: bool = False  # what was asked for is not theirs

    @property
    def _(self) -> Texts:
        """The sentences in the person's language."""
        return self.texts[self.person.language]

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Read without a write lock."""
        return await self.database.read(work)

    async def write(self, work: Callable[[Transaction], Awaitable[Show]]) -> Show:
        """Make the effect of this update, and the knowledge that it is made and how it is answered, in one commit.

        `work` may be run twice, so it has no effect outside the database.
        """

        async def once(tx: Transaction) -> Show:
            show = await work(tx)
            await inbox.apply(tx, self.update_id, show.dump(), tried=self.tried)
            return show

        return await self.database.transaction(once)


@dataclass(frozen=True, slots=True)
class Left:
    """How a unit left the reader and the record of the card, where both are known without reading them again."""

    reader: Person
    record: object


@dataclass(frozen=True, slots=True)
class View:
    """What a card's renderer gets: the reader and the moment of reading, not those of the cause."""

    tx: Transaction
    person: Person
    texts: Texts
    now: datetime
    bot_username: str
    secret: str  # from which invitation codes are derived
    subject: int = 0
    args: Mapping[str, Any] = field(default_factory=dict)
    record: object = None  # what the card is about, where it is known from the unit that changed it

    @property
    def _(self) -> Texts:
        """The sentences in the reader's language."""
        return self.texts
