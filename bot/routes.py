"""The register of the rooms: who answers a command, a button, an answer in a form, and who draws a card."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.send import Message, Show
    from bot.texts import Texts
    from domain.people import Draft, Person, Role
    from domain.records import Rows
    from storage.database import Transaction
    from storage.schedule import Batch

    OnCommand: TypeAlias = Callable[[Context, str], Awaitable[Show]]
    OnPress: TypeAlias = Callable[[Context, Press], Awaitable[Show]]
    OnAnswer: TypeAlias = Callable[[Context, Draft, telegram.Message], Awaitable[Show]]
    OnMessage: TypeAlias = Callable[[Context, telegram.Message], Awaitable[Show]]
    Plan: TypeAlias = Callable[[Transaction, Batch, datetime], Awaitable[Mapping[int, datetime | None]]]
    Follower: TypeAlias = Callable[[Transaction, int, datetime], Awaitable[None]]
    Renderer: TypeAlias = Callable[[View], Awaitable[Message | None]]
    Page: TypeAlias = Callable[[Texts, ZoneInfo, Rows, datetime], Markup]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: who may use it (nobody named: everyone), and whether it lays an open form aside."""

    run: OnCommand
    role: Role | None
    lays_aside: bool
    open_to_all: bool


@dataclass(frozen=True, slots=True)
class Verb:
    """A button's verb: what it does, who may, and which card shows the thing afresh when the button is stale."""

    run: OnPress
    role: Role | None
    card: str
    open_to_all: bool


@dataclass(frozen=True, slots=True)
class Planner:
    """The rule of a kind of reminder, and of how many things it may be asked at once without holding others up."""

    plan: Plan
    at_once: int


@dataclass(slots=True)
class Routes:
    """Everything that the rooms answer to; filled once at start, then only read."""

    commands: dict[str, Command] = field(default_factory=dict)
    verbs: dict[str, Verb] = field(default_factory=dict)
    forms: dict[str, OnAnswer] = field(default_factory=dict)
    form_roles: dict[str, Role | None] = field(default_factory=dict)  # of the forms that are not open to all
    cards: dict[str, Renderer] = field(default_factory=dict)
    edits: dict[str, OnAnswer] = field(default_factory=dict)
    otherwise: OnMessage | None = None
    admit: Callable[[Person, Role | None], None] | None = None  # raises Refused
    planners: dict[str, Planner] = field(default_factory=dict)
    followers: dict[str, Follower] = field(default_factory=dict)
    parcels: dict[str, Page] = field(default_factory=dict)

    def command(
        self,
        name: str,
        run: OnCommand,
        *,
        role: Role | None = None,
        lays_aside: bool = True,
        open_to_all: bool = False,
    ) -> None:
        """Answer `/name …`; `open_to_all` also before the privacy notice is agreed to."""
        self._once(self.commands, name)
        self.commands[name] = Command(run, role, lays_aside, open_to_all)

    def button(
        self,
        verb: str,
        run: OnPress,
        *,
        role: Role | None = None,
        card: str = "home",
        open_to_all: bool = False,
    ) -> None:
        """Answer a press on a button with this verb."""
        self._once(self.verbs, verb)
        self.verbs[verb] = Verb(run, role, card, open_to_all)

    def form(self, name: str, take: OnAnswer, *, role: Role | None = None, open_to_all: bool = False) -> None:
        """Take what a person sends while this form is active."""
        self._once(self.forms, name)
        if not open_to_all:
            self.form_roles[name] = role
        self.forms[name] = take

    def card(self, name: str, render: Renderer) -> None:
        """Draw a card, at the moment at which it is sent."""
        self._once(self.cards, name)
        self.cards[name] = render

    def edited(self, form: str, take: OnAnswer) -> None:
        """Take the edit of a message that was an answer in this form."""
        self._once(self.edits, form)
        self.edits[form] = take

    def reminder(self, kind: str, plan: Plan, *, at_once: int) -> None:
        """Plan what falls due: gets a batch of it and now; writes outbox rows, returns each subject's next time.

        None takes a subject off the schedule. `at_once` is the most that a batch holds: as many as are planned in
        about 20 ms.
        """
        self._once(self.planners, kind)
        self.planners[kind] = Planner(plan, at_once)

    def after_sending(self, card: str, follow: Follower) -> None:
        """Follow what becomes of each copy of a card: gets the subject and now, in the transaction that records it."""
        self._once(self.followers, card)
        self.followers[card] = follow

    def parcel(self, card: str, page: Page) -> None:
        """Send with this card what is kept about its reader; `page` shows the rows, and runs on a thread."""
        self._once(self.parcels, card)
        self.parcels[card] = page

    @staticmethod
    def _once(register: Mapping[str, object], name: str) -> None:
        if name in register:
            raise ValueError(f"registered twice: {name}")
