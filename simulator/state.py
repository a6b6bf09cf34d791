"""The simulated world: people, groups and bots, the messages between them, and what each side knows.

A message body is never changed in place: an edit puts a new one there, so an update or an answer that
went out earlier still says what it said then. Whoever wants to follow changes sets ``World.changed``.
"""

import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import Clock
from simulator.errors import ControlError, bad_request, forbidden
from simulator.files import Files
from simulator.limits import Flood, Limits
from simulator.updates import Queue

Json = dict[str, Any]
_FIRST_PERSON = 5_000_000_001
_FIRST_GROUP = -4_000_000_001


@dataclass(slots=True)
class Person:
    user: Json
    deleted: bool = False
    forbids_voice: bool = False  # a setting that people with Premium have
    label: str = ""  # what a page calls the person's part, such as "Mentor"
    phone: int | None = None  # the phone of the page on which the person starts

    @property
    def id(self) -> int:
        return int(self.user["id"])


@dataclass(slots=True)
class Entry:
    """One message in a chat: its current body, who sent it, the bot's reactions to it."""

    body: Json
    outgoing: bool
    reactions: list[Json] = field(default_factory=list)
    edited: bool = False  # as apps show it: not when a bot changes a message with buttons


@dataclass(slots=True)
class Press:
    """A pressed button that waits for, or has, the bot's answer."""

    id: str
    chat_id: int
    message_id: int
    data: str
    at: float
    answered: bool = False


@dataclass(slots=True)
class Chat:
    """A private chat or a group, as one bot has it."""

    info: Json
    person: Person | None = None
    started: bool = False
    blocked: bool = False
    member: bool = False  # groups only: the bot is in
    messages: dict[int, Entry] = field(default_factory=dict)
    answers: list[Json] = field(default_factory=list)
    menu_button: Json | None = None
    typing_until: float = 0.0  # on the machine's own clock
    keyboard: Json | None = None  # the reply keyboard that is shown now
    read: int = 0  # the newest message that the person has seen, as far as a page told

    @property
    def id(self) -> int:
        return int(self.info["id"])


@dataclass(slots=True)
class Bot:
    user: Json
    queue: Queue
    flood: Flood
    files: Files
    chats: dict[int, Chat] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    about: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})
    last_message: int = 0

    @property
    def id(self) -> int:
        return int(self.user["id"])

    def next_message_id(self) -> int:
        self.last_message += 1
        return self.last_message

    def chat(self, chat_id: int) -> Chat:
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def writable(self, chat_id: int) -> Chat:
        """Return the chat, if the bot may write there now; refuses with Telegram's reasons otherwise."""
        chat = self.chat(chat_id)
        if chat.person is None:
            if not chat.member:
                raise forbidden("bot is not a member of the group chat")
        elif chat.person.deleted:
            raise forbidden("user is deactivated")
        elif chat.blocked:
            raise forbidden("bot was blocked by the user")
        elif not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat


class World:
    """Everything that one simulator holds. `changed(chat_id)` is called after each visible change."""

    def __init__(self, clock: Clock, limits: Limits, bot_username: str, first_update_id: int | None) -> None:
        self.clock = clock
        self.limits = limits
        self.people: dict[int, Person] = {}
        self.bots: dict[int, Bot] = {}
        self.groups: dict[int, Json] = {}
        self.changed: Callable[[int], None] = lambda _chat_id: None
        self.acted: Callable[[int], None] = lambda _chat_id: None  # the bot shows an action such as typing
        self._username = bot_username
        # Seconds since mid-2020: a simulator started anew goes on above the ids it gave before.
        self._first_update = first_update_id or int(time.time()) - 1_600_000_000
        self._groups = itertools.count(_FIRST_GROUP, -1)
        self._next_person = _FIRST_PERSON
        self._unclaimed: Bot | None = None

    def now(self) -> int:
        return int(self.clock().timestamp())

    def bot(self, bot_id: int) -> Bot:
        """Return the bot with this id; the first one that calls takes over what people sent before it did."""
        found = self.bots.get(bot_id)
        if found is None:
            found = self._unclaimed or self._new_bot(bot_id, self._username_for(bot_id))
            self._unclaimed = None
            found.user["id"] = bot_id
            self.bots[bot_id] = found
        return found

    def current_bot(self, bot_id: int | None = None) -> Bot:
        """Return the bot that people mean when they write: the given one, else the first."""
        if bot_id is not None:
            if bot_id not in self.bots:
                raise ControlError(f"no bot with id {bot_id} has called yet", 404)
            return self.bots[bot_id]
        if self.bots:
            return next(iter(self.bots.values()))
        if self._unclaimed is None:
            self._unclaimed = self._new_bot(0, self._username)
        return self._unclaimed

    def all_bots(self) -> list[Bot]:
        return [*self.bots.values(), *([self._unclaimed] if self._unclaimed else [])]

    def _username_for(self, bot_id: int) -> str:
        return self._username if not self.bots else f"sim{bot_id}_bot"

    def _new_bot(self, bot_id: int, username: str) -> Bot:
        user = {"id": bot_id, "is_bot": True, "first_name": "Shixi", "username": username}
        bot = Bot(user, Queue(self._first_update), Flood(self.limits), Files(bot_id or secrets.randbits(32)))
        for person in self.people.values():
            bot.chats[person.id] = _private_chat(person)
        for info in self.groups.values():
            bot.chats[info["id"]] = Chat(info)
        return bot

    def add_person(self, fields: Json) -> Person:
        person_id = fields.get("id") or self._free_person_id()
        if person_id in self.people:
            raise ControlError(f"there is a person with id {person_id} already", 409)
        names = ("first_name", "last_name", "username", "language_code")
        user = {
            "id": person_id,
            "is_bot": False,
            **{name: fields[name] for name in names if fields.get(name)},
        }
        person = self.people[person_id] = Person(user)
        for bot in self.all_bots():
            bot.chats[person_id] = _private_chat(person)
        return person

    def _free_person_id(self) -> int:
        while self._next_person in self.people:
            self._next_person += 1
        return self._next_person

    def add_group(self, title: str) -> Json:
        info: Json = {"id": next(self._groups), "title": title, "type": "group"}
        self.groups[info["id"]] = info
        for bot in self.all_bots():
            bot.chats[info["id"]] = Chat(info)
        return info

    def user(self, user_id: int) -> Json | None:
        person = self.people.get(user_id)
        return person.user if person else None


def _private_chat(person: Person) -> Chat:
    names = ("first_name", "last_name", "username")
    info = {"id": person.id, **{name: person.user[name] for name in names if name in person.user}}
    return Chat({**info, "type": "private"}, person)
