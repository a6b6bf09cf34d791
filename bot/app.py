"""The wiring: the one place that knows every room and every part of the running program."""

from __future__ import annotations

import asyncio
import gc
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.error import NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler

from bot.clock import FileClock, system_clock
from bot.desk import Desk
from bot.errors import journal
from bot.files import FileKeeper
from bot.house import House
from bot.intake import KINDS, Intake, current
from bot.metrics import Metrics
from bot.outbox import OutboxWorker
from bot.pace import Pace
from bot.parcels import ParcelWorker
from bot.request import AiohttpRequest
from bot.routes import Routes
from bot.schedule import keep_ticking
from bot.send import Sender
from bot.status import StatusServer
from bot.texts import all_texts
from domain.people import Language
from handlers import ROOMS
from handlers.home import menu
from storage.database import open_database
from storage.errors import Replaced
from storage.hold import Hold

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.config import Settings

log = journal(__name__)

COLLECT = (20_000, 20, 50)  # new objects after which garbage is collected, and how often older ones are looked at

PtbApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(slots=True)
class Program:
    """The bot, put together and running."""

    house: House
    application: PtbApplication
    intake: Intake
    outbox: OutboxWorker
    parcels: ParcelWorker
    files: FileKeeper
    status: StatusServer
    hold: Hold

    async def run(self) -> None:
        """Work until cancelled; raises what stops it for good: a token that is not valid, `Replaced`."""
        keep_what_is_loaded()
        log.info("running", bot=self.house.bot_username)
        async with asyncio.TaskGroup() as group:
            group.create_task(self.status.run(), name="status")
            group.create_task(self.publish_menus(), name="menus")
            group.create_task(self.intake.run(), name="intake")
            group.create_task(self.outbox.run(), name="outbox")
            group.create_task(self.parcels.run(), name="parcels")
            group.create_task(self.files.run(), name="files")
            group.create_task(keep_ticking(self.house, self.outbox.wake), name="schedule")
            group.create_task(self._end_when_replaced(), name="hold")

    async def _end_when_replaced(self) -> None:
        await self.hold.lost()
        raise Replaced

    async def publish_menus(self) -> None:
        """Set the command menu that everybody has before coming in, in each language; a failure is only logged."""
        codes: dict[Language, dict[str, Any]] = {Language.ENGLISH: {}, Language.CHINESE: {"language_code": "zh"}}
        for language, code in codes.items():
            entries = menu(self.house.texts[language], frozenset())
            try:
                await self.house.sender.call(
                    "setMyCommands",
                    commands=[{"command": name, "description": words} for name, words in entries],
                    scope={"type": "all_private_chats"},
                    **code,
                )
            except TelegramError as error:
                log.warning("menus.not_set", language=language.value, error=type(error).__name__)

    async def close(self) -> None:
        """Finish what is under way and close every connection."""
        await self.intake.stop()
        await self.outbox.stop()
        await self.parcels.stop()
        await self.house.database.close()
        await self.application.bot.shutdown()


def keep_what_is_loaded() -> None:
    """Let the collector of garbage pass over what is there by now; going through all of it takes 50 ms each time.

    Of what is made later it looks at the newest less often: what an update makes ends by itself, and with Python's own
    thresholds (700, 10, 10) a tenth of the time of a weekly log went into finding nothing (docs/performance.md).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)


def all_routes() -> Routes:
    """Let every room register itself."""
    routes = Routes()
    for room in ROOMS:
        room.register(routes)
    return routes


def clock_for(settings: Settings) -> Clock:
    """Return the machine's clock, or the one that a clock file moves."""
    return FileClock(settings.clock_file) if settings.clock_file else system_clock


def make_application(settings: Settings, metrics: Metrics | None = None) -> PtbApplication:
    """Make python-telegram-bot's application on our request class, without its updater."""
    count = metrics.call if metrics else None
    return (
        ApplicationBuilder()
        .token(settings.token.get_secret_value())
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .request(AiohttpRequest(count=count))
        .get_updates_request(AiohttpRequest(connections=2, count=count))
        .updater(None)
        .build()
    )


async def start(settings: Settings, clock: Clock | None = None) -> Program:
    """Open everything; raises python-telegram-bot's `InvalidToken` where Telegram does not know the token."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # how python-telegram-bot is told to give durations as such
    metrics = Metrics(KINDS, settings.database_kind)
    application = make_application(settings, metrics)
    texts, routes = all_texts(), all_routes()
    hold = Hold(_tell_of_another)
    database = await open_database(settings.database_url, hold=hold)
    try:
        log.info("starting", database=settings.database_kind)
        await _reach(application)
        house = House(
            database=database,
            settings=settings,
            clock=clock or clock_for(settings),
            texts=texts,
            routes=routes,
            sender=Sender(application.bot),
            pace=Pace(settings.messages_per_second, settings.chat_messages_per_second),
            bot_username=application.bot.username,
            metrics=metrics,
        )
        return _put_together(house, application, hold)
    except BaseException:  # an open database keeps the process alive
        await application.bot.shutdown()
        await database.close()
        raise


def _tell_of_another() -> None:
    log.warning("start.another", hint="another bot works with this database; this one waits for its end")


def _put_together(house: House, application: PtbApplication, hold: Hold) -> Program:
    desk = Desk(house)
    intake = Intake(house, application, desk)
    outbox = OutboxWorker(house)
    parcels = ParcelWorker(house)
    files = FileKeeper(house)

    def wake() -> None:
        outbox.wake()
        parcels.wake()
        files.wake()

    intake.lanes.after_each = wake
    _listen(application, desk)
    return Program(house, application, intake, outbox, parcels, files, StatusServer(house), hold)


async def _reach(application: PtbApplication) -> None:
    """Initialize the application, waiting for a Bot API server that is not there yet."""
    wait = 1.0
    while True:
        try:
            await application.initialize()
        except (NetworkError, RetryAfter) as error:
            log.warning("start.waiting", error=type(error).__name__, seconds=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 30)
        else:
            return


def _listen(application: PtbApplication, desk: Desk) -> None:
    async def receive(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        await desk.receive(update, current.get().item)

    async def failed(_update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        current.get().error = context.error

    application.add_handler(TypeHandler(Update, receive))
    application.add_error_handler(failed)
