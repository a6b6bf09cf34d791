"""The stage: a simulator, and the real bot in this process for as long as the past is played, at the moments it had."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from bot.app import start
from bot.config import Settings
from bot.demo.cast import Cast
from bot.demo.events import all_events
from bot.demo.plot import TELEGRAM_CODES, Actor, Plot
from bot.schedule import tick
from simulator.server import Limits, Simulator
from storage import outbox, schedule

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.app import Program
    from bot.demo.events import Act, Event
    from storage.database import Transaction

TOKEN = "700000001:the-demo-is-open-to-everybody"  # noqa: S105 - a bot that exists on this machine only
UNHURRIED = Limits(per_second=1_000_000, per_chat_burst=1_000_000, per_chat_per_second=1_000_000)
WAIT = 0.001  # seconds between two looks at whether the bot has come to rest
PATIENCE = 30  # seconds
LATELY = timedelta(days=12)  # so far back go the chats of those whose phones do not stand on the page at first


def settings_of(folder: Path, api_url: str) -> dict[str, str]:
    """Return the demo's settings, the only ones that its bot has."""
    return {
        "token": TOKEN,
        "api_url": api_url,
        "database_url": f"sqlite:///{folder / 'shixi.db'}",
        "files": str(folder / "files"),
        "clock_file": str(folder / "clock.json"),
    }


class HeldClock:
    """A clock that stands still until the play moves it, and takes the simulator's with it."""

    def __init__(self, file: Path, now: datetime) -> None:
        self._file = file
        self.now = now
        self.move(now)

    def __call__(self) -> datetime:
        return self.now

    def move(self, now: datetime) -> None:
        """Let it be a moment from now on."""
        self.now = now
        set_clock(self._file, now)


def set_clock(file: Path, now: datetime) -> None:
    """Write the clock file of bot and simulator; time runs on from there."""
    part = file.with_suffix(".part")
    state = {"offset_seconds": (now - datetime.now(UTC)).total_seconds(), "next_reminder": None}
    part.write_text(json.dumps(state), encoding="utf-8")
    part.replace(file)


def _full_hour(moment: datetime) -> datetime:
    """Return the next full hour: all reminders come then, so what was to be planned earlier is planned in time."""
    over = timedelta(minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
    return moment - over + timedelta(hours=1 if over else 0)


@dataclass
class Phones:
    """The people of the simulator, through its control API."""

    simulator: Simulator
    session: aiohttp.ClientSession

    async def post(self, path: str, **body: Any) -> Any:
        """Make a call; raises `RuntimeError` where the simulator refuses."""
        async with self.session.post(f"{self.simulator.url}/sim/{path}", json=body) as response:
            answer = await response.json()
            if response.status != 200:
                raise RuntimeError(f"{path}: {answer}")
            return answer

    async def add(self, plot: Plot, actor: Actor, code: str, *, bare: bool = False) -> None:
        """Give somebody a phone; those of the chosen language stand side by side."""
        shown = {"phone": actor.phone} if actor.phone and actor.code == code else {}
        await self.post(
            "users",
            id=actor.telegram_id,
            first_name=actor.name,
            language_code=TELEGRAM_CODES[actor.code],
            label=plot.label(actor, bare=bare),
            **shown,
        )

    async def say(self, telegram_id: int, text: str, **more: Any) -> None:
        """Let somebody write to the bot."""
        await self.post(f"chats/{telegram_id}/text", text=text, **more)


@asynccontextmanager
async def phones_of(simulator: Simulator, plot: Plot, code: str, *, bare: bool = False) -> AsyncIterator[Phones]:
    """Give everybody of the plot a phone, those who stand side by side first; `bare`: where they are is still open."""
    async with aiohttp.ClientSession() as session:
        phones = Phones(simulator, session)
        for actor in sorted(plot.actors(), key=lambda actor: actor.code != code or not actor.phone):
            await phones.add(plot, actor, code, bare=bare)
        yield phones


class Stage:
    """The play of the past."""

    def __init__(self, program: Program, phones: Phones, clock: HeldClock, cast: Cast, code: str) -> None:
        self._program = program
        self._phones = phones
        self._clock = clock
        self._cast = cast
        self._ids = {actor.name: actor.telegram_id for actor in cast.plot.actors()}
        self._main = {actor.name for actor in cast.plot.actors() if actor.phone and actor.code == code}

    async def play(self, events: list[Event]) -> None:
        """Let everything happen in its order, with the reminders that came in between."""
        for event in events:
            await self._until(event.at)
            await self._happen(event)
        await self._until(self._cast.plot.now)
        await tick(self._program.house)
        await self._deliver()

    async def _happen(self, event: Event) -> None:
        act = event.act
        if act is not None:
            await self._program.house.database.transaction(partial(self._act, act))
            await self._send()
        for words in event.says:
            await self._phones.say(self._ids[event.by], words)
            await self._rest()

    async def _until(self, moment: datetime) -> None:
        database = self._program.house.database
        while (due := await database.read(schedule.next_due)) is not None and (at := _full_hour(due)) <= moment:
            self._clock.move(at)
            if await tick(self._program.house):
                await self._deliver()
        self._clock.move(moment)

    async def _act(self, act: Act, tx: Transaction) -> None:
        await act(tx, self._cast, self._clock.now)
        await self._note_as_sent(tx)

    async def _deliver(self) -> None:
        await self._program.house.database.transaction(self._note_as_sent)
        await self._send()

    async def _send(self) -> None:
        """Send whatever is due."""
        while await self._program.outbox.look():
            await self._program.outbox.stop()

    async def _note_as_sent(self, tx: Transaction) -> None:
        """Note what others than the three on the page got long ago as sent, without sending it."""
        if self._clock.now >= self._cast.plot.now - LATELY:
            return
        main, now = [self._cast.people[name] for name in self._main & self._cast.people.keys()], self._clock.now
        for letter in await outbox.due(tx, now=now, limit=100, but=main):
            await outbox.close(tx, letter.id, outbox.Outcome.SENT, now=now)

    async def _rest(self) -> None:
        """Wait until the bot has answered what was said."""
        queue, deadline = self._phones.simulator.world.current_bot().queue, asyncio.get_running_loop().time() + PATIENCE
        quiet = 0
        while quiet < 2:
            if asyncio.get_running_loop().time() > deadline:
                raise TimeoutError("the bot does not answer")
            quiet = 0 if queue.pending or self._program.intake.busy else quiet + 1
            await asyncio.sleep(WAIT)
        await self._send()


async def play_past(simulator: Simulator, folder: Path, plot: Plot, code: str) -> Cast:
    """Fill database and phones with the school's past; afterwards it is the plot's now, and no bot runs."""
    paced = {f"{what}_per_second": 10_000 for what in ("messages", "chat_messages", "person_updates")}
    settings = Settings.model_validate(settings_of(folder, simulator.url) | paced)
    clock = HeldClock(folder / "clock.json", plot.at(plot.told["founded"]))
    cast = Cast(plot)
    async with phones_of(simulator, plot, code) as phones:
        program = await start(settings, clock)
        intake = asyncio.get_running_loop().create_task(program.intake.run(), name="demo-intake")
        try:
            await Stage(program, phones, clock, cast, code).play(all_events(cast, TOKEN))
        finally:
            intake.cancel()
            await asyncio.gather(intake, return_exceptions=True)
            await program.close()
    set_clock(folder / "clock.json", plot.now)
    return cast
