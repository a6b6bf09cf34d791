"""The tick of the schedule among a hundred thousand placements: nothing due, a few things, ten thousand reminders.

While it runs, somebody else in the same event loop notes how long they had to wait for their turn.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from time import perf_counter, process_time, thread_time
from zoneinfo import ZoneInfo

from bot.app import Program, keep_what_is_loaded, start
from bot.config import Settings
from bot.schedule import tick
from domain.weeks import at_local, monday_of
from storage.database import Transaction
from storage.placements import PLAN
from tests.bench.filling import FIRST_STUDENT, ZONE, Contents, settle
from tests.bench.hall import Hall
from tests.bench.rivals import TOKEN
from tests.bench.stage import OURS, THEIRS, pin
from tests.bench.table import Row

PLACEMENTS = 100_000
FEW, MANY = 10, 10_000
EMPTY_TICKS = 20  # in a round
LOOK_EVERY = 0.001  # seconds
FRIDAY = timedelta(days=4)
BEFORE, EARLY, USUAL, LATE = time(16, 15), time(16, 30), time(17), time(18, 30)  # 17:00 is the students' usual time


@dataclass(slots=True)
class Moved:
    """A clock that stands where it is put."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Taken:
    """How long a tick took, and the longest time for which it held everybody else up; seconds."""

    seconds: float
    cpu: float
    block: float
    block_cpu: float


def run(hall: Hall) -> list[Row]:
    """Measure on each database."""
    return [row for kind in hall.kinds for row in _on(hall, kind)]


def _on(hall: Hall, kind: str) -> list[Row]:
    url = hall.database(kind, Contents(students=PLACEMENTS))
    with _on_their_core():
        empty, few, many = asyncio.run(_rounds(hall, url))
    return [
        _row(f"tick on {kind}: nothing due", empty),
        _row(f"tick on {kind}: {FEW} due", few),
        _row(f"tick on {kind}: {MANY:,} due", many),
        Row.of(
            f"tick on {kind}: longest block of the loop, {MANY:,} due",
            "ms",
            [taken.block * 1000 for taken in many],
            cpu_us=max(taken.block_cpu for taken in many) * 1e6,
        ),
    ]


def _row(name: str, all_taken: list[Taken]) -> Row:
    cpu = sorted(taken.cpu for taken in all_taken)[len(all_taken) // 2]
    return Row.of(name, "ms", [taken.seconds * 1000 for taken in all_taken], cpu_us=cpu * 1e6)


@contextmanager
def _on_their_core() -> Iterator[None]:
    pin(os.getpid(), THEIRS)
    try:
        yield
    finally:
        pin(os.getpid(), OURS)


async def _rounds(hall: Hall, url: str) -> tuple[list[Taken], list[Taken], list[Taken]]:
    clock = Moved(datetime.now(UTC))
    settings = {"token": TOKEN, "api_url": hall.fake.url, "database_url": url, "files": hall.folder / "files"}
    program = await start(Settings.model_validate(settings), clock)
    keep_what_is_loaded()  # as a running bot does
    empty: list[Taken] = []
    few: list[Taken] = []
    many: list[Taken] = []
    try:
        for _ in range(hall.rounds):
            await program.house.database.transaction(_reset)
            await settle(program.house.database)
            for at, wanted, into, times in (
                (BEFORE, 0, empty, EMPTY_TICKS),
                (EARLY, FEW, few, 1),
                (USUAL, MANY, many, 1),
            ):
                clock.now = _friday(at)
                into += [await _tick(program, wanted) for _ in range(times)]
            hall.say(f"tick: {many[-1]}")
    finally:
        await program.close()
    return empty, few, many


def _friday(at: time) -> datetime:
    return at_local(monday_of(datetime.now(UTC).date()) + FRIDAY, at, ZoneInfo(ZONE))


async def _reset(tx: Transaction) -> None:
    """Let everybody be reminded next on Friday: few early, many at the usual time, the others late."""
    await tx.run("DELETE FROM outbox")
    await tx.run("DELETE FROM schedule")
    start = FIRST_STUDENT
    for first, after, at, own in (
        (start, start + FEW, EARLY, True),
        (start + FEW, start + FEW + MANY, USUAL, False),
        (start + FEW + MANY, start + PLACEMENTS, LATE, True),
    ):
        await tx.run(
            "UPDATE people SET reminder_time = :at WHERE telegram_id >= :first AND telegram_id < :after",
            at=at.isoformat("minutes") if own else None,
            first=first,
            after=after,
        )
        await tx.run(
            """INSERT INTO schedule (kind, subject, due_at) SELECT :kind, pl.id, :at
            FROM placements pl JOIN students s ON s.id = pl.student_id JOIN people p ON p.id = s.person_id
            WHERE p.telegram_id >= :first AND p.telegram_id < :after""",
            kind=PLAN,
            at=_friday(at),
            first=first,
            after=after,
        )


async def _tick(program: Program, wanted: int) -> Taken:
    before = await _letters(program)
    taken = await _watched(lambda: tick(program.house))
    written = await _letters(program) - before
    if written != wanted:
        raise RuntimeError(f"a tick wrote {written} reminders instead of {wanted}")
    return taken


async def _letters(program: Program) -> int:
    row = await program.house.database.read(lambda tx: tx.one("SELECT count(*) AS n FROM outbox"))
    return int(row["n"]) if row else 0


async def _watched(work: Callable[[], Awaitable[object]]) -> Taken:
    longest = [0.0, 0.0]

    async def watch() -> None:
        while True:
            wall, cpu = perf_counter(), thread_time()
            await asyncio.sleep(LOOK_EVERY)
            longest[0] = max(longest[0], perf_counter() - wall - LOOK_EVERY)
            longest[1] = max(longest[1], thread_time() - cpu)

    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(watch())
        await asyncio.sleep(0)
        cpu, begun = process_time(), perf_counter()
        await work()
        seconds, cpu = perf_counter() - begun, process_time() - cpu
        watching.cancel()
    return Taken(seconds, cpu, *longest)
