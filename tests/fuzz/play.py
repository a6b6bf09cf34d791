"""A play: two schools and strangers on a simulated Telegram with the whole bot in process, driven step by step.

After each step the bot must have come to rest without an error, have answered whoever acted, have told nobody
anything of the other school, and have left its database as `storage.invariants` wants it.
"""

from __future__ import annotations

import asyncio
import random
import re
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from structlog.testing import LogCapture

from bot.schedule import tick
from simulator.control.acting import act
from simulator.errors import ControlError
from simulator.server import Simulator
from simulator.state import Bot, Chat, Json
from storage import outbox, people
from storage.invariants import violations
from tests.conftest import GENEROUS, MovedClock, World, settings_for
from tests.databases import fresh
from tests.fuzz import words
from tests.fuzz.cast import OTHER, Cast, gather

ANSWERS = re.compile(r"send|edit|copy|setMessageReaction", re.IGNORECASE)
LINK = re.compile(r"start=([A-Za-z0-9_-]+)")
# What Telegram refuses although nothing is wrong with the bot.
BORNE = re.compile(
    r"not modified|no text in the message to edit|message to edit not found|message can't be edited"
    r"|query is too old|message to react not found"
    r"|message to be replied not found|blocked by the user|MESSAGE_ID_INVALID|message identifier"
)
# Enterprises at which both schools have people.
SHARED = "SELECT enterprise_id FROM school_enterprises GROUP BY enterprise_id HAVING count(*) > 1"
BUSY = (0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 9, 10, 11)  # of the cast, by how much they have to do


class Broken(AssertionError):
    """Something that must never happen did; the text says what, with the chat of whoever acted."""


@dataclass
class Seen:
    """A button as it once was under a message."""

    owner: int
    message_id: int
    data: str


@dataclass
class Play:
    """The cast, and what they do."""

    loop: asyncio.AbstractEventLoop
    world: World
    journal: LogCapture
    cast: Cast = field(default=Cast((), frozenset(), ()))
    buttons: list[Seen] = field(default_factory=list)
    links: list[tuple[bool, str]] = field(default_factory=list)  # whether of the first school, and the code
    mixed: bool = False  # somebody was invited into the other school: from then on they may hear of it
    _calls: int = 0
    _pressed: Counter[str] = field(default_factory=Counter)
    _touched: dict[int, int] = field(default_factory=dict)
    _known: set[tuple[int, int, str]] = field(default_factory=set)

    @classmethod
    def open(cls, kind: str, folder: Path) -> Play:
        """Start everything on a fresh database and let the cast come in."""
        loop = asyncio.new_event_loop()
        journal = LogCapture()
        structlog.configure(processors=[journal])
        return loop.run_until_complete(cls._open(loop, journal, kind, folder))

    @classmethod
    async def _open(cls, loop: Any, journal: LogCapture, kind: str, folder: Path) -> Play:
        clock = MovedClock()
        simulator = Simulator(clock=clock, limits=GENEROUS)
        await simulator.start()
        settings = settings_for(simulator.url, folder, database_url=fresh(kind, folder), poll_seconds=30)
        world = World(simulator, settings, clock)
        play = cls(loop, world, journal)
        world.settle = play.settle  # type: ignore[method-assign] - looks without asking over HTTP
        await world.start()
        play.cast = await gather(world)
        play.links = [(True, code) for code in play.cast.links]
        await play.settle()
        play._look()
        return play

    # --- the world ----------------------------------------------------------------------------------------------

    @property
    def bot(self) -> Bot:
        return self.world.simulator.world.current_bot()

    def chat(self, who: int) -> Chat:
        return self.bot.chats[self.cast.phones[who % len(self.cast.phones)].id]

    async def settle(self) -> None:
        """Wait until every update is handled and everything that is due is sent."""
        deadline, quiet = self.loop.time() + 30, 0
        while quiet < 2:
            if self.loop.time() > deadline:
                raise Broken("the bot does not come to rest")
            program = self.world.program
            sending = program.outbox.busy or program.parcels.busy
            busy = self.bot.queue.pending or program.intake.busy or sending
            quiet = 0 if busy or await self._due() else quiet + 1
            await asyncio.sleep(0.0005)

    async def _due(self) -> bool:
        now = self.world.clock()

        async def look(tx):
            return [await outbox.due(tx, now=now, limit=1, parcels=parcels) for parcels in (False, True)]

        return any(await self.world.database.read(look))

    def close(self) -> None:
        """Stop everything; the database stays."""
        self.loop.run_until_complete(self.world.close())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        structlog.reset_defaults()

    # --- steps --------------------------------------------------------------------------------------------------

    def does(self, who: int, what: str, *, answered: bool = True, **data: Any) -> bool:
        """Let somebody do something and see that it went well; False where no app would do it."""
        return self.loop.run_until_complete(self._does([(who, what, data)], answered=answered))

    def do(self, *acts: tuple[int, str, Json]) -> bool:
        """Let several people act at once."""
        return self.loop.run_until_complete(self._does(list(acts), answered=True))

    async def _does(self, acts: list[tuple[int, str, Json]], *, answered: bool) -> bool:
        done = []
        for who, what, data in acts:
            chat = self.chat(who)
            try:
                act(self.world.simulator.world, self.bot, chat.id, what, data)
            except ControlError:
                continue
            done.append((chat, what, data))
        if done:
            await self.settle()
            await self._verify(done, answered=answered)
        return bool(done)

    def stroll(self, chance: random.Random) -> None:
        """Let somebody go on, from where they are or with a command, often answering what they are asked."""
        who = chance.choice(BUSY)
        if chance.random() < 0.4:
            self.does(who, "text", text=chance.choice(words.COMMANDS))
        for _ in range(chance.randint(2, 9)):
            step = self.loop.run_until_complete(self._asked(who))
            card = self.shown(who)
            there = [data for data in data_of(card) if not data.startswith("home:")] or data_of(card)
            if step and (chance.random() < 0.4 or not there):
                self.does(who, "text", text=words.fitting(step, chance))
            elif there:
                data = self._newest_way(there, chance)
                self.does(who, "press", message_id=card["message_id"], data=data, force=True)
            else:
                self.does(who, "text", text="/menu")

    def _newest_way(self, there: list[str], chance: random.Random) -> str:
        """Choose a button, rather one whose verb was seldom pressed, so that a short play comes far."""
        chance.shuffle(there)
        chosen = min(there[:4], key=lambda data: self._pressed[_verb(data)])
        self._pressed[_verb(chosen)] += 1
        return chosen

    async def _asked(self, who: int) -> str:
        """Return what somebody is being asked."""
        person = await self.world.database.read(lambda tx: people.by_telegram_id(tx, self.chat(who).id))
        return person.draft.step if person and person.draft else ""

    def move(self, **by: float) -> None:
        """Move the clock and tick, as the scheduler would."""
        self.loop.run_until_complete(self._move(by))

    async def _move(self, by: dict[str, float]) -> None:
        await self.world.move(**by)
        await tick(self.world.house)
        await self.settle()
        await self._verify([], answered=False)

    def restart(self) -> None:
        """Stop the bot and start it again."""
        self.loop.run_until_complete(self._restart())

    async def _restart(self) -> None:
        await self.world.restart()
        await self.settle()
        await self._verify([], answered=False)

    def open_link(self, who: int, pick: int) -> None:
        """Let somebody open an invitation that was made here."""
        own, code = self.links[pick % len(self.links)]
        self.mixed |= own != (self.chat(who).id in self.cast.ours)
        self.does(who, "text", text=f"/start {code}")

    # --- what is looked at --------------------------------------------------------------------------------------

    async def _verify(self, done: list[tuple[Chat, str, Json]], *, answered: bool) -> None:
        calls = self.world.simulator.calls.after(self._calls)
        self._calls = self.world.simulator.calls.count
        try:
            self._errors()
            self._refusals(calls)
            await self._leaks(calls)
            for chat, what, _data in done:
                self._answered(chat, what, calls, answered=answered)
        except Broken as broken:
            chats = "\n\n".join(self.transcript(chat) for chat, *_ in done)
            raise Broken(f"{broken}\nafter {[(c.info['first_name'], w, d) for c, w, d in done]}\n{chats}") from None
        self._look()

    def _errors(self) -> None:
        bad = [
            entry
            for entry in self.journal.entries
            if entry["log_level"] in {"error", "critical"} or entry["event"] == "update.failed"
        ]
        self.journal.entries.clear()
        for entry in sorted(bad, key=lambda entry: "exc_info" not in entry):  # what tells most first
            told = "".join(traceback.format_exception(entry["exc_info"])) if "exc_info" in entry else str(entry)
            raise Broken(f"{entry['event']}: {told}")

    def _refusals(self, calls: list[Json]) -> None:
        for call in calls:
            if call["method"] == "sendMessage" and call["status"] == 200:
                self._touched[call["chat_id"]] = call["answer"]["result"]["message_id"]
            elif call["method"].startswith("editMessage") and call["parameters"].get("reply_markup"):
                self._touched[call["chat_id"]] = int(call["parameters"]["message_id"])
            description = (call["answer"] or {}).get("description", "")
            if call["status"] >= 400 and not BORNE.search(description):
                raise Broken(f"Telegram refused {call['method']}: {description}\n{call['parameters']}")

    async def _leaks(self, calls: list[Json]) -> None:
        told = [
            one["parameters"] for one in calls if one["chat_id"] in self.cast.ours and OTHER in str(one["parameters"])
        ]
        if told and not self.mixed and not await self.world.database.read(lambda tx: tx.all(SHARED)):
            raise Broken(f"somebody of another school is told {told}")

    def _answered(self, chat: Chat, what: str, calls: list[Json], *, answered: bool) -> None:
        silent = [press.data for press in self.bot.presses.values() if not press.answered]
        if silent and not chat.blocked:
            raise Broken(f"a press was not answered: {silent}")
        self.bot.presses.clear()
        speaks = what not in {"press", "delete", "block", "unblock"} and answered and not chat.blocked
        told = [call for call in calls if call["chat_id"] == chat.id and ANSWERS.match(call["method"])]
        if speaks and not told:
            raise Broken(f"{chat.info['first_name']} got no answer")

    def _look(self) -> None:
        for one in self.cast.phones:
            for message in self.bot.chats[one.id].messages.values():
                if not message.outgoing:
                    continue
                for data in data_of(message.body):
                    if (key := (one.id, message.body["message_id"], data)) not in self._known:
                        self._known.add(key)
                        self.buttons.append(Seen(*key))
                for code in LINK.findall(str(message.body.get("text", ""))):
                    if (link := (one.id in self.cast.ours, code)) not in self.links:
                        self.links.append(link)

    def transcript(self, chat: Chat) -> str:
        """The last messages of a chat."""
        lines = []
        for entry in list(chat.messages.values())[-6:]:
            said = entry.body.get("text") or entry.body.get("caption") or "[something]"
            buttons = " ".join(f"[{data}]" for data in data_of(entry.body))
            lines.append(f"{'bot' if entry.outgoing else chat.info['first_name']}: {said[:300]}\n    {buttons}")
        return "\n".join(lines)

    # --- the end ------------------------------------------------------------------------------------------------

    def check_records(self) -> None:
        """See that the invariants hold and that no update was set aside."""
        now = self.world.clock()

        async def look(tx: Any) -> list[str]:
            failed = await tx.all("SELECT update_id FROM inbox WHERE failure IS NOT NULL")
            left = await tx.all("SELECT update_id FROM inbox WHERE finished_at IS NULL")
            return [*map(str, await violations(tx, now=now)), *map(str, map(dict, failed)), *map(str, map(dict, left))]

        found = self.loop.run_until_complete(self.world.database.read(look))
        if found:
            raise Broken("\n".join(found))

    def check_ways_out(self) -> None:
        """From wherever they are, everybody comes home and finds buttons there; also through /start."""
        everybody = range(len(self.cast.phones))
        for who in everybody:
            if self.chat(who).blocked:
                self.does(who, "unblock", answered=False)
        for command in ("/menu", "/start"):
            self.do(*((who, "text", {"text": command}) for who in everybody))
            for who in everybody:
                card = self.newest(who)
                if card is None or not data_of(card):
                    raise Broken(f"no way on after {command}:\n{self.transcript(self.chat(who))}")
        for who in everybody:
            self._continue_everything(who)

    def _continue_everything(self, who: int) -> None:
        """Whatever the overview says can be gone on with can be, or is not offered a second time."""
        tried: set[str] = set()
        while True:
            self.does(who, "text", text="/menu")
            waiting = [data for data in data_of(self.shown(who)) if data.startswith("form.resume:")]
            if not (untried := [data for data in waiting if data not in tried]):
                return
            tried.add(data := untried[0])
            self.does(who, "press", message_id=self.shown(who)["message_id"], data=data)
            if data in data_of(self.shown(who)):
                raise Broken(f"{data} leads nowhere:\n{self.transcript(self.chat(who))}")

    def shown(self, who: int) -> Json:
        """The message that the bot touched last in somebody's chat."""
        chat = self.chat(who)
        entry = chat.messages.get(self._touched.get(chat.id, 0))
        return entry.body if entry is not None else self.newest(who) or {"message_id": 0}

    def newest(self, who: int) -> Json | None:
        """The newest message of the bot in somebody's chat."""
        return next((e.body for e in reversed(self.chat(who).messages.values()) if e.outgoing), None)

    def carrying(self, who: int) -> list[Seen]:
        """Every button that somebody sees now, the newest message first."""
        chat = self.chat(who)
        bodies = [entry.body for entry in reversed(chat.messages.values()) if entry.outgoing]
        return [Seen(chat.id, body["message_id"], data) for body in bodies for data in data_of(body)]


def _verb(data: str) -> str:
    return data.partition(":")[0]


def data_of(body: Json) -> list[str]:
    """What the buttons of a message carry."""
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]
