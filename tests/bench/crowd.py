"""People who talk to a bot: each goes through a script, says what it says, and presses buttons that the bot offered.

A step of a script is `["say", text]` or `["press", verb]`, the verb of a button on the newest card that the person
has. Nothing of what a button carries is known here: it is read off the bot's own answers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, count, repeat
from time import perf_counter
from typing import Any, TypeAlias

Step: TypeAlias = Sequence[str]
Json: TypeAlias = dict[str, Any]


class Manner(StrEnum):
    """How people go on: when they are answered, at once with everything, or one at a time, by turns."""

    ANSWERED = "answered"
    EAGER = "eager"
    ALONE = "alone"


@dataclass(slots=True)
class Somebody:
    """A person: what they do next, and the newest card they have."""

    id: int
    steps: Iterator[Step]
    card: Json = field(default_factory=dict)
    update_id: int = 0  # of the update that waits for its answer
    asked_at: float = 0.0


class Crowd:
    """Writes the updates that are ready to be fetched, and hears what the bot answers."""

    def __init__(
        self, people: Sequence[int], script: Sequence[Step], times: int, manner: Manner, first_id: int
    ) -> None:
        self.people = {one: Somebody(one, chain.from_iterable(repeat(script, times))) for one in people}
        self.manner = manner
        self.ready: deque[Json] = deque()
        self.asked = 0
        self.answered = 0
        self.waits: list[float] = []  # seconds from an update's leaving to the card that answers it
        self.stuck: list[str] = []
        self.speaking: Somebody | None = None  # of those who speak one at a time
        self._silent = deque(self.people.values())
        self._ids = count(first_id)

    @property
    def done(self) -> bool:
        """Whether everybody is through, and answered."""
        return not self._silent and self.answered >= self.asked

    @property
    def last_id(self) -> int:
        """An update id above all that were used."""
        return next(self._ids)

    def begin(self) -> None:
        """Let everybody do their first step; eager people all of them, side by side."""
        if self.manner is Manner.ALONE:
            self.let_next_speak()
            return
        for person in self._silent:
            self._go_on(person)
        while self.manner is Manner.EAGER and [person for person in self._silent if self._go_on(person)]:
            pass
        self._silent.clear()

    def let_next_speak(self) -> None:
        """Let the next one of those who speak alone do the next step."""
        self.speaking = None
        while self.speaking is None and self._silent:
            person = self._silent.popleft()
            if self._go_on(person):
                self.speaking = person
                self._silent.append(person)

    def shout(self, id: int, text: str) -> None:  # noqa: A002 - Telegram's name
        """Let somebody say something that nobody waits for an answer to."""
        self.ready.append({"update_id": next(self._ids), **self._say(Somebody(id, iter(())), text)})

    def _go_on(self, person: Somebody) -> bool:
        step = next(person.steps, None)
        if step is None:
            return False
        update = self._press(person, step[1]) if step[0] == "press" else self._say(person, step[1])
        if update is None:
            return False
        person.update_id = update["update_id"] = next(self._ids)
        self.asked += 1
        self.ready.append(update)
        return True

    def _say(self, person: Somebody, text: str) -> Json:
        chat = {"id": person.id, "type": "private", "first_name": f"Student {person.id}"}
        message = {"message_id": next(self._ids), "date": 1_764_000_000, "chat": chat, "from": _user(person.id)}
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        return {"message": {**message, "text": text, **({"entities": entities} if text.startswith("/") else {})}}

    def _press(self, person: Somebody, verb: str) -> Json | None:
        rows = person.card.get("reply_markup", {}).get("inline_keyboard", [])
        offered = [button["callback_data"] for row in rows for button in row if "callback_data" in button]
        data = next((data for data in offered if data.partition(":")[0] == verb), None)
        if data is None:
            self.stuck.append(f"{person.id} wants {verb}; offered is {offered} under {person.card.get('text')!r}")
            return None
        query = {"id": f"{person.id}-{next(self._ids)}", "from": _user(person.id), "message": person.card}
        return {"callback_query": {**query, "chat_instance": "1", "data": data}}

    def handed_out(self, updates: Sequence[Json]) -> None:
        """Note when people's updates went to the bot."""
        now = perf_counter()
        for update in updates:
            person = self.people.get((update.get("message") or update["callback_query"])["from"]["id"])
            if person is not None and person.update_id == update["update_id"]:
                person.asked_at = now

    def hear(self, card: Json) -> None:
        """Take a message of the bot's that came or changed; who waited for it goes on."""
        person = self.people.get(card["chat"]["id"])
        if person is None:
            return
        if "reply_markup" in card:
            person.card = card
        if self.manner is Manner.EAGER:
            self.answered += 1
        elif person.update_id:
            self.waits.append(perf_counter() - person.asked_at)
            person.update_id = 0
            self.answered += 1
            if self.manner is Manner.ANSWERED:
                self._go_on(person)


def _user(id: int) -> Json:  # noqa: A002 - Telegram's name
    return {"id": id, "is_bot": False, "first_name": f"Student {id}", "language_code": "en"}
