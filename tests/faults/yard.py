"""A school on a simulated Telegram whose bot is a real process: prepared on its database, then acted on by phones."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import FileClock
from simulator.server import Limits, Simulator
from storage import inbox, outbox
from storage.database import Database, open_database
from storage.errors import Unavailable
from tests.conftest import GENEROUS
from tests.databases import fresh
from tests.people import Member, SchoolOf, make_school
from tests.phones import Phone, Telegram
from tests.process import BotProcess

PATIENCE = 120  # seconds for the bot to come back and answer, also on a machine that has much else to do
FRIDAY = datetime(2026, 11, 20, 8, 58, tzinfo=UTC)  # 16:58 in Shanghai: the first reminder is due in two minutes


@dataclass
class Yard:
    """What `tests.people` needs of a world, before the bot runs; and the process afterwards."""

    folder: Path
    simulator: Simulator
    session: aiohttp.ClientSession
    telegram: Telegram
    clock: FileClock
    bot: BotProcess
    database: Database = field(default=None)  # type: ignore[assignment]
    presses: set[int] = field(default_factory=set)  # the updates that were presses
    interrupted: Counter[int] = field(default_factory=Counter)  # in each chat: answers and pushes that kills cut short

    @classmethod
    async def open(
        cls, folder: Path, url: str, *, now: datetime = FRIDAY, limits: Limits = GENEROUS, **settings: str
    ) -> Yard:
        """Start a simulator at a moment, with an empty database and no bot yet."""
        clock_file = folder / "clock.json"
        offset = (now - datetime.now(UTC)).total_seconds()
        clock_file.write_text(json.dumps({"offset_seconds": offset, "next_reminder": None}), encoding="utf-8")
        simulator = Simulator(limits=limits, clock_file=clock_file)
        await simulator.start()
        session = aiohttp.ClientSession()
        pace = {f"{what}_per_second": "1000" for what in ("messages", "chat_messages", "person_updates")}
        chosen = {"clock_file": str(clock_file), "database_url": url} | pace | settings
        bot = BotProcess(folder, simulator.url, **chosen)
        telegram = Telegram(simulator.url, session)
        yard = cls(folder, simulator, session, telegram, FileClock(clock_file), bot)
        yard.database = await open_database(url)
        return yard

    @classmethod
    async def of_kind(cls, kind: str, folder: Path, **more: Any) -> Yard:
        """The same with a fresh database of a kind."""
        return await cls.open(folder, fresh(kind, folder), **more)

    async def phone(self, name: str, language: str = "en") -> Phone:
        return await self.telegram.add_phone(name, language)

    async def settle(self) -> None:
        """Nothing runs while the school is prepared."""

    async def move(self, **by: float) -> None:
        """Move the clock of bot and simulator."""
        path = self.folder / "clock.json"
        state = json.loads(path.read_text(encoding="utf-8"))
        state["offset_seconds"] += timedelta(**by).total_seconds()
        part = path.with_suffix(".part")
        part.write_text(json.dumps(state), encoding="utf-8")
        part.replace(path)

    async def kill(self, bot: BotProcess | None = None) -> None:
        """Kill the bot, or the one that is to be killed; what it was doing for whom is kept."""
        doomed = bot or self.bot
        await self.freeze(doomed)
        await doomed.kill()

    async def freeze(self, bot: BotProcess) -> None:
        """Let a bot stand still, and keep to whom it may have been bringing an answer, a push, or both."""
        bot.freeze()
        items = await self.database.read(inbox.unfinished)
        self.interrupted.update({sender_of(json.loads(item.body)) for item in items})
        due = await self.rows(
            """SELECT DISTINCT p.telegram_id FROM outbox o JOIN people p ON p.id = o.person_id
            WHERE o.state = 'waiting' AND o.manner = 'push' AND o.due_at <= :now""",
            now=self.clock(),
        )
        self.interrupted.update(row["telegram_id"] for row in due)

    async def close(self) -> None:
        await self.bot.stop()
        await self.database.close()
        await self.session.close()
        await self.simulator.stop()

    def screen(self, member: Member) -> list[dict[str, Any]]:
        """What a phone shows now; taken from the simulator itself, since it is looked at thousands of times."""
        return [entry.body for entry in self.simulator.world.current_bot().chats[member.phone.id].messages.values()]

    async def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        while True:
            try:
                return [dict(row) for row in await self.database.read(lambda tx: tx.all(sql, **parameters))]
            except Unavailable:  # it is being restarted
                await asyncio.sleep(0.1)

    async def count(self, sql: str) -> int:
        (row,) = await self.rows(f"SELECT count(*) AS n FROM {sql}")
        return int(row["n"])

    async def rest(self, seconds: float = PATIENCE, *, move: float = 2) -> None:
        """Wait until every update is answered and everything is sent, moving the clock to what is due later."""

        async def nothing_waits() -> bool:
            pending = self.simulator.world.current_bot().queue.pending
            open_updates = await self.database.read(lambda tx: inbox.unfinished(tx, limit=1))
            waiting = await self.database.read(outbox.next_due)
            if waiting is not None and waiting > self.clock() and move:
                await self.move(minutes=move)
            return waiting is None and not pending and not open_updates

        await until(nothing_waits, "everything to be answered and sent", seconds, every=0.1)


async def prepare_school(yard: Yard, students: int) -> tuple[SchoolOf, list[Member]]:
    """Make a school with placed students whose first week was four weeks ago."""
    school = await make_school(yard)
    today = yard.clock().date()
    first = today - timedelta(days=today.weekday() + 28)
    placed = []
    for number in range(students):
        student = await school.add_student(f"S{number:03}", f"2023{number:04}")
        await school.place(student, starts_on=first, ends_on=first + timedelta(days=83))
        placed.append(student)
    return school, placed


async def until(check: Any, what: str, seconds: float = PATIENCE, *, every: float = 0.02) -> Any:
    """Wait until an async check returns something true, and return that."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (found := await check()):
        assert asyncio.get_running_loop().time() < deadline, f"waited in vain: {what}"
        await asyncio.sleep(every)
    return found


def sender_of(update: dict[str, Any]) -> int:
    """The account whose text or press an update is."""
    return int(next(value for value in update.values() if isinstance(value, dict))["from"]["id"])


def text_of(message: dict[str, Any]) -> str:
    """The words of a message."""
    return message.get("text") or message.get("caption") or ""


def find_button(message: dict[str, Any], label: str) -> str | None:
    """The data of the button that holds a label."""
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            if label in button["text"]:
                return str(button.get("callback_data", ""))
    return None
