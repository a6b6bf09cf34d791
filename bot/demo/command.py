"""`shixi demo`: three phones on a page, a school with a past, and the bot, without token, settings or internet."""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.config import Settings
from bot.demo.cast import Cast, found_school, invite_coordinator
from bot.demo.keeper import LOG, Keeper
from bot.demo.plot import LANGUAGES, Plot, read_plot
from bot.demo.stage import TOKEN, UNHURRIED, phones_of, play_past, set_clock, settings_of
from bot.import_command import language_of_terminal
from bot.texts import Texts, all_texts
from domain.invitations import link
from simulator.limits import Flood
from simulator.server import Limits, Simulator
from storage.database import open_database

if TYPE_CHECKING:
    from domain.people import Language
    from storage.database import Transaction

HOST = "127.0.0.1"
FOLDER = Path("data/demo")
PATIENCE = 20  # seconds for the bot to begin
LOOK_EVERY = 0.01


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    port: int
    empty: bool
    language: Language
    code: str  # zh or en


def wish(port: int, code: str | None, *, empty: bool) -> Wish:
    """Fill in the language of the terminal where none was asked for."""
    language = LANGUAGES[code] if code else language_of_terminal()
    return Wish(port, empty, language, next(code for code, known in LANGUAGES.items() if known is language))


async def run_demo(wish: Wish) -> None:
    """Run until cancelled; raises `OSError` where the port cannot be opened."""
    _ = all_texts()[wish.language]
    folder = (FOLDER / str(wish.port)).absolute()  # the port is the lock: two demos never share a folder
    simulator = Simulator(limits=UNHURRIED, clock_file=folder / "clock.json")
    await simulator.start(HOST, wish.port)

    def ended(status: int) -> None:
        click.echo(_.plain("demo.bot_again", status=status, log=folder / LOG))

    keeper = Keeper(folder, simulator.url, ended)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        await keeper.warm()
        await _prepare(simulator, folder, wish, _)
        async with asyncio.TaskGroup() as group:
            group.create_task(keeper.keep(), name="demo-bot")
            await _wait_for_bot(simulator)
            click.echo(_.plain("demo.ready", url=simulator.url))
            click.echo(_.plain("demo.fresh_empty") if wish.empty else _.plain("demo.fresh"))
    finally:
        await keeper.stop()
        await simulator.stop()
        click.echo(_.plain("demo.ended"))


async def _prepare(simulator: Simulator, folder: Path, wish: Wish, _: Texts) -> None:
    plot = read_plot()
    if wish.empty:
        invitation = await begin_empty(simulator, folder, plot, wish.code)
        click.echo(_.plain("demo.invited", link=invitation))
    else:
        await play_past(simulator, folder, plot, wish.code)
        _mark_read(simulator, plot)
    simulator.world.limits = Limits()
    simulator.world.current_bot().flood = Flood(simulator.world.limits)


async def begin_empty(simulator: Simulator, folder: Path, plot: Plot, code: str) -> str:
    """Make the school and its coordinator's link, put that into the coordinator's phone, and return it."""
    set_clock(folder / "clock.json", plot.now)
    settings = Settings.model_validate(settings_of(folder, simulator.url))
    database = await open_database(settings.database_url)
    cast = Cast(plot)

    async def work(tx: Transaction) -> str:
        await found_school(tx, cast, plot.now)
        return await invite_coordinator(tx, cast, TOKEN, plot.now)

    try:
        invitation = link(simulator.world.current_bot().user["username"], await database.transaction(work))
    finally:
        await database.close()
    async with phones_of(simulator, plot, code, bare=True) as phones:
        for actor in plot.actors():
            if actor.role == "coordinator" and actor.code == code:
                await phones.say(actor.telegram_id, plot.told["invited"][code].format(link=invitation))
    return invitation


def _mark_read(simulator: Simulator, plot: Plot) -> None:
    """Let people have seen what came before today."""
    today = plot.now.timestamp() - 12 * 3600
    for chat in simulator.world.current_bot().chats.values():
        seen = [number for number, entry in chat.messages.items() if entry.body["date"] < today]
        chat.read = max(seen, default=0)


async def _wait_for_bot(simulator: Simulator) -> None:
    """Wait until the bot polls, so that whoever opens the page is answered at once."""
    deadline = time.monotonic() + PATIENCE
    while not simulator.world.current_bot().queue.polling and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_EVERY)
