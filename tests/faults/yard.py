"""A school on a simulated Telegram whose bot is a real process: prepared on its database, then acted on by phones."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import FileClock
from simulator.server import Limits, Simulator
from storage.database import Database, open_database
from tests.conftest import GENEROUS
from tests.people import Member, SchoolOf, make_school
from tests.phones import Phone, Telegram
from tests.process import BotProcess

PATIENCE = 60  # seconds for the bot to come back and answer


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

    @classmethod
    async def open(cls, folder: Path, *, now: datetime, limits: Limits = GENEROUS, **settings: str) -> Yard:
        """Start a simulator at a moment, with an empty database and no bot yet."""
        clock_file = folder / "clock.json"
        offset = (now - datetime.now(UTC)).total_seconds()
        clock_file.write_text(json.dumps({"offset_seconds": offset, "next_reminder": None}), encoding="utf-8")
        simulator = Simulator(limits=limits, clock_file=clock_file)
        await simulator.start()
        session = aiohttp.ClientSession()
        pace = {f"{what}_per_second": "1000" for what in ("messages", "chat_messages", "person_updates")}
        bot = BotProcess(folder, simulator.url, clock_file=str(clock_file), **(pace | settings))
        telegram = Telegram(simulator.url, session)
        yard = cls(folder, simulator, session, telegram, FileClock(clock_file), bot)
        yard.database = await open_database(bot.environment["SHIXI_DATABASE_URL"])
        return yard

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

    async def close(self) -> None:
        await self.bot.stop()
        await self.database.close()
        await self.session.close()
        await self.simulator.stop()


async def prepare_school(yard: Yard, students: int) -> tuple[SchoolOf, list[Member]]:
    """Make a school with placed students whose first week was four weeks ago."""
    school = await make_school(yard)
    today = yard.clock().date()
    first = today - timedelta(days=today.weekday() + 28)
    placed = []
    for number in range(students):
        student = await school.add_student(f"S{number}", f"2023{number:04}")
        await school.place(student, starts_on=first, ends_on=first + timedelta(days=83))
        placed.append(student)
    return school, placed


async def until(check: Any, what: str, seconds: float = PATIENCE) -> Any:
    """Wait until an async check returns something true, and return that."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (found := await check()):
        assert asyncio.get_running_loop().time() < deadline, f"waited in vain: {what}"
        await asyncio.sleep(0.02)
    return found


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


async def see(phone: Phone, *words: str, button: str = "", after: int = 0) -> dict[str, Any]:
    """Wait for a message of the bot with all these words (and a button), the newest first."""

    async def look() -> dict[str, Any] | None:
        for message in reversed(await phone.from_bot()):
            fits = message["message_id"] > after and all(word in text_of(message) for word in words)
            if fits and (not button or find_button(message, button)):
                return message
        return None

    found: dict[str, Any] = await until(look, f"{phone.name} to see {words} [{button}]")
    return found


async def press(phone: Phone, message: dict[str, Any], label: str) -> None:
    """Press a button of a message that may have changed meanwhile."""
    await phone.acts("press", message_id=message["message_id"], data=find_button(message, label), force=True)
