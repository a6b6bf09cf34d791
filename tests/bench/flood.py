"""One person sends a hundred updates a second: how much longer do the others wait?"""

from __future__ import annotations

import time

from tests.bench.crowd import Manner
from tests.bench.filling import Contents, student_ids
from tests.bench.hall import Hall
from tests.bench.log_week import SCRIPT
from tests.bench.stage import Bot, Sample, measure
from tests.bench.table import Row, percentile

PER_SECOND = 100
OTHERS = 30  # in a round, twice: without a flood and with it
LEAD = 1.0  # seconds of flood before the others begin


def run(hall: Hall) -> list[Row]:
    """Measure on each database."""
    return [row for kind in hall.kinds for row in _on(hall, kind)]


def _on(hall: Hall, kind: str) -> list[Row]:
    url = hall.database(kind, Contents(students=1 + 2 * OTHERS * hall.rounds))
    calm: list[Sample] = []
    flooded: list[Sample] = []
    with hall.start(url) as bot:
        for number in range(hall.rounds):
            first = 1 + 2 * OTHERS * number
            calm.append(_write(hall, bot, first))
            hall.fake.ask("shout", person=student_ids(0, 1)[0], text="hello", per_second=PER_SECOND)
            time.sleep(LEAD)
            flooded.append(_write(hall, bot, first + OTHERS))
            hall.fake.ask("shout", person=0, text="", per_second=0)
    slower = [_median(late) / _median(usual) for usual, late in zip(calm, flooded, strict=True)]
    return [
        _row(f"flood on {kind}: the others without it", calm),
        _row(f"flood on {kind}: the others meanwhile", flooded),
        Row.of(f"flood on {kind}: how much slower", "×", slower),
    ]


def _write(hall: Hall, bot: Bot, first: int) -> Sample:
    return measure(hall.fake, bot, student_ids(first, first + OTHERS), SCRIPT, manner=Manner.ALONE)


def _median(sample: Sample) -> float:
    return percentile(sample.lone, 0.5)


def _row(name: str, samples: list[Sample]) -> Row:
    lone = [seconds * 1000 for sample in samples for seconds in sample.lone]
    medians = [_median(sample) * 1000 for sample in samples]
    return Row.of(name, "ms", medians, p50_ms=percentile(lone, 0.5), p99_ms=percentile(lone, 0.99))
