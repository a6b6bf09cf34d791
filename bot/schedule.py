"""The schedule: it ticks, the database says what is due, and the rules of rooms plan it, batch by batch."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.clock import FileClock
from bot.errors import journal, new_failure_id
from storage import schedule
from storage.errors import StorageError, Unavailable
from storage.schedule import Batch, Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.house import House
    from storage.database import Transaction

MOST = 1000  # things planned in one commit, whatever their rule would take
PUT_OFF = timedelta(hours=1)
SECONDS = 60
SECONDS_OF_MOVED_CLOCK = 1  # somebody is watching

log = journal(__name__)


async def tick(house: House) -> int:
    """Plan everything that is due by the house's clock and return how many things that were.

    Each batch is one commit of outbox rows under unique keys and of the next due times, so a tick that is late, cut
    short, repeated, or runs twice at once neither loses nor repeats a reminder; between two batches everybody else has
    their turn. A batch whose rule fails is halved until the thing that it fails for is found and put off by an hour, so
    that it holds nobody else up. Raises `Unavailable` where the database is away.
    """
    planned, most = 0, MOST
    while True:
        now = house.clock()
        waiting = await house.database.read(partial(schedule.due, now=now, limit=1))
        house.metrics.ticked.mark()
        if not waiting:
            return planned
        attempt = _Attempt(house, now, most, waiting[0].kind, waiting)
        try:
            planned += await house.database.transaction(attempt.plan)
            most = min(most * 2, MOST)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a rule raises concerns one thing of the batch
            if len(attempt.entries) > 1:
                most = len(attempt.entries) // 2
                continue
            await _put_off(house, attempt.entries[0], error)
            planned += 1


@dataclass(slots=True)
class _Attempt:
    """To plan a batch of the kind that has waited longest; `entries` are what it took, so that a fault can be found."""

    house: House
    now: datetime
    most: int
    kind: str
    entries: Sequence[Entry]

    async def plan(self, tx: Transaction) -> int:
        planner = self.house.routes.planners[self.kind]
        batch = await schedule.take(tx, self.kind, now=self.now, limit=min(self.most, planner.at_once))
        if batch is None:  # somebody else was faster
            return 0
        self.entries = batch.entries
        following = await planner.plan(tx, batch, self.now)
        if any(at is not None and at <= self.now for at in following.values()):
            raise RuntimeError(f"the rule {self.kind} plans the past")
        await schedule.advance(tx, batch, following)
        return len(batch.entries)


async def _put_off(house: House, entry: Entry, error: Exception) -> None:
    failure = new_failure_id()
    house.metrics.reminder_failed()
    log.error("schedule.failed", kind=entry.kind, subject=entry.subject, failure=failure, exc_info=error)
    following = {entry.subject: house.clock() + PUT_OFF}
    await house.database.transaction(partial(schedule.advance, batch=Batch(entry.kind, (entry,)), following=following))


async def keep_ticking(house: House, after_each: Callable[[], None]) -> None:
    """Tick every minute until cancelled; every second where the clock can be moved.

    The pause is measured by the clock that never jumps: one that is set back by hours stops no reminder.
    """
    while True:
        try:
            if await tick(house):
                after_each()
            if isinstance(house.clock, FileClock):
                house.clock.tell_next(await house.database.read(schedule.next_due))
        except StorageError as error:
            log.error("schedule.database", error=type(error).__name__)
        except Exception as error:
            log.error("schedule.left", failure=new_failure_id(), exc_info=error)
        await asyncio.sleep(SECONDS_OF_MOVED_CLOCK if isinstance(house.clock, FileClock) else SECONDS)
