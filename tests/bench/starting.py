"""From the start of the process to the first answer, and how much memory the running bot takes."""

from __future__ import annotations

import time
from statistics import median

from tests.bench.crowd import Manner
from tests.bench.filling import Contents
from tests.bench.hall import Hall
from tests.bench.log_week import LOAD, SCRIPT, writers
from tests.bench.stage import measure
from tests.bench.table import Row

LOOK_EVERY = 0.01  # seconds


def run(hall: Hall) -> list[Row]:
    """Measure on each database."""
    rows: list[Row] = []
    for kind in hall.kinds:
        url = hall.database(kind, Contents(students=hall.rounds * LOAD.people))
        taken = [_start(hall, url, number) for number in range(hall.rounds)]
        seconds, cpu, fresh, loaded = zip(*taken, strict=True)
        rows += [
            Row.of(f"start to first answer on {kind}", "s", seconds, cpu_us=median(cpu) * 1e6),
            Row.of(f"memory on {kind}: started", "MB", fresh),
            Row.of(f"memory on {kind}: after {LOAD.at_once} logs", "MB", loaded),
        ]
    return rows


def _start(hall: Hall, url: str, number: int) -> tuple[float, float, float, float]:
    fake, students = hall.fake, writers(number)
    fake.ask("begin", people=[students[0]], script=SCRIPT[:1], times=1, manner=Manner.ANSWERED)
    begun = time.monotonic()
    with hall.start(url) as bot:
        while fake.ask("status")["updates"] == 0:
            if bot.process.poll() is not None:
                raise RuntimeError(bot.said())
            time.sleep(LOOK_EVERY)
        seconds, cpu, fresh = time.monotonic() - begun, bot.cpu(), bot.megabytes()
        measure(fake, bot, students[1 : 1 + LOAD.at_once], SCRIPT)
        return seconds, cpu, fresh, bot.megabytes()
