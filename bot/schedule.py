"""The schedule: APScheduler ticks, the database says what is due, and a rule of a room plans each thing."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import FileClock
from bot.errors import journal, new_failure_id
from storage import schedule
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.house import House
    from storage.database import Transaction
    from storage.schedule import Entry

BATCH = 200  # things planned in one commit
PUT_OFF = timedelta(hours=1)
SECONDS = 60
SECONDS_OF_MOVED_CLOCK = 1  # somebody is watching

log = journal(__name__)


async def tick(house: House) -> int:
    """Plan everything that is due by the house's clock and return how many things that were.

    Each batch is one commit of outbox rows under unique keys and of the next due times, so a tick that is late,
    repeated, or runs twice at once neither loses nor repeats a reminder. A thing whose rule fails is put off by an
    hour, so that it holds nobody else up.
    """
    planned = 0
    while True:
        now = house.clock()
        entries = await house.database.read(partial(schedule.due, now=now, limit=BATCH))
        if not entries:
            return planned
        try:
            await house.database.transaction(partial(_plan, house, entries, now))
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - one of the batch; found by planning them one by one
            for entry in entries:
                await _plan_alone(house, entry, now)
        planned += len(entries)


async def _plan(house: House, entries: Sequence[Entry], now: datetime, tx: Transaction) -> None:
    for entry in entries:
        if await schedule.still_due(tx, entry):
            following = await house.routes.planners[entry.kind](tx, entry.subject, entry.due_at, now)
            if following is not None and following <= now:
                raise RuntimeError(f"the rule {entry.kind} plans the past")
            await schedule.advance(tx, entry, following)


async def _plan_alone(house: House, entry: Entry, now: datetime) -> None:
    try:
        await house.database.transaction(partial(_plan, house, [entry], now))
    except StorageError:
        raise
    except Exception as error:
        failure = new_failure_id()
        log.error("schedule.failed", kind=entry.kind, subject=entry.subject, failure=failure, exc_info=error)
        await house.database.transaction(partial(schedule.advance, entry=entry, following=now + PUT_OFF))


def start_ticking(house: House, after_each: Callable[[], None]) -> AsyncIOScheduler:
    """Tick every minute, at once after a pause; every second where the clock can be moved."""

    async def run() -> None:
        try:
            if await tick(house):
                after_each()
            if isinstance(house.clock, FileClock):
                house.clock.tell_next(await house.database.read(schedule.next_due))
        except StorageError as error:
            log.error("schedule.database", error=type(error).__name__)

    scheduler = AsyncIOScheduler(timezone="UTC")
    seconds = SECONDS_OF_MOVED_CLOCK if isinstance(house.clock, FileClock) else SECONDS
    scheduler.add_job(run, IntervalTrigger(seconds=seconds), misfire_grace_time=None, coalesce=True, max_instances=1)
    scheduler.start()
    return scheduler
