"""What the tests of reminders share: moments of the first week, logs that are written, what the outbox holds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.logs import Section
from domain.weeks import at_local
from storage import logs, placements

WEEK = date(2026, 11, 16)  # the world begins on this Monday, at 09:00 in Shanghai
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: int, clock: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A moment `day` days after the first Monday."""
    return at_local(WEEK + timedelta(days=day), time.fromisoformat(clock), zone)


FRIDAY, NOON, LAST = at(4, "17:00"), at(6, "12:00"), at(6, "18:00")


async def rows(world, card="log_reminder"):
    """What the outbox holds of a card: the moment that it was for, and what became of it."""
    found = await world.database.read(
        lambda tx: tx.all("SELECT unique_key, state, args FROM outbox WHERE card = :card ORDER BY id", card=card)
    )
    return [(row["unique_key"].split(":", 3)[-1], row["state"]) for row in found]


async def read_placement(world, placement_id):
    return await world.database.read(lambda tx: placements.by_id(tx, placement_id))


async def write(world, placement_id, week=WEEK, text="Measured blood pressure."):
    """Write the log of a week and leave it open."""

    async def work(tx):
        log = await logs.begin(tx, await placements.by_id(tx, placement_id), week, now=world.clock())
        await logs.write(tx, log, Section.DONE, text)
        return await logs.of_week(tx, placement_id, week)

    return await world.database.transaction(work)


async def hand_in(world, placement_id, week=WEEK):
    """Hand in the log of a week."""
    log = await write(world, placement_id, week)
    await world.database.transaction(lambda tx: logs.submit(tx, log, now=world.clock()))
    return log.id


async def decide(world, log_id, state="approved"):
    """Answer a log, as far as reminders see it."""
    await world.database.transaction(
        lambda tx: tx.run(
            "UPDATE logs SET state = :state, decided_at = :now WHERE id = :id",
            state=state,
            now=world.clock(),
            id=log_id,
        )
    )


async def said(phone):
    """The bot's messages since the first, which answered /help."""
    return [message["text"] for message in (await phone.from_bot())[1:]]
