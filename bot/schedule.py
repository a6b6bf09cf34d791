"""The schedule: APScheduler ticks, the database says what is due, and a rule of a room plans each thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import FileClock
from bot.errors import journal
from storage import schedule
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk import House
    from storage.database import Transaction
    from storage.schedule import Entry

BATCH = 200  # things planned in one commit
SECONDS = 60
SECONDS_OF_MOVED_CLOCK = 1  # somebody is watching

log = journal(__name__)


async def tick(house: House) -> int:
    """Plan everything that is due by the house's clock and return how many things that were.

    Each batch is one commit of outbox rows under unique keys and of the next due times, so a tick that is late,
    repeated, or runs twice at once neither loses nor repeats a reminder.
    """
    planned = 0
    while True:
        now = house.clock()
        entries = await house.database.read(lambda tx: schedule.due(tx, now=now, limit=BATCH))  # noqa: B023
        if not entries:
            return planned

        async def plan(tx: Transaction, entries: list[Entry] = entries) -> None:
            for entry in entries:
                if await schedule.still_due(tx, entry):
                    planner = house.routes.planners[entry.kind]
                    following = await planner(tx, entry.subject, entry.due_at, now)  # noqa: B023
                    if following is not None and following <= now:  # noqa: B023
                        raise RuntimeError(f"the rule {entry.kind} plans the past")
                    await schedule.put(tx, entry.kind, entry.subject, following)

        await house.database.transaction(plan)
        planned += len(entries)


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
