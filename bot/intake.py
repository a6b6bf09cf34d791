"""The intake: stores every update before Telegram may forget it, and hands each person's on one by one.

A batch from `getUpdates` is committed to the inbox before the next offset confirms it. What an earlier process
left unfinished comes first. Who is faster than one person may be is held back or refused in `bot.floods`, alone. An
update that fails is tried again and, after the third time, set aside with a record, and its sender is told.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from dataclasses import replace
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

import orjson
import telegram
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.errors import about, journal, new_failure_id
from bot.floods import Floods
from bot.house import DATABASE_PAUSE, wait_after
from bot.lanes import Lanes
from bot.metrics import ANSWERED, LEFT, OTHER, SET_ASIDE
from storage import inbox
from storage.errors import AlreadyApplied, StorageError, Unavailable

if TYPE_CHECKING:
    from datetime import datetime

    from telegram.ext import Application

    from bot.desk import Desk
    from bot.house import House
    from bot.lanes import Parcel
    from storage.database import Transaction

ATTEMPTS = 3
PAUSES = (0.2, 2.0)  # seconds before the second and the third attempt
BATCH = 100  # https://core.telegram.org/bots/api#getupdates
BACKLOG = 1000  # updates in hand and ready above which no more are fetched
MOST = 5000  # and with those that their senders' pace holds back
QUIET = timedelta(days=6)  # Telegram chooses ids anew after a week, same source
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]

log = journal(__name__)


class Handling:
    """One update on its way through python-telegram-bot, whose error handler leaves the error here."""

    def __init__(self, item: inbox.Item) -> None:
        self.item = item
        self.error: BaseException | None = None


current: ContextVar[Handling] = ContextVar("current")


class Intake:
    """Fetches, stores and hands on."""

    def __init__(self, house: House, application: Application[Any, Any, Any, Any, Any, Any], desk: Desk) -> None:
        self._house = house
        self._application = application
        self._desk = desk
        self.lanes = Lanes(Floods(house), house.settings.workers, self._receive)
        self._doubtful: set[int] = set()  # updates of which it is not known whether their storing was committed
        self._resumed = -1  # the last update of an earlier process that was handed on
        self._offset: int | None = None
        self._forgotten: int | None = None
        self._last_batch: datetime | None = None

    @property
    def busy(self) -> bool:
        """Whether an update is being handled."""
        return self.lanes.busy

    async def run(self) -> None:
        """Finish what was left, then poll until cancelled; raises `InvalidToken`."""
        await self._resume_surely()
        failures = 0
        while True:
            try:
                await self.poll()
                failures = 0
            except InvalidToken:
                raise
            except Conflict:
                log.error("intake.conflict", hint="another process polls with this token; only one may")
                await asyncio.sleep(5)
            except (NetworkError, RetryAfter, StorageError, TelegramError) as error:
                log.warning("intake.waiting", error=type(error).__name__, failures=failures)
                await asyncio.sleep(min(wait_after(error, failures).total_seconds() / 2, 30))
                failures = min(failures + 1, 5)

    async def _resume_surely(self) -> None:
        while True:
            try:
                await self.resume()
            except Unavailable as error:
                log.error("intake.database", error=type(error).__name__)
                await asyncio.sleep(DATABASE_PAUSE)
            else:
                return

    async def resume(self) -> None:
        """Hand on what a stopped process left unfinished, as much at a time as there is room for."""
        while items := await self._house.database.read(partial(inbox.unfinished, after=self._resumed, limit=BATCH)):
            for item in items:
                await self._hand_on(item, orjson.loads(item.body), monotonic())
            self._resumed = items[-1].update_id
            await self._until_room()

    async def _until_room(self) -> None:
        while self.lanes.ready > BACKLOG or self.lanes.in_hand > MOST:  # noqa: ASYNC110 - it changes a thousand times meanwhile
            await asyncio.sleep(0.05)

    async def poll(self) -> None:
        """Fetch one batch, store it, and let go of what Telegram has let go of."""
        await self._until_room()
        seconds = self._house.settings.poll_seconds
        asked = self._offset_now()
        offset = {} if asked is None else {"offset": asked}
        batch: list[dict[str, Any]] = await self._house.sender.call(
            "getUpdates",
            timeout=seconds,
            limit=BATCH,
            allowed_updates=KINDS,
            read_timeout=seconds + 10,
            **offset,
        )
        self._house.metrics.polled.mark()
        if asked is not None and asked != self._forgotten:
            await self._house.database.transaction(lambda tx: inbox.forget(tx, below=asked))
            self._forgotten = asked
        if batch:
            await self.take(batch)
            self._offset = int(batch[-1]["update_id"]) + 1
            self._last_batch = self._house.clock()
        self._house.metrics.taken.mark()

    def _offset_now(self) -> int | None:
        """After a quiet week Telegram may go on with lower ids, which the old offset would hide."""
        if self._last_batch and self._house.clock() - self._last_batch > QUIET:
            self._offset = self._last_batch = None
        return self._offset

    async def take(self, batch: list[dict[str, Any]]) -> None:
        """Store a batch in one commit and hand on what is new in it, or was stored when a commit seemed to fail."""
        now, arrived = self._house.clock(), monotonic()
        raw = {int(update["update_id"]): update for update in batch}
        stored = [(update_id, orjson.dumps(update).decode()) for update_id, update in raw.items()]
        doubtful = self._doubtful & raw.keys()
        self._doubtful |= raw.keys()
        new = set(await self._house.database.transaction(lambda tx: inbox.store(tx, stored, now=now)))
        self._doubtful -= raw.keys()
        for update_id in [each for each in raw if each in new or each in doubtful]:
            await self._hand_on(inbox.Item(update_id, "", None, 0, tried=False), raw[update_id], arrived)

    async def stop(self) -> None:
        """Let what is under way finish, for a few seconds; the rest waits in the inbox."""
        await self.lanes.stop()

    async def _hand_on(self, item: inbox.Item, raw: dict[str, Any], arrived: float) -> None:
        await self.lanes.add(_sender_of(raw), (item, raw, arrived))

    async def _receive(self, parcel: Parcel) -> None:
        item, raw, arrived = parcel
        with about(update=item.update_id):
            outcome = await self._work_safely(item, raw)
            self._note(raw, outcome, monotonic() - arrived)

    def _note(self, raw: dict[str, Any], outcome: str, seconds: float) -> None:
        kind = next((kind for kind in KINDS if kind in raw), OTHER)
        self._house.metrics.update(kind, outcome, seconds)
        log.debug("update.done", kind=kind, outcome=outcome, ms=round(seconds * 1000, 1))

    async def _work_safely(self, item: inbox.Item, raw: dict[str, Any]) -> str:
        """Keep a person's lane going whatever happens; the update then waits in the inbox for the next start."""
        try:
            return await self._work(item, raw)
        except Exception as error:
            log.error("update.left", failure=new_failure_id(), exc_info=error)
            return LEFT

    async def _work(self, item: inbox.Item, raw: dict[str, Any]) -> str:
        try:
            update = telegram.Update.de_json(raw, self._application.bot)
        except Exception as malformed:  # noqa: BLE001 - de_json raises whatever a malformed update makes it raise
            await self._set_aside(None, item, malformed)
            return SET_ASIDE
        error: BaseException | None = None
        attempt = item.attempts
        while attempt < ATTEMPTS:
            error = await self._attempt(update, item)
            if error is None:
                return ANSWERED
            log.warning("update.failed", attempt=attempt + 1, error=type(error).__name__)
            if isinstance(error, (Unavailable, AlreadyApplied)):  # not the update's fault, so it does not count
                item = await self._look_again(item)
                continue
            attempt += 1
            item = await self._count(item)
            if attempt < ATTEMPTS:
                await asyncio.sleep(PAUSES[min(attempt - 1, len(PAUSES) - 1)])
        await self._set_aside(update, item, error)
        return SET_ASIDE

    async def _attempt(self, update: telegram.Update, item: inbox.Item) -> BaseException | None:
        handling = Handling(item)
        token = current.set(handling)
        try:
            await self._application.process_update(update)
        finally:
            current.reset(token)
        return handling.error

    async def _look_again(self, item: inbox.Item) -> inbox.Item:
        """Wait until the database is back, and see whether the effect was committed before it went away."""
        while True:
            await asyncio.sleep(PAUSES[-1])
            try:
                reply = await self._house.database.read(lambda tx: inbox.reply_of(tx, item.update_id))
            except StorageError as error:
                log.warning("update.waiting", error=type(error).__name__)
            else:
                return replace(item, reply=reply, tried=True)

    async def _count(self, item: inbox.Item) -> inbox.Item:
        """Count a failed attempt, and see whether the effect was committed before it failed."""

        async def work(tx: Transaction) -> str | None:
            await inbox.fail(tx, item.update_id)
            return await inbox.reply_of(tx, item.update_id)

        return replace(item, reply=await self._house.surely(work))

    async def _set_aside(self, update: telegram.Update | None, item: inbox.Item, error: BaseException | None) -> None:
        failure, now = new_failure_id(), self._house.clock()
        log.error("update.set_aside", failure=failure, exc_info=error)
        await self._house.surely(lambda tx: inbox.set_aside(tx, item.update_id, failure=failure, now=now))
        try:
            if update is not None:
                await self._desk.apologise(update, failure)
        except (StorageError, TelegramError) as trouble:
            log.warning("update.no_apology", failure=failure, error=type(trouble).__name__)


def _sender_of(raw: dict[str, Any]) -> int:
    """Return whose update it is, so that one person's run in order; 0 for nobody's."""
    for value in raw.values():
        if isinstance(value, dict):
            sender = value.get("from")
            if isinstance(sender, dict) and isinstance(sender.get("id"), int):
                return int(sender["id"])
    return 0
