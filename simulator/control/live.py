"""What a page needs beyond what tests do: people with their unread messages, the clock, what surrounds a chat."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.clock import FileClock
from simulator.errors import ControlError
from simulator.faults import Faults
from simulator.presence import Presence
from simulator.state import Bot, Chat, Json, Person, World

PHONES = (None, 1, 2, 3)
_WEATHER = ("method", "error", "chat_id")
_LONGEST = 10 * 366 * 86_400.0  # seconds that one step of the clock may take
_SETTLING = 0.05  # seconds in which a bot may write back what it read before


@dataclass(slots=True)
class Live:
    """What the page asks for; the addresses are in `simulator.control.routes`."""

    world: World
    faults: Faults
    presence: Presence

    def look(self) -> tuple[dict[str, Any], frozenset[tuple[int, int]]]:
        """Return what is looked at again and again, and the messages that no bot has fetched yet."""
        bot = self.world.current_bot()
        state = {
            "presence": {"online": self.presence.online(bot), "bot": bot.user},
            "clock": self.clock(),
            "weather": {"faults": [{name: one[name] for name in _WEATHER} for one in self.faults.described()]},
            "people": {"people": [_known(person) for person in self.world.people.values()]},
        }
        return state, bot.queue.unseen_messages()

    def people(self, bot: Bot) -> list[Json]:
        return [_described(bot.chats[person.id], person) for person in self.world.people.values()]

    def change_person(self, bot: Bot, person_id: int, data: Json) -> Json:
        """Change a person's language or label, as somebody does in the settings of their Telegram."""
        person = self.world.people.get(person_id)
        if person is None:
            raise ControlError(f"there is no person {person_id}", 404)
        language = data.get("language_code", person.user.get("language_code", ""))
        if not isinstance(language, str):
            raise ControlError("language_code must be given as text")
        kept = {name: value for name, value in person.user.items() if name != "language_code"}
        person.user = {**kept, "language_code": language} if language else kept
        place(person, data)
        self.world.changed(person_id)
        return _described(bot.chats[person_id], person)

    def read(self, bot: Bot, chat_id: int, data: Json) -> Json:
        """Note up to where the person has seen the chat."""
        chat = bot.chats.get(chat_id)
        if chat is None:
            raise ControlError(f"there is no chat {chat_id}", 404)
        seen = int(data.get("message_id", 0))
        if seen > chat.read:
            chat.read = seen
            self.world.changed(chat_id)
        return {"unread": unread(chat)}

    def clock(self) -> Json:
        clock = self.world.clock
        file = clock if isinstance(clock, FileClock) and clock.path else None
        return {
            "now": clock().isoformat(),
            "offset_seconds": round(file.offset.total_seconds(), 3) if file else None,
            "next_reminder": file.state().get("next_reminder") if file else None,
        }

    async def move_clock(self, data: Json) -> Json:
        """Move the clock forward; it never goes back, since what has happened has happened."""
        clock = self.world.clock
        if not isinstance(clock, FileClock) or clock.path is None:
            raise ControlError("this simulator has no clock file", 409)
        seconds = self._step(data)
        if not 0 < seconds <= _LONGEST:
            raise ControlError("the clock goes forward only, ten years at most", 409)
        clock.move(seconds)
        wanted = clock.offset
        await asyncio.sleep(_SETTLING)
        clock.keep(wanted)
        return self.clock()

    def _step(self, data: Json) -> float:
        to = data.get("to")
        if to is None:
            return float(data.get("seconds", 0))
        if to == "next_reminder":
            to = self.clock()["next_reminder"]
            if to is None:
                raise ControlError("no reminder is due", 409)
        moment = datetime.fromisoformat(str(to))
        if moment.tzinfo is None:
            raise ControlError("the time needs its distance to UTC, as in 2026-11-22T20:00:00+08:00")
        return (moment - self.world.clock() + timedelta(milliseconds=500)).total_seconds()


def place(person: Person, data: Json) -> None:
    """Keep the label and the phone that a demonstration gives to a person."""
    if "phone" in data and data["phone"] not in PHONES:
        raise ControlError("phone must be 1, 2 or 3")
    person.phone = data.get("phone", person.phone)
    person.label = str(data.get("label", person.label))


def unread(chat: Chat) -> int:
    return sum(entry.outgoing and number > chat.read for number, entry in chat.messages.items())


def _known(person: Person) -> Json:
    return {**person.user, "label": person.label, "phone": person.phone, "deleted": person.deleted}


def _described(chat: Chat, person: Person) -> Json:
    return {**_known(person), "blocked": chat.blocked, "started": chat.started, "unread": unread(chat)}


def screen(bot: Bot, chat: Chat) -> Json:
    """Return what a page shows around the messages of a chat."""
    unseen = bot.queue.unseen_messages()
    language = str(chat.person.user.get("language_code", ""))[:2] if chat.person else ""
    return {
        "typing": round(max(0.0, chat.typing_until - time.monotonic()), 1),
        "reply_keyboard": chat.keyboard,
        "unread": unread(chat),
        "read": chat.read,
        "edited": [number for number, entry in chat.messages.items() if entry.edited],
        "waiting": [number for number in chat.messages if (chat.id, number) in unseen],
        "about": {noun.lower(): _about(bot, noun, language) for noun in ("Name", "Description")},
    }


def _about(bot: Bot, noun: str, language: str) -> str:
    default = str(bot.user["first_name"]) if noun == "Name" else ""
    return bot.about.get((noun, language)) or bot.about.get((noun, ""), default)
