"""Logs that students have handed in, made through the storage as their form does it."""

from __future__ import annotations

from datetime import date

from domain.logs import Section
from storage import logs, outbox, placements

WROTE = "Measured six patients' blood pressure, three of them on my own."


async def hand_in(
    world, student, done: str = WROTE, *, week: date | None = None, push: bool = True, **more: str
) -> int:
    """Hand in the log of the placement's first week, or of another, and return its id."""

    async def work(tx):
        placement = (await placements.of_person(tx, student.id))[0]
        monday = week or (placement.starts_on)
        log = await logs.begin(tx, placement, monday, now=world.clock())
        for section, text in {"done": done, **more}.items():
            await logs.write(tx, log, Section(section), text)
        log = await logs.for_student(tx, log.id, student.id)
        number = await logs.submit(tx, log, now=world.clock())
        for reviewer in await placements.reviewers(tx, log.placement) if push else ():
            key = f"review:{log.id}:{number}:{reviewer}"
            await outbox.add(tx, reviewer, "review", log.id, now=world.clock(), unique_key=key)
        return log.id

    log_id = await world.database.transaction(work)
    await settle(world)
    return log_id


async def answer(world, student, log_id: int, text: str) -> None:
    """Answer the mentor's question and hand in again."""

    async def work(tx):
        log = await logs.for_student(tx, log_id, student.id)
        await logs.write(tx, log, Section.ANSWER, text)
        log = await logs.for_student(tx, log_id, student.id)
        number = await logs.submit(tx, log, now=world.clock())
        for reviewer in await placements.reviewers(tx, log.placement):
            key = f"review:{log.id}:{number}:{reviewer}"
            await outbox.add(tx, reviewer, "review", log.id, now=world.clock(), unique_key=key)

    await world.database.transaction(work)
    await settle(world)


async def take_back(world, student, log_id: int, *, tell: bool = True) -> None:
    """Take a log back; `tell` as the student's form tells the reviewers."""

    async def work(tx):
        log = await logs.for_student(tx, log_id, student.id)
        await logs.withdraw(tx, log, now=world.clock())
        for reviewer in await placements.reviewers(tx, log.placement) if tell else ():
            await outbox.add(tx, reviewer, "review", log_id, now=world.clock(), manner=outbox.Manner.REFRESH)

    await world.database.transaction(work)
    await settle(world)


async def settle(world) -> None:
    world.program.outbox.wake()
    await world.settle()


async def state_of(world, log_id: int) -> tuple[str, int]:
    """The log's state and the number of decisions on it."""

    async def work(tx):
        row = await tx.one("SELECT state FROM logs WHERE id = :id", id=log_id)
        reviews = await tx.one("SELECT count(*) AS n FROM reviews WHERE log_id = :id", id=log_id)
        return row["state"], reviews["n"]

    return await world.database.read(work)
